import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalBytes } from "../../../src/qsh/bytes.ts";
import { standardRules, walk } from "../../../src/qsh/canonical.ts";
import { readTarget } from "../../../src/qsh/request.ts";
import type { QshOptions, QshRequest } from "../../../src/qsh/request.ts";
import vectors from "../../vectors/data/qsh.json" with { type: "json" };

/** The one definition, to which the fast way is held. */
function canonical(request: QshRequest, options?: QshOptions): string {
  return [...walk(readTarget(request, options), standardRules)].join("");
}

function fast(request: QshRequest, options?: QshOptions): string | undefined {
  const bytes = canonicalBytes(readTarget(request, options));
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

test("makes what the generator makes of every vector that is ASCII", () => {
  let made = 0;
  for (const { method, url, baseUrl } of vectors.vectors) {
    const options = baseUrl === undefined ? {} : { baseUrl };
    const bytes = fast({ method, url }, options);
    if (bytes === undefined) continue;
    made++;
    expect(bytes, url).toBe(canonical({ method, url }, options));
  }
  expect(made).toBeGreaterThan(170);
});

/** Pieces of queries that are close to each other: prefixes, doubles, escapes of every kind, whole and broken. */
const pieces = [
  ..."abjwtz019-._~!'()*,;:@/?[]{}|^\\\" <>#$`+%&=",
  "&&", "==", "jwt", "jwt=", "&jwt=x&", "%6Awt", "JWT", "aaaa", "aaaab", "a[b]", "a[]", "__proto__", "constructor",
  "%41", "%2B", "%26", "%3D", "%25", "%7e", "%7E", "%00", "%0a", "%C3%A9", "%e2%82%ac", "%F0%9F%98%80", "%EF%BF%BD", "%EE%80%80",
  "%C3", "%80", "%FF", "%C0%80", "%ED%A0%80", "%F5%80%80%80", "%E0%80%80", "%", "%4", "%zz", "%\u0130\u0131", "%4\u0131", "é", "\ud800", "😀",
];
const query = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(""));

describe("agrees with the generator, or leaves it the work", () => {
  const property = (text: fc.Arbitrary<string>, runs: number) =>
    fc.assert(
      fc.property(text, text, fc.boolean(), (search, form, withForm) => {
        const request = withForm ? { method: "POST", url: `/a?${search.replaceAll("#", "")}`, form } : { method: "get", url: `/a?${search}` };
        const bytes = fast(request);
        if (bytes !== undefined) expect(bytes).toBe(canonical(request));
      }),
      { numRuns: runs, seed: 20261121 },
    );

  test("for queries of awkward pieces", () => {
    property(query, 20_000);
  });
  test("for arbitrary text", () => {
    property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.webQueryParameters()), 5_000);
  });
  test("for the values of one name", () => {
    const values = fc.array(fc.array(fc.constantFrom(...pieces.filter((piece) => !piece.includes("&"))), { maxLength: 3 }), { maxLength: 8 });
    property(values.map((list) => list.map((value) => `a=${value.join("")}`).join("&")), 10_000);
  });
  test("for many parameters with names that are alike", () => {
    const name = fc.tuple(fc.constantFrom("", "a", "aaaa", "aaaaaaaa", "fields"), fc.constantFrom(...pieces), fc.nat(30)).map((parts) => parts.join(""));
    const pair = fc.tuple(name, fc.constantFrom(...pieces)).map((parts) => parts.join("="));
    property(fc.array(pair, { minLength: 20, maxLength: 400 }).map((pairs) => pairs.join("&")), 500);
  });
});

test("takes the queries of every day, and does not pass them all on", () => {
  for (const url of ["/a?b=c", "/a?c=1&b=2&b=1&jwt=x", "/a", "/a?jwt=x", "/a?q=%C3%A9+x"]) expect(fast({ method: "GET", url })).toBe(canonical({ method: "GET", url }));
});

test.each([
  ["a path that is not ASCII", "/é?a=b"],
  ["a query that is not ASCII", "/a?é=b"],
  ["an escape that is not UTF-8", "/a?b=%FF"],
  ["an escape that is cut short", "/a?b=%C3"],
])("leaves %s to the generator", (_, url) => {
  expect(fast({ method: "GET", url })).toBeUndefined();
});

test("sorts a hundred thousand parameters as the generator does, in every order they come in", () => {
  const pairs = Array.from({ length: 100_000 }, (_, i) => `p${(i * 7919) % 100_003}=${i % 13}`);
  for (const text of [pairs.join("&"), [...pairs].sort().join("&"), [...pairs, ...pairs.slice(0, 500)].join("&")]) {
    expect(fast({ method: "GET", url: `/a?${text}` })).toBe(canonical({ method: "GET", url: `/a?${text}` }));
  }
});
