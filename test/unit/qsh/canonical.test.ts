import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalParts, canonicalRequest, writeJoined } from "../../../src/qsh/canonical.ts";
import type { QshOptions } from "../../../src/qsh/request.ts";
import { badValue, failure } from "../../support/failure.ts";

const get = (url: string, options?: QshOptions) => canonicalRequest({ method: "GET", url }, options);

describe("the method", () => {
  it("is upper-cased, in ASCII alone", () => {
    expect(canonicalRequest({ method: "options", url: "/" })).toBe("OPTIONS&/&");
    expect(canonicalRequest({ method: "Patch", url: "/" })).toBe("PATCH&/&");
    expect(canonicalRequest({ method: "m-\u00e9\u0131\u00df", url: "/" })).toBe("M-\u00e9\u0131\u00df&/&");
  });

  it("is never empty", () => {
    expect(failure(() => canonicalRequest({ method: "", url: "/" }))).toEqual(badValue('"request.method" must not be empty'));
  });
});

describe("the path", () => {
  it.each([
    ["", "/"],
    ["/", "/"],
    ["//", "/"],
    ["/a/", "/a"],
    ["/a//", "/a/"],
    ["a", "/a"],
    ["https://x.example", "/"],
    ["/a&b&", "/a%26b%26"],
    ["/a%26b", "/a%26b"],
    ["/%e5%AE%ae/%2F", "/%e5%AE%ae/%2F"],
    ["/a/../b/.", "/a/../b/."],
    ["/a;b=c/", "/a;b=c"],
    ["/a+b", "/a+b"],
  ])("%j is %j", (url, path) => {
    expect(get(url)).toBe(`GET&${path}&`);
  });

  it.each([
    ["/jira", "/jira", "/"],
    ["/jira/", "/jira", "/"],
    ["/jira/a", "/jira", "/a"],
    ["/jira/a", "/jira/", "/a"],
    ["/jira/jira/a", "/jira", "/jira/a"],
    ["/jirafoo/a", "/jira", "/jirafoo/a"],
    ["/jira%2Fa", "/jira", "/jira%2Fa"],
    ["/JIRA/a", "/jira", "/JIRA/a"],
    ["/a/jira", "/jira", "/a/jira"],
    ["/jira?a=b", "/jira", "/&a=b"],
    ["/a.b/c", "/a+b", "/a.b/c"],
  ])("%j under the base %j is %j", (url, baseUrl, rest) => {
    expect(get(url, { baseUrl })).toBe(rest.includes("=") ? `GET&${rest}` : `GET&${rest}&`);
  });

  it.each([
    ["/a%20b", "/a b"],
    ["/a%2Fb", "/a/b"],
    ["/a%26b&c", "/a%26b%26c"],
    ["/a%252Fb", "/a%2Fb"],
    ["/a+b", "/a+b"],
    ["/a/", "/a"],
    ["/a//", "/a"],
    ["/a///", "/a/"],
    ["/a%2F/", "/a"],
    ["/", "/"],
    ["/%zz", "/%zz"],
    ["/%FF", "/\ufffd"],
    ["/jira/%6A", "/j", "/jira"],
    ["/%6Aira/a", "/jira/a", "/jira"],
  ])("%j decoded is %j", (url, path, baseUrl?: string) => {
    expect(get(url, { path: "decoded", ...(baseUrl === undefined ? {} : { baseUrl }) })).toBe(`GET&${path}&`);
  });
});

describe("the query", () => {
  it.each([
    ["b=2&a=1", "a=1&b=2"],
    ["a=2&a=1&a=10", "a=1,10,2"],
    ["a&a=", "a=,"],
    ["a=1&a=1", "a=1,1"],
    ["a=x,y&a=b", "a=b,x%2Cy"],
    ["jwt=a.b.c&a=1&jwt=d", "a=1"],
    ["%6Awt=x&j%77t", ""],
    ["JWT=x&jwt2=y&=jwt", "=jwt&JWT=x&jwt2=y"],
    ["a+b=c+d", "a%20b=c%20d"],
    ["a=*!'()~-._", "a=%2A%21%27%28%29~-._"],
    ["a=%7e%2d%41", "a=~-A"],
    ["a[]=2&a[]=1", "a%5B%5D=1,2"],
    ["__proto__=1&constructor=2", "__proto__=1&constructor=2"],
    ["a%00=%0A", "a%00=%0A"],
  ])("%j is %j", (query, canonical) => {
    expect(get(`/a?${query}`)).toBe(`GET&/a&${canonical}`);
  });

  it("sorts names by their encoded form", () => {
    // "[" is after "B" decoded, and before it as %5B.
    expect(get("/a?aB=1&a%5B=2")).toBe("GET&/a&a%5B=2&aB=1");
    expect(get("/a?a-=1&a%20=2&a=3&a~=4")).toBe("GET&/a&a=3&a%20=2&a-=1&a~=4");
  });

  it("sorts values by their decoded form, in UTF-16 code units", () => {
    // ":" is after "9" decoded, and before it as %3A.
    expect(get("/a?a=%3A1&a=.1&a=9")).toBe("GET&/a&a=.1,9,%3A1");
    // U+1F600 is D83D DE00, before U+FFFD.
    expect(get("/a?a=%EF%BF%BD&a=%F0%9F%98%80")).toBe("GET&/a&a=%F0%9F%98%80,%EF%BF%BD");
  });

  it("merges the pairs of a form, and drops its jwt too", () => {
    const request = { method: "POST", url: "/a?b=2&c=1", form: "b=1&jwt=x&d=4" };
    expect(canonicalRequest(request)).toBe("POST&/a&b=1,2&c=1&d=4");
    expect(canonicalRequest({ ...request, form: new URLSearchParams("b=1&d=4") })).toBe("POST&/a&b=1,2&c=1&d=4");
  });

  it("takes a lone surrogate for what the wire carries", () => {
    expect(get("/a?\ud800=2&%EF%BF%BD=1")).toBe("GET&/a&%EF%BF%BD=1,2");
    expect(get("/a?a=\ud800&a=\ue000")).toBe("GET&/a&a=%EE%80%80,%EF%BF%BD");
  });

  it("takes more pairs than any framework would", () => {
    const query = Array.from({ length: 5000 }, (_, i) => `p=${i}`).join("&");
    const values = Array.from({ length: 5000 }, (_, i) => String(i)).sort().join(",");
    expect(get(`/a?${query}`)).toBe(`GET&/a&p=${values}`);
  });
});

