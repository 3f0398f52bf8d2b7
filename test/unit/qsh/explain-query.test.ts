import { describe, expect, test } from "vitest";
import type { QshCauseCode } from "../../../src/qsh/explain.ts";
import { named } from "./named-mistakes.ts";

/** A request whose target is `/x` with the query; with a form it is a POST. */
type Row = [mistake: string, code: QshCauseCode, query: string, hashed: string, form?: string];

const wholeRows: Row[] = [
  ["no parameters at all", "query-dropped", "a=1", ""],
  ["no parameters, the form's among them", "query-dropped", "a=1", "", "b=2"],
  ["no form", "form-not-merged", "b=1&a=1", "a=1&b=1", "c=2"],
  ["the form alone", "query-replaced-by-form", "a=1", "b=2&c=3", "c=3&b=2"],
  ["a semicolon for a separator", "semicolon-splits", "a=1;b=2&c=3", "a=1&b=2&c=3"],
  ["a semicolon of the form for a separator", "semicolon-splits", "c=3", "a=1&b=2&c=3", "a=1;b=2"],
  ["the token with the others", "jwt-kept", "jwt=t&a=1", "a=1&jwt=t"],
  ["no parameter with the token's name, in any case", "jwt-dropped-in-any-case", "JWT=t&Jwt=v&a=1&jwt=u", "a=1"],
  ["no parameter named __proto__", "proto-dropped", "__proto__=1&a=2&a__proto__=3", "a=2&a__proto__=3"],
  ["no parameter without a name", "empty-names-dropped", "=1&a[]=2", "a%5B%5D=2"],
  ["no parameter without a value", "empty-values-dropped", "a=&b&c=1", "c=1"],
  ["no parameter without an equals sign", "empty-values-dropped", "a=&b&c=1", "a=&c=1"],
  ["no equals sign without a value", "equals-sign-dropped", "a=&b=1&c", "a&b=1&c"],
];

const nameRows: Row[] = [
  ["by code units", "names-sorted-decoded", "\ue000=1&B=3&a=4&😀=2", "B=3&a=4&%F0%9F%98%80=2&%EE%80%80=1"],
  ["by code points", "names-sorted-decoded", "😀=2&a=4&\ue000=1&B=3", "B=3&a=4&%EE%80%80=1&%F0%9F%98%80=2"],
  ["not at all", "names-not-sorted", "b=1+2&C=5&a=2&b=0", "b=0,1%202&C=5&a=2"],
  ["by locale", "names-sorted-by-locale", "B=1&b=2&a=3&é=4", "a=3&b=2&B=1&%C3%A9=4"],
  ["by locale, once encoded", "names-sorted-by-locale", "B=1&b=2&a=3&é=4", "%C3%A9=4&a=3&b=2&B=1"],
  ["in lower case", "names-sorted-by-locale", "B=1&b=2&_=5&a=3&é=4", "_=5&a=3&B=1&b=2&%C3%A9=4"],
  ["with what follows them", "names-sorted-with-values", "a=2&a-=3&a=1", "a-=3&a=1,2"],
];

const valueRows: Row[] = [
  ["not sorted", "values-not-sorted", "a=2&a=1&a=3", "a=2,1,3"],
  ["sorted by their encoded form", "values-sorted-encoded", "a=-&a={", "a=%7B,-"],
  ["sorted by code points", "values-sorted-by-code-point", "a={&a=-&a=😀&a=\ue000", "a=-,%7B,%EE%80%80,%F0%9F%98%80"],
  ["sorted by locale", "values-sorted-by-locale", "a=B&a=a", "a=a,B"],
  ["sorted as numbers", "values-sorted-by-locale", "a=10&a=9", "a=9,10"],
  ["joined before they are encoded", "values-joined-by-encoded-comma", "a=x+y&a=2", "a=2%2Cx%20y"],
  ["each with the name", "values-repeated-as-pairs", "a={&a=-&b=1", "a=-&a=%7B&b=1"],
  ["but the first left out", "values-first-only", "a=2&a=1&a=3&b=4", "a=2&b=4"],
  ["but the last left out", "values-last-only", "a=2&a=1&a=3&b=4", "a=3&b=4"],
  ["once each", "values-deduplicated", "a=2&a=1&a=2", "a=1,2"],
];

