import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { explainQsh } from "../../../src/qsh/explain.ts";
import type { QshExplanation } from "../../../src/qsh/explain.ts";
import { causeTexts } from "../../../src/qsh/explain-causes.ts";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
const hash = (text: string): string => digest(text).toString("hex");
const codes = ({ causes }: QshExplanation): string[] => causes.map(({ code }) => code);

const request = { method: "GET", url: "/wiki/rest/api/content?title=A+B&expand=b&expand=a" };
const options = { baseUrl: "https://example.atlassian.net/wiki" };
const canonical = "GET&/rest/api/content&expand=a,b&title=A%20B";

describe("explainQsh", () => {
  test("says exact, and nothing else, for the hash of the request", () => {
    expect(explainQsh(hash(canonical), request, options)).toEqual({ match: "exact", causes: [], alternatives: [], canonical });
  });

  test("names one mistake and points at the first difference", () => {
    const variant = "GET&/wiki/rest/api/content&expand=a,b&title=A%20B";
    expect(explainQsh(hash(variant), request, options)).toEqual({
      match: "variant",
      causes: [
        {
          code: "base-path-kept",
          message: "the path of the base URL is still in the hashed path",
          fix: "take the path of the base URL (the context path) off the front of the path",
        },
      ],
      alternatives: [],
      canonical,
      variant,
      diff: { index: 5, byte: 5 },
    });
  });

  test("names two mistakes made together", () => {
    const variant = "GET&/wiki/rest/api/content&expand=a,b&title=A+B";
    const explanation = explainQsh(hash(variant), request, options);
    expect(codes(explanation)).toEqual(["base-path-kept", "space-as-plus"]);
    expect(explanation.variant).toBe(variant);
  });

  test("lists other mistakes that cannot be told from the first", () => {
    const { causes, alternatives } = explainQsh(hash("GET&/x&a=2"), { method: "GET", url: "/x?a=2&a=1" });
    expect(causes.map(({ code }) => code)).toEqual(["values-first-only"]);
    expect(alternatives).toEqual([]);
    const unsorted = explainQsh(hash("GET&/x&B=1&a=2"), { method: "GET", url: "/x?B=1&a=2" });
    expect(unsorted.match).toBe("exact");
    const sorted = explainQsh(hash("GET&/x&a=2&B=1"), { method: "GET", url: "/x?a=2&B=1" });
    expect(codes(sorted)).toEqual(["names-not-sorted"]);
    expect(sorted.alternatives.map(({ code }) => code)).toEqual(["names-sorted-by-locale", "query-verbatim"]);
  });

  test("says none where nothing known makes the hash", () => {
    expect(explainQsh(hash("something else"), request, options)).toEqual({ match: "none", causes: [], alternatives: [], canonical });
  });

  test("knows a context token, whose claim is no hash", () => {
    const explanation = explainQsh("context-qsh", request, options);
    expect(explanation.match).toBe("variant");
    expect(codes(explanation)).toEqual(["context-qsh"]);
    expect(explanation.variant).toBeUndefined();
  });

  test.each([
    ["upper case", hash(canonical).toUpperCase(), ["hash-upper-case"]],
    ["base64", digest(canonical).toString("base64"), ["hash-base64"]],
    ["base64url", digest(canonical).toString("base64url"), ["hash-base64"]],
    ["base64 of the hex", Buffer.from(hash(canonical)).toString("base64"), ["hash-base64"]],
    ["upper case, and another mistake", hash("GET&/rest/api/content&").toUpperCase(), ["query-dropped", "hash-upper-case"]],
  ])("reads a hash written in %s", (_, claimed, expected) => {
    const explanation = explainQsh(claimed, request, options);
    expect(explanation.match).toBe("variant");
    expect(codes(explanation)).toEqual(expected);
  });

  test.each(["", "abc", "x".repeat(64), createHash("sha1").update(canonical).digest("hex"), "0".repeat(100_000)])(
    "says that a claim is no hash at all (%#)",
    (claimed) => {
      const explanation = explainQsh(claimed, request, options);
      expect(explanation.match).toBe("none");
      expect(codes(explanation)).toEqual(["hash-malformed"]);
    },
  );

  test("finds the decoded path that products sign, and the raw one where the decoded was expected", () => {
    const encoded = { method: "GET", url: "/a%20b" };
    expect(codes(explainQsh(hash("GET&/a b&"), encoded))).toEqual(["path-decoded"]);
    expect(codes(explainQsh(hash("GET&/a%20b&"), encoded, { path: "decoded" }))).toEqual(["path-not-decoded"]);
  });

  test("finds a body that was hashed though it does not count, and one that was left out though it does", () => {
    const put = { method: "PUT", url: "/x?a=1" };
    expect(codes(explainQsh(hash("PUT&/x&a=1&b=2"), put, { body: "b=2" }))).toEqual(["body-merged"]);
    expect(explainQsh(hash("PUT&/x&a=1&b=2"), put).match).toBe("none");
    expect(codes(explainQsh(hash("POST&/x&a=1"), { method: "POST", url: "/x?a=1", form: new URLSearchParams({ b: "2" }) }))).toEqual([
      "form-not-merged",
    ]);
  });

  test("reads a fetch Request and a base as a URL", () => {
    const explanation = explainQsh(
      hash("GET&https://example.atlassian.net/wiki/x&"),
      new Request("https://example.atlassian.net/wiki/x"),
      { baseUrl: new URL("https://example.atlassian.net/wiki") },
    );
    expect(codes(explanation)).toEqual(["origin-included"]);
  });

  test("takes the origin for a raw target from the base URL", () => {
    const explanation = explainQsh(hash("GET&example.atlassian.net/wiki/rest&"), { method: "GET", url: "/wiki/rest" }, options);
    expect(codes(explanation)).toEqual(["origin-included"]);
  });

  test("counts the bytes before the difference, not within a character", () => {
    const { diff } = explainQsh(hash("GET&/é/😀&b=1&a=1"), { method: "GET", url: "/é/😀?b=1&a=1" });
    expect(diff).toEqual({ index: 10, byte: Buffer.byteLength("GET&/é/😀&") });
  });

  test("points behind values, also in a query that was taken as one piece", () => {
    const { causes, diff } = explainQsh(hash("GET&/x&a=1&b=*&b=3"), { method: "GET", url: "/x?a=1&b=*&b=3" });
    expect(causes.map(({ code }) => code)).toEqual(["query-verbatim"]);
    expect(diff).toEqual({ index: 13, byte: 13 });
  });

  test("hides values, keeps separators and length, and points at the same place", () => {
    const claimed = hash("GET&/rest/api/content&expand=a,b&title=A+B");
    const plain = explainQsh(claimed, request, options);
    const redacted = explainQsh(claimed, request, { ...options, redact: true });
    expect(redacted.canonical).toBe("GET&/rest/api/content&expand=•,•&title=•%20•");
    expect(redacted.variant).toBe("GET&/rest/api/content&expand=•,•&title=•+•");
    expect(redacted.diff).toEqual(plain.diff);
    expect(codes(redacted)).toEqual(["space-as-plus"]);
  });

  test("hides letters of other alphabets too, which their escapes would show", () => {
    const { canonical: shown } = explainQsh(hash("x"), { method: "GET", url: "/?q=%E5%AE%AEx%20" }, { redact: true });
    expect(shown).toBe(`GET&/&q=${"•".repeat(10)}%20`);
  });

  test.each([
    ["kept", "GET&/x&a=1&jwt=aaa.bbb.ccc", "GET&/x&a=1&jwt=•••••••••••"],
    ["kept in a query that was hashed as it is", "GET&/x&jwt=aaa.bbb.ccc&a=1", "GET&/x&jwt=•••••••••••&a=1"],
    ["kept in a path with its query", "GET&/x?jwt=aaa.bbb.ccc&a=1&a=1", "GET&/x?jwt=•••••••••••&a=1&a=1"],
  ])("never shows the token: %s", (_, variant, shown) => {
    const explanation = explainQsh(hash(variant), { method: "GET", url: "/x?jwt=aaa.bbb.ccc&a=1" });
    expect(explanation.variant).toBe(shown);
    expect(JSON.stringify(explanation)).not.toContain("bbb");
  });

  test("never shows a token whose name is escaped", () => {
    const explanation = explainQsh(hash("GET&/x&%6Awt=aaa.bbb.ccc"), { method: "GET", url: "/x?%6Awt=aaa.bbb.ccc" });
    expect(codes(explanation)).toEqual(["escapes-as-sent"]);
    expect(JSON.stringify(explanation)).not.toContain("bbb");
  });

  test("hides the values of a query that was taken for something else", () => {
    const inPath = explainQsh(hash("GET&/x?secret=5&secret=5"), { method: "GET", url: "/x?secret=5" }, { redact: true });
    expect(inPath.variant).toBe("GET&/x?secret=•&secret=•");
    const verbatim = explainQsh(hash("GET&/x&b=7&a=5"), { method: "GET", url: "/x?b=7&a=5" }, { redact: true });
    expect(verbatim.variant).toBe("GET&/x&b=•&a=•");
  });

  test("tells who is known for a mistake, where the caller says so", () => {
    const peers = { "base-path-kept": ["some-client"] };
    const { causes } = explainQsh(hash("GET&/wiki/rest/api/content&expand=a,b&title=A%20B"), request, { ...options, peers });
    expect(causes[0]?.peers).toEqual(["some-client"]);
  });

  test("tries pairs up to 50 parameters, singles beyond", () => {
    const query = (count: number): string => Array.from({ length: count }, (_, i) => `p${i + 10}=1`).join("&");
    for (const [count, match] of [
      [50, "variant"],
      [51, "none"],
    ] as const) {
      const twice = hash(`GET&/wiki/x/&${query(count)}`);
      expect(explainQsh(twice, { method: "GET", url: `/wiki/x/?${query(count)}` }, options).match).toBe(match);
      const once = hash(`GET&/wiki/x&${query(count)}`);
      expect(explainQsh(once, { method: "GET", url: `/wiki/x/?${query(count)}` }, options).match).toBe("variant");
    }
  });

  test.each([
    ["separator-dropped", "/a", "GET&/a"],
    ["newline-appended", "/a?b=c", "GET&/a&b=c\n"],
    ["newline-appended", "/a", "GET&/a&\n"],
  ])("shows the whole text of %s: %s", (code, url, variant) => {
    const explanation = explainQsh(hash(variant), { method: "GET", url });
    expect(codes(explanation)).toEqual([code]);
    expect(explanation).toMatchObject({ match: "variant", variant });
  });

  test("takes no origin out of a value", () => {
    const url = "/a?to=https://y.example/b";
    const claimed = hash("GET&https://y.example/a&to=https%3A%2F%2Fy.example%2Fb");
    expect(explainQsh(claimed, { method: "GET", url }).match).toBe("none");
  });

  test("padding within base64 is no base64", () => {
    const claimed = digest(canonical).toString("base64url");
    expect(codes(explainQsh(`${claimed}=`, request, options))).toEqual(["hash-base64"]);
    expect(codes(explainQsh(`${claimed.slice(0, 20)}=${claimed.slice(20)}`, request, options))).toEqual(["hash-malformed"]);
  });

  test("refuses what is no claim and no request", () => {
    expect(() => explainQsh(undefined as unknown as string, request)).toThrow(
      expect.objectContaining({ name: "TypeError", code: "ERR_INVALID_ARG_TYPE", message: '"claimed" must be a string' }),
    );
    expect(() => explainQsh("x", { method: "", url: "/" })).toThrow(expect.objectContaining({ message: '"request.method" must not be empty' }));
  });

  test("has words for every cause: lower case, no period", () => {
    for (const { message, fix } of Object.values(causeTexts)) {
      expect(message).toMatch(/^[a-z].*[^.]$/);
      expect(fix).toMatch(/^[a-z].*[^.]$/);
    }
  });
});