describe("canonicalParts", () => {
  it("is what canonicalRequest joins", () => {
    const request = { method: "POST", url: "/a?b=2&a=1", form: `c=${"\u{1f600}".repeat(50_000)}` };
    expect([...canonicalParts(request)].join("")).toBe(canonicalRequest(request));
    expect(canonicalParts({ method: "GET", url: "/a?b=c" }).next().value).toBe("GET&/a&");
  });

  it("puts nothing between the parts of one value", () => {
    const long = "x".repeat(150_000);
    const request = { method: "POST", url: "/a?b=1", form: `a=${long}&c=${long}` };
    expect(canonicalRequest(request) === `POST&/a&a=${long}&b=1&c=${long}`).toBe(true);
  });

  it("never ends a part within a surrogate pair, nor makes a huge one", () => {
    fc.assert(
      fc.property(fc.constantFrom("", "x", "xy"), fc.integer({ min: 1, max: 70_000 }), (head, count) => {
        const parts = [...writeJoined("a", [head + "\u{1f600}".repeat(count), "b"], (text) => text)];
        expect(parts.join("")).toBe(`a=${head}${"\u{1f600}".repeat(count)},b`);
        for (const part of parts) {
          expect(/\p{Surrogate}/u.test(part)).toBe(false);
          expect(part.length).toBeLessThan(200_000);
        }
      }),
      { numRuns: 30, seed: 21 },
    );
    // The one pair of the text, at each place around the end of the first part.
    for (let before = 65_533; before <= 65_537; before++) {
      const value = `${"x".repeat(before)}\u{1f600}${"y".repeat(9)}`;
      const parts = [...writeJoined("a", [value], (text) => text)];
      expect(parts.join("")).toBe(`a=${value}`);
      for (const part of parts) expect(/\p{Surrogate}/u.test(part), String(before)).toBe(false);
    }
  });

  it("makes parts of a bounded length, and few of them, of one huge value and of many small ones", () => {
    for (const values of [["x".repeat(500_000)], Array.from({ length: 250_000 }, () => "x")]) {
      const lengths = [...writeJoined("a", values, (text) => text)].map((part) => part.length);
      expect(Math.max(...lengths)).toBeLessThan(140_000);
      expect(lengths.length).toBeLessThan(20);
    }
  });
});

describe("properties", () => {
  const pair = fc.tuple(fc.string({ maxLength: 5 }), fc.string({ unit: "binary-ascii", maxLength: 5 }));
  const encode = ([name, value]: [string, string]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;

  it("the order of different parameters does not matter, nor that of values", () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 12 }), fc.nat(), (pairs, by) => {
        const turned = [...pairs.slice(by % (pairs.length + 1)), ...pairs.slice(0, by % (pairs.length + 1))];
        expect(get(`/a?${turned.map(encode).join("&")}`)).toBe(get(`/a?${pairs.map(encode).join("&")}`));
      }),
      { numRuns: 500, seed: 22 },
    );
  });

  it("the canonical form of a canonical query is itself, where no name stands twice", () => {
    const unique = fc.uniqueArray(pair, { selector: ([name]) => name, maxLength: 12 });
    fc.assert(
      fc.property(unique, (pairs) => {
        const canonical = get(`/a?${pairs.map(encode).join("&")}`);
        expect(get(`/a?${canonical.slice("GET&/a&".length)}`)).toBe(canonical);
      }),
      { numRuns: 500, seed: 23 },
    );
  });

  it("query and form are one", () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 8 }), fc.array(pair, { maxLength: 8 }), (query, form) => {
        const url = `/a?${query.map(encode).join("&")}`;
        const body = form.map(encode).join("&");
        expect(canonicalRequest({ method: "POST", url, form: body })).toBe(
          canonicalRequest({ method: "POST", url: `${url}&${body}` }),
        );
      }),
      { numRuns: 300, seed: 24 },
    );
  });
});
