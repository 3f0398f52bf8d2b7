import { describe, expect, test } from "vitest";
import type { QshCauseCode } from "../../../src/qsh/explain.ts";
import type { QshOptions } from "../../../src/qsh/request.ts";
import { named } from "./named-mistakes.ts";

type Row = [mistake: string, code: QshCauseCode, method: string, url: string, hashed: string, options?: QshOptions];

const wiki: QshOptions = { baseUrl: "/wiki" };
const jira: QshOptions = { baseUrl: "/jira" };
const decoded: QshOptions = { path: "decoded" };

const methodRows: Row[] = [
  ["GET for POST", "method-wrong", "POST", "/x?a=1", "GET&/x&a=1"],
  ["POST for GET", "method-wrong", "GET", "/x?a=1", "POST&/x&a=1"],
  ["PUT for POST", "method-wrong", "POST", "/x?a=1", "PUT&/x&a=1"],
  ["DELETE for POST", "method-wrong", "POST", "/x?a=1", "DELETE&/x&a=1"],
  ["PATCH for PUT", "method-wrong", "PUT", "/x?a=1", "PATCH&/x&a=1"],
  ["HEAD for GET", "method-wrong", "GET", "/x?a=1", "HEAD&/x&a=1"],
  ["OPTIONS for GET", "method-wrong", "GET", "/x?a=1", "OPTIONS&/x&a=1"],
  ["the method as it is written", "method-not-upper-case", "pOsT", "/x?a=1", "pOsT&/x&a=1"],
  ["the method in lower case", "method-not-upper-case", "Post", "/x?a=1", "post&/x&a=1"],
];

const baseRows: Row[] = [
  ["the base left on", "base-path-kept", "GET", "/wiki/rest?a=1", "GET&/wiki/rest&a=1", wiki],
  ["the base taken off the front twice", "base-path-stripped-twice", "GET", "/wiki/wiki/a/wiki/b", "GET&/a/wiki/b&", wiki],
  ["the base taken off everywhere", "base-path-stripped-twice", "GET", "/wiki/a/wiki/b/wikis", "GET&/a/bs&", wiki],
  ["the base taken off everywhere, once in front", "base-path-stripped-twice", "GET", "/wiki/wi/wikiki/a", "GET&/wiki/a&", wiki],
  ["the base taken off half a segment", "base-path-stripped-within-segment", "GET", "/jirafoo/jira/x", "GET&/foo/jira/x&", jira],
];

const slashRows: Row[] = [
  ["the trailing slash left on", "trailing-slash-kept", "GET", "/a/", "GET&/a/&"],
  ["one of two slashes too many left on", "trailing-slash-kept", "GET", "/a//", "GET&/a//&"],
  ["the trailing slash of a decoded path left on", "trailing-slash-kept", "GET", "/a%20b/", "GET&/a b/&", decoded],
  ["the trailing slash that came of an escape left on", "trailing-slash-kept", "GET", "/a%2F?b=1", "GET&/a/&b=1", decoded],
  ["all trailing slashes taken off", "trailing-slashes-removed", "GET", "/x//a///", "GET&/x//a&"],
  ["double slashes merged", "path-slashes-merged", "GET", "/a//b///c", "GET&/a/b/c&"],
  ["the leading slash taken off", "path-without-leading-slash", "GET", "/a/b", "GET&a/b&"],
];