const escapeRows: Row[] = [
  ["a plus for a plus", "plus-not-decoded", "a=b+c%20&d+e=f", "a=b%2Bc%20&d%2Be=f"],
  ["a plus of the form for a plus", "plus-not-decoded", "d+e", "a=b%2Bc%20&d%2Be=", "a=b+c%20"],
  ["a plus of a name for a plus", "plus-not-decoded", "=b+c&d+e+&f+g=h+i", "=b%20c&d%2Be%2B=&f%2Bg=h%20i"],
  ["a plus for a space", "space-as-plus", "a=b%20c%2A~", "a=b+c%2A~"],
  ["marks as they are", "marks-not-encoded", "a=%20%21%27%28%29%2A%2F", "a=%20!'()*%2F"],
  ["the asterisk as it is", "marks-not-encoded", "a=%20%21%27%28%29%2A%2F", "a=%20%21%27%28%29*%2F"],
  ["as a form does", "form-urlencoded", "a=%20%2A~", "a=+*%7E"],
  ["the slash as it is", "reserved-not-encoded", "a=%2F%3F", "a=/%3F"],
  [
    "what is reserved as it is",
    "reserved-not-encoded",
    "a=%21%23%24%26%27%28%29%2A%2B%2C%2F%3A%3B%3D%3F%40%20%22%25%3C%3E%5B",
    "a=!#$&'()*+,/:;=?@%20%22%25%3C%3E%5B",
  ],
  ["the comma as it is", "comma-not-encoded", "a=%2C%2F", "a=,%2F"],
  ["the tilde escaped", "tilde-encoded", "a=~*", "a=%7E%2A"],
  ["escapes in lower case", "escapes-lower-case", "a=%C3%A9*B", "a=%c3%a9%2aB"],
  ["what is not decodable as it is", "invalid-escapes-kept", "a=%zz%20&b=%20", "a=%25zz%2520&b=%20"],
  ["what is no UTF-8 as it is", "invalid-escapes-kept", "a=%E9%20&b=%20", "a=%25E9%2520&b=%20"],
  ["nothing with an escape that is none", "invalid-escapes-dropped", "a=%zz&b=%20&c=%c3%A9&d=%2&%=e", "b=%20&c=%C3%A9"],
  ["everything twice", "encoded-twice", "a=b%20c+d", "a=b%2520c%2520d"],
  ["everything as it was sent, once more", "encoded-twice", "a=b%20c+d", "a=b%2520c%2Bd"],
  ["nothing", "not-encoded", "a=%20%2B%C3%A9", "a= +é"],
  ["nothing, since nothing was decoded", "escapes-as-sent", "b=%20+&a=1&b=!", "a=1&b=!,%20+"],
  ["nothing, the form's neither", "escapes-as-sent", "b=%20+&a=1", "a=1&b=!,%20+", "b=!"],
  ["what was decoded twice", "decoded-twice", "a=b%2520c&%2541=1", "A=1&a=b%20c"],
];

const OBJECT = "%5Bobject%20Object%5D";
const numbered = (count: number): string => Array.from({ length: count }, (_, i) => i + 10).join();

const bracketRows: Row[] = [
  ["of a list, and of an object", "brackets-nested", "a[]=1&a[0]=2&a[12]=3&b=3&c[d]=4", `a=1,2,3&b=3&c=${OBJECT}`],
  ["of an object, with a plain value", "brackets-nested", "a=1&a[b]=2&a[c]=3", `a=1,${OBJECT}`],
  ["with three digits", "brackets-nested", "a[123]=1&b[1]=2", `a=${OBJECT}&b=2`],
  ["after brackets", "brackets-nested", "a[1][2]=1&b[1]c=2&d[c1]=3", `a=${OBJECT}&b=${OBJECT}&d=${OBJECT}`],
  ["in front", "brackets-nested", "[a]=1&[b]c=2", `a=1&b=${OBJECT}`],
  ["after one that only closes", "brackets-nested", "a]b[c]=1", `a%5Db=${OBJECT}`],
  ["without a name among them", "brackets-nested", "=5&c[d]=4", `c=${OBJECT}`],
  ["of which one only closes", "brackets-nested", "a]=1&c[d]=4", `a%5D=1&c=${OBJECT}`],
  ["of which one is left open", "brackets-nested", "a[b=1&c[d]=2", `a%5Bb=1&c=${OBJECT}`],
  ["left open, for an object", "brackets-nested", "a[b=1&c[d]=2", `a=${OBJECT}&c=${OBJECT}`],
  ["left open in front, for an object", "brackets-nested", "[b=1&c[d]=2", `%5Bb=${OBJECT}&c=${OBJECT}`],
  [
    "of a list with 20 members, and with 21",
    "brackets-nested",
    `${numbered(20).replace(/\d+,?/g, "a[]=$&&")}${numbered(21).replace(/\d+,?/g, "b[]=$&&")}`.replaceAll(",", ""),
    `a=${numbered(20)}&b=${OBJECT}`,
  ],
  ["with digits, at the end", "brackets-removed", "a[b][]=1&c[12]=2&d[3][e]=4", "a%5Bb%5D=1&c=2&d%5B3%5D%5Be%5D=4"],
  ["for dots", "brackets-removed", "a[b][]=1&c[12]=2&d[][e]=3&f.x=4", "a.b=1&c.12=2&d..e=3&f.x=4"],
];

