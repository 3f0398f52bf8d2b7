import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, it, vi } from "vitest";
import { canonicalRequest } from "../../../src/qsh/canonical.ts";
import { qsh } from "../../../src/qsh/hash.ts";
import type { QshOptions, QshRequest } from "../../../src/qsh/request.ts";
import { badType, failure } from "../../support/failure.ts";

const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

it("is the hash that Atlassian's documentation gives for its example", () => {
  // GET&/&: the example of the Java library's own documentation.
  expect(qsh({ method: "GET", url: "http://server:80" })).toBe(
    "c88caad15a1c1a900b8ac08aa9686f4e8184539bea1deda36e2f649430df3239",
  );
});

it("is so where the runtime has no hash of its own", async () => {
  vi.resetModules();
  vi.stubGlobal("process", {});
  try {
    const { qsh: portable } = await import("../../../src/qsh/hash.ts");
    expect(portable({ method: "GET", url: "http://server:80" })).toBe(sha256("GET&/&"));
    expect(portable({ method: "GET", url: "/\u00e9?a=\u20ac" })).toBe(sha256("GET&/\u00e9&a=%E2%82%AC"));
  } finally {
    vi.unstubAllGlobals();
  }
});

it("takes a fetch Request", () => {
  const request = new Request("https://x.example/wiki/rest/api/content?start=0&expand=b&expand=a");
  expect(qsh(request, { baseUrl: "https://x.example/wiki" })).toBe(sha256("GET&/rest/api/content&expand=a,b&start=0"));
});

it("is the SHA-256 of the canonical request, of any request", () => {
  const piece = fc.constantFrom("a", "B", "=", "&", "+", "%", "%41", "%C3%A9", "%C3", "%zz", "[", ",", "~", "*", "\u00e9", "\u{1f600}", "\ud800", "jwt", "?", "#", "/");
  const text = fc.string({ unit: piece, maxLength: 30 });
  const options: fc.Arbitrary<QshOptions> = fc.constantFrom({}, { baseUrl: "/a" }, { path: "decoded" }, { baseUrl: "/a", path: "decoded" });
  fc.assert(
    fc.property(text, text, text, options, (path, query, form, how) => {
      const requests: QshRequest[] = [
        { method: "get", url: `/${path}?${query}` },
        { method: "POST", url: `https://x.example/a/${path}?${query}`, form },
        { method: "PUT", url: path },
      ];
      for (const request of requests) expect(qsh(request, how)).toBe(sha256(canonicalRequest(request, how)));
    }),
    { numRuns: 2000, seed: 26 },
  );
});

it("is so for the values of one name, which sort as UTF-16 does", () => {
  const value = fc.array(fc.constantFrom("a", "~", "%7F", "%C3%A9", "%ED%9F%BF", "%EE%80%80", "%EF%BF%BD", "%F0%90%80%80", "%F4%8F%BF%BF", "%FF"), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 40 }), (values) => {
      const request = { method: "GET", url: `/a?${values.map((parts) => `v=${parts.join("")}`).join("&")}` };
      const decoded = values.map((parts) => new URLSearchParams(`v=${parts.join("")}`).get("v") as string).sort();
      const query = decoded.length === 0 ? "" : `v=${decoded.map(encodeURIComponent).join(",")}`;
      expect(canonicalRequest(request)).toBe(`GET&/a&${query}`);
      expect(qsh(request)).toBe(sha256(`GET&/a&${query}`));
    }),
    { numRuns: 500, seed: 27 },
  );
});

it("is so for queries of any length, beyond every buffer", () => {
  for (const count of [0, 1, 2, 23, 24, 25, 26, 100, 1000, 5000, 60_000]) {
    const query = Array.from({ length: count }, (_, i) => `name${(i * 7919) % 1000}=%2${i % 10}value${i}`).join("&");
    const request = { method: "GET", url: `/a?${query}` };
    expect(qsh(request)).toBe(sha256(canonicalRequest(request)));
  }
});

it("tells the caller's mistakes", () => {
  expect(failure(() => qsh(undefined as unknown as QshRequest))).toEqual(badType('"request" must be an object'));
  expect(failure(() => qsh({ method: "GET" } as QshRequest))).toEqual(badType('"request.url" must be a string or a URL'));
});