const escapeRows: Row[] = [
  ["a decoded path with two slashes off", "path-decoded", "GET", "/a+b%20c//", "GET&/a+b c&"],
  ["a decoded path with one slash off", "path-decoded", "GET", "/a+b%20c//", "GET&/a+b c/&"],
  ["a decoded path with one slash off, of two that came of escapes", "path-decoded", "GET", "/a%20b%2F%2F", "GET&/a b/&"],
  ["a decoded path with one slash and the base off", "path-decoded", "GET", "/wiki/wiki/a%20b//", "GET&/wiki/a b/&", wiki],
  ["a path decoded as a form", "path-decoded", "GET", "/a+b%20c", "GET&/a b c&"],
  ["a path decoded as a form, once", "path-decoded", "GET", "/a+b%2520c", "GET&/a b%20c&"],
  ["a path decoded as a form with the base off", "path-decoded", "GET", "/wiki/wiki/a+b%20c", "GET&/wiki/a b c&", wiki],
  ["the raw path for the decoded one", "path-not-decoded", "GET", "/a%20b//", "GET&/a%20b/&", decoded],
  ["escapes escaped again", "path-encoded-twice", "GET", "/a%20b%C3%A9", "GET&/a%2520b%25C3%25A9&"],
  ["what is raw escaped, but for the apostrophe", "path-escaped", "GET", '/a "<>\\^`{|}\'b', "GET&/a%20%22%3C%3E%5C%5E%60%7B%7C%7D'b&"],
  ["what is raw escaped, and the apostrophe", "path-escaped", "GET", '/a "<>\\^`{|}\'b', "GET&/a%20%22%3C%3E%5C%5E%60%7B%7C%7D%27b&"],
  ["an apostrophe escaped", "path-escaped", "GET", "/o'brien's", "GET&/o%27brien%27s&"],
  ["escapes in upper case", "path-escapes-recased", "GET", "/aB%2f%c3%A9%e9z", "GET&/aB%2F%C3%A9%E9z&"],
  ["escapes in lower case", "path-escapes-recased", "GET", "/aB%2F%c3%A9%E9Z", "GET&/aB%2f%c3%a9%e9Z&"],
  ["ampersands left raw", "path-ampersand-raw", "GET", "/a&b&c?d=1", "GET&/a&b&c&d=1"],
  ["ampersands left raw beside an escaped one", "path-ampersand-raw", "GET", "/a&b%26c", "GET&/a&b%26c&"],
  ["an escaped ampersand of a decoded path left raw", "path-ampersand-raw", "GET", "/a%26b", "GET&/a&b&", decoded],
  ["a raw ampersand of a decoded path beside what is no escape", "path-ampersand-raw", "GET", "/a&b%zz", "GET&/a&b%zz&", decoded],
  ["an escaped ampersand, decoded and left so", "path-decoded", "GET", "/a%26b", "GET&/a&b&"],
  ["an escaped ampersand, decoded with the rest and left so", "path-decoded", "GET", "/a%26b%20c", "GET&/a&b c&"],
  ["an escaped ampersand, decoded and escaped again, two slashes off", "path-decoded", "GET", "/a%26b+%20c//", "GET&/a%26b+ c&"],
];

// A letter that a URL parser would escape keeps the two ways apart.
const dotRows: Row[] = [
  ["a dot in the middle resolved", "path-normalized", "GET", "/a/./é", "GET&/a/é&"],
  ["two dots in the middle resolved", "path-normalized", "GET", "/a/b/../é", "GET&/a/é&"],
  ["two dots twice resolved", "path-normalized", "GET", "/a/b/../../é/c", "GET&/é/c&"],
  ["a dot resolved before a trailing slash", "path-normalized", "GET", "/a/./é/", "GET&/a/é&"],
  ["two dots resolved before a trailing slash", "path-normalized", "GET", "/a/../é/", "GET&/é&"],
  ["a dot at the end resolved", "path-normalized", "GET", "/é/.", "GET&/é&"],
  ["a dot at the end resolved to a slash", "path-normalized", "GET", "/é//.", "GET&/é/&"],
  ["two dots at the end resolved", "path-normalized", "GET", "/é/b/..", "GET&/é&"],
  ["two dots at the end resolved to a slash", "path-normalized", "GET", "/é//b/..", "GET&/é/&"],
  ["a dot at the root resolved", "path-normalized", "GET", "/./é", "GET&/é&"],
  ["two dots at the root resolved", "path-normalized", "GET", "/../../é", "GET&/é&"],
  ["two dots at the root resolved before an empty segment", "path-normalized", "GET", "/..//é", "GET&//é&"],
  ["two dots at the root resolved before the base", "path-normalized", "GET", "/../wiki/é", "GET&/é&", wiki],
  ["dots within a segment kept beside one alone", "path-normalized", "GET", "/./.é/é..", "GET&/.é/é..&"],
  ["dots resolved by a URL parser, and letters escaped", "path-normalized", "GET", "/a/../é", "GET&/%C3%A9&"],
  ["escaped dots resolved by a URL parser", "path-normalized", "GET", "/a/%2e%2E/b", "GET&/b&"],
  ["a segment without a slash in front taken for the host's", "path-normalized", "GET", "a/b", "GET&/b&"],
  ["a backslash turned by a URL parser", "path-normalized", "GET", "/a\\b", "GET&/a/b&"],
];