// The token, with and without a value, and names that are nearly its own.
const tokens = "jwt=t&b=%7e+&&jwt&a=1&jwtx=2&xjwt=4";
const verbatimRows: Row[] = [
  ["as it was sent", "query-verbatim", "b=%20&a=1&jwt=t", "b=%20&a=1&jwt=t"],
  ["as it was sent, without the form", "query-verbatim", "b=%20&a=1&jwt=t", "b=%20&a=1&jwt=t", "c=3"],
  ["without the token", "query-verbatim", tokens, "b=%7e+&a=1&jwtx=2&xjwt=4&c=3", "c=3"],
  ["without the token, sorted", "query-verbatim", tokens, "a=1&b=%7e+&b=0&c=3&jwtx=2&xjwt=4", "c=3&b=0"],
  ["encoded again", "query-verbatim", tokens, "b=~%20&a=1&jwtx=2&xjwt=4&b=2", "b=2"],
  ["encoded again, and sorted", "query-verbatim", "b=-&jwt=t&a=1", "a=1&b=%7B&b=-", "b={"],
];

describe.each<[of: string, rows: Row[]]>([
  ["what is hashed", wholeRows],
  ["names sorted", nameRows],
  ["values", valueRows],
  ["escapes", escapeRows],
  ["brackets", bracketRows],
  ["a query as one piece", verbatimRows],
])("explainQsh names mistakes with %s:", (_of, rows) => {
  test.each(rows)("%s: %s", (_, code, query, hashed, form) => {
    const method = form === undefined ? "GET" : "POST";
    const request = { method, url: query === "" ? "/x" : `/x?${query}`, ...(form === undefined ? {} : { form }) };
    expect(named(request, `${method}&/x&${hashed}`)).toEqual({ match: "variant", causes: [code], alternatives: [] });
  });
});

test("explainQsh names a form that was left out where there is no query, in either way", () => {
  const request = { method: "POST", url: "/x", form: "a=1" };
  expect(named(request, "POST&/x&")).toEqual({ match: "variant", causes: ["form-not-merged"], alternatives: ["query-verbatim"] });
});

test("explainQsh names a cut at a thousand parameters", () => {
  const pairs = Array.from({ length: 1001 }, (_, i) => `p${i + 1000}=1`);
  const request = { method: "GET", url: `/x?${pairs.join("&")}` };
  expect(named(request, `GET&/x&${pairs.slice(0, 1000).join("&")}`)).toEqual({ match: "variant", causes: ["cut-at-1000"], alternatives: [] });
  expect(named(request, `GET&/x&${pairs.slice(0, 999).join("&")}`).match).toBe("none");
});

test("explainQsh names a dropped equals sign beside values that are written in several parts", () => {
  const value = "*".repeat(30_000);
  const long = "%2A".repeat(30_000);
  const request = { method: "GET", url: `/x?a=${value}&a=${value}&b=` };
  expect(named(request, `GET&/x&a=${long},${long}&b`)).toEqual({ match: "variant", causes: ["equals-sign-dropped"], alternatives: [] });
});

test("explainQsh names a body that was merged with a form", () => {
  const request = { method: "POST", url: "/x?a=1", form: "c=3" };
  const body = "b=2";
  expect(named(request, "POST&/x&a=1&b=2&c=3", { body })).toEqual({ match: "variant", causes: ["body-merged"], alternatives: [] });
  expect(named(request, "POST&/x&a=1&c=3&undefined=").match).toBe("none");
  expect(named(request, "POST&/x&a=1", { body: "" })).toMatchObject({ causes: ["form-not-merged"] });
});