const originRows: Row[] = [
  ["origin and base in front", "origin-included", "GET", "https://h.example:8443/wiki/a", "GET&https://h.example:8443/wiki/a&", wiki],
  ["the origin in front, the base off", "origin-included", "GET", "https://h.example:8443/wiki/a", "GET&https://h.example:8443/a&", wiki],
  ["the host in front", "origin-included", "GET", "https://h.example:8443/wiki/a", "GET&h.example:8443/wiki/a&", wiki],
  ["the origin of the base in front", "origin-included", "GET", "/wiki/a", "GET&https://h.example/wiki/a&", { baseUrl: "https://h.example/wiki" }],
  ["the query left on the path", "query-in-path", "GET", "/x?b=2&a=1", "GET&/x?b=2&a=1&a=1&b=2"],
];

describe("explainQsh names", () => {
  test.each([...methodRows, ...baseRows, ...slashRows, ...escapeRows, ...dotRows, ...originRows])(
    "%s: %s",
    (_, code, method, url, hashed, options) => {
      expect(named({ method, url }, hashed, options)).toEqual({ match: "variant", causes: [code], alternatives: [] });
    },
  );

  test.each([
    ["/", "the root written as nothing", "path-empty", "path-without-leading-slash"],
    ["", "an empty path written as nothing", "path-empty", "path-without-leading-slash"],
  ])("for %j %s, in either way", (url, _, code, other) => {
    expect(named({ method: "GET", url }, "GET&&")).toEqual({ match: "variant", causes: [code], alternatives: [other] });
  });

  test("one slash left on for the decoded path as the raw one that it is", () => {
    expect(named({ method: "GET", url: "/a//" }, "GET&/a/&", decoded)).toEqual({ match: "variant", causes: ["path-not-decoded"], alternatives: [] });
  });
});

// Beyond 50 parameters no mistake is looked for beside another, of the same name neither.
describe("explainQsh names among many parameters", () => {
  const query = Array.from({ length: 51 }, (_, i) => `p${i + 10}=1`).join("&");

  test.each<[mistake: string, code: QshCauseCode, path: string, hashed: string]>([
    ["a path decoded as a form, once", "path-decoded", "/a+b%2520c", "/a b%20c"],
    ["a decoded path with two slashes off, an ampersand escaped again", "path-decoded", "/a%26b+%20c//", "/a%26b+ c"],
    ["a decoded path, an ampersand of it left raw", "path-decoded", "/a%26b%20c", "/a&b c"],
    ["what is raw escaped, and the apostrophe", "path-escaped", '/a "\'b', "/a%20%22%27b"],
  ])("%s", (_, code, path, hashed) => {
    expect(named({ method: "GET", url: `${path}?${query}` }, `GET&${hashed}&${query}`)).toEqual({
      match: "variant",
      causes: [code],
      alternatives: [],
    });
  });
});

describe("explainQsh finds no mistake", () => {
  test.each<[reason: string, method: string, url: string, hashed: string, options?: QshOptions]>([
    ["where the path does not begin with the base", "GET", "/other/x", "GET&/r/x&", jira],
    ["where a path that is not the root is hashed as nothing", "GET", "/x", "GET&&"],
    ["where a question mark stands for no query", "GET", "/x", "GET&/x?&"],
    ["where the decoded path is decoded as a form", "GET", "/a+b", "GET&/a b&", decoded],
    ["where an ampersand stands before the decoded path", "GET", "/a", "GET&/&/a&", decoded],
    ["where a letter outside of an escape is recased", "GET", "/a%C3%A9", "GET&/A%C3%A9&"],
    ["where the method is one that nobody sends", "GET", "/x", "LINK&/x&"],
    ["where a base is not there to be kept", "GET", "/rest", "GET&/wiki/rest&", wiki],
    ["where the origin is not there", "GET", "/x", "GET&https://h.example/x&"],
    ["where the path is none that a URL parser takes", "GET", ":99999", "GET&/x&"],
  ])("%s", (_, method, url, hashed, options) => {
    expect(named({ method, url }, hashed, options)).toEqual({ match: "none", causes: [], alternatives: [] });
  });
});

test("explainQsh keeps a character of the path apart from an ampersand", () => {
  expect(named({ method: "GET", url: "/%EF%BF%BF" }, "GET&/&&", decoded).match).toBe("none");
});
