import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { explainQsh } from "../../../src/qsh/explain.ts";
import type { QshCauseCode } from "../../../src/qsh/explain.ts";
import { named } from "./named-mistakes.ts";

/** The target of a GET, below the base `/wiki`, and what two mistakes make of it. */
type Row = [codes: [QshCauseCode, QshCauseCode], url: string, hashed: string];

const headRows: Row[] = [
  [["base-path-kept", "method-wrong"], "/wiki/x?a=1", "POST&/wiki/x&a=1"],
  [["base-path-kept", "trailing-slash-kept"], "/wiki/x/?a=1", "GET&/wiki/x/&a=1"],
  [["trailing-slash-kept", "path-slashes-merged"], "/wiki/a//b/?a=1", "GET&/a/b/&a=1"],
  // There is no escape to be escaped before the bar is.
  [["path-encoded-twice", "path-escaped"], "/wiki/a|b?a=1", "GET&/a%257Cb&a=1"],
];

const bothRows: Row[] = [
  [["base-path-kept", "tilde-encoded"], "/wiki/x?a=~*", "GET&/wiki/x&a=%7E%2A"],
  [["method-wrong", "query-dropped"], "/wiki/x?a=1", "POST&/x&"],
];

const wholeRows: Row[] = [
  [["base-path-kept", "newline-appended"], "/wiki/x?a=1", "GET&/wiki/x&a=1\n"],
  [["trailing-slash-kept", "separator-dropped"], "/wiki/x/", "GET&/x/"],
  [["tilde-encoded", "newline-appended"], "/wiki/x?a=~*", "GET&/x&a=%7E%2A\n"],
  [["query-dropped", "separator-dropped"], "/wiki/x?a=1", "GET&/x"],
];

const queryRows: Row[] = [
  [["plus-not-decoded", "tilde-encoded"], "/wiki/x?a=b+c~*%20", "GET&/x&a=b%2Bc%7E%2A%20"],
  [["tilde-encoded", "encoded-twice"], "/wiki/x?a=~*%20", "GET&/x&a=%257E%252A%2520"],
  [["encoded-twice", "form-urlencoded"], "/wiki/x?a=~%20", "GET&/x&a=%7E%2520"],
];

/** Of these one changes the rule that the other changes, and one more. */
const sharedRows: Row[] = [
  [["escapes-as-sent", "brackets-removed"], "/wiki/x?a[b][1]=%41", "GET&/x&a[b]=%41"],
  [["values-not-sorted", "escapes-as-sent"], "/wiki/x?a=-&a=%7b%2F", "GET&/x&a=-,%7b%2F"],
];

/** The first named mistake of each changes nothing alone, but what the other makes; or the second does. */
const enabledRows: Row[] = [
  [["empty-values-dropped", "semicolon-splits"], "/wiki/x?a=1;b=", "GET&/x&a=1"],
  [["jwt-kept", "semicolon-splits"], "/wiki/x?a=1;b=2;jwt=t", "GET&/x&a=1&b=2&jwt=t"],
  [["plus-not-decoded", "escapes-lower-case"], "/wiki/x?a=b+c%20", "GET&/x&a=b%2bc%20"],
  [["names-not-sorted", "semicolon-splits"], "/wiki/x?b=1;c=2;a=3;b=0", "GET&/x&b=0,1&c=2&a=3"],
  [["values-not-sorted", "semicolon-splits"], "/wiki/x?a=2;a=1;a=3", "GET&/x&a=2,1,3"],
  [["values-joined-by-encoded-comma", "semicolon-splits"], "/wiki/x?a=2;a=1", "GET&/x&a=1%2C2"],
  [["tilde-encoded", "jwt-kept"], "/wiki/x?jwt=~*&a=1", "GET&/x&a=1&jwt=%7E%2A"],
  [["names-not-sorted", "jwt-kept"], "/wiki/x?jwt=+&a=1", "GET&/x&jwt=%20&a=1"],
  [["values-not-sorted", "jwt-kept"], "/wiki/x?jwt=2&jwt=1&jwt=3", "GET&/x&jwt=2,1,3"],
  [["values-joined-by-encoded-comma", "jwt-kept"], "/wiki/x?jwt=2&jwt=1", "GET&/x&jwt=1%2C2"],
  [["tilde-encoded", "escapes-lower-case"], "/wiki/x?a=~%20%21", "GET&/x&a=%7e%20%21"],
  [["names-sorted-decoded", "tilde-encoded"], "/wiki/x?z=1&~*=2", "GET&/x&z=1&%7E%2A=2"],
  [["not-encoded", "equals-sign-dropped"], "/wiki/x?a=%201%3D", "GET&/x&a= 1"],
  [["values-joined-by-encoded-comma", "escapes-lower-case"], "/wiki/x?a=1&a=2", "GET&/x&a=1%2c2"],
];

describe("explainQsh names two mistakes", () => {
  test.each([...headRows, ...bothRows, ...wholeRows, ...queryRows, ...sharedRows, ...enabledRows])("%s in %s", (codes, url, hashed) => {
    const request = { method: "GET", url };
    expect(named(request, hashed, { baseUrl: "/wiki" })).toEqual({ match: "variant", causes: codes, alternatives: [] });
  });

  test.each([...headRows, ...bothRows, ...wholeRows, ...queryRows, ...sharedRows])("%s in %s, and shows their text", (_, url, hashed) => {
    const claimed = createHash("sha256").update(hashed).digest("hex");
    expect(explainQsh(claimed, { method: "GET", url }, { baseUrl: "/wiki" }).variant).toBe(hashed);
  });

  test("once where one mistake was made in two ways", () => {
    const request = { method: "GET", url: "/x?a[b][1]=2" };
    expect(named(request, "GET&/x&a.b=2")).toEqual({ match: "variant", causes: ["brackets-removed"], alternatives: [] });
  });

  test("but none beside a query that was taken as one piece", () => {
    expect(named({ method: "GET", url: "/x?b=%C3%A9%20&a=1&a=0" }, "GET&/x&b=%c3%a9%20&a=1&a=0").match).toBe("none");
  });
});

describe("explainQsh with many parameters", () => {
  const query = `b=%2B&${Array.from({ length: 50 }, (_, i) => `a${i + 10}=1`).join("&")}`;

  test("names the first mistake alone, though others make the same", () => {
    const hashed = `GET&/x&${query}`;
    expect(named({ method: "GET", url: `/x?${query}` }, hashed)).toEqual({ match: "variant", causes: ["names-not-sorted"], alternatives: [] });
    const few = query.slice(0, query.lastIndexOf("&"));
    expect(named({ method: "GET", url: `/x?${few}` }, `GET&/x&${few}`)).toEqual({
      match: "variant",
      causes: ["names-not-sorted"],
      alternatives: ["query-verbatim"],
    });
  });

  test("names a mistake with the whole", () => {
    const sorted = query.split("&").sort().join("&");
    expect(named({ method: "GET", url: `/x?${query}` }, `GET&/x&${sorted}\n`)).toEqual({
      match: "variant",
      causes: ["newline-appended"],
      alternatives: [],
    });
  });
});

describe("explainQsh with a long query", () => {
  const value = "x".repeat(65532);

  test("tries mistakes with parameters up to 65,536 characters", () => {
    expect(named({ method: "GET", url: `/x?a=${value}~*` }, `GET&/x&a=${value}%7E%2A`)).toMatchObject({ causes: ["tilde-encoded"] });
    expect(named({ method: "GET", url: `/x?a=x${value}~*` }, `GET&/x&a=x${value}%7E%2A`)).toMatchObject({ match: "none" });
  });

  test("counts the form among them", () => {
    const half = "x".repeat(40_000);
    const request = { method: "POST", url: `/x?a=${half}~*`, form: `b=${half}` };
    expect(named(request, `POST&/x&a=${half}%7E%2A&b=${half}`)).toMatchObject({ match: "none" });
    expect(named({ ...request, form: "b=1" }, `POST&/x&a=${half}%7E%2A&b=1`)).toMatchObject({ causes: ["tilde-encoded"] });
  });

  test("tries mistakes with the method and the path beyond it", () => {
    expect(named({ method: "GET", url: `/x/?a=x${value}~*` }, `GET&/x/&a=x${value}~%2A`)).toMatchObject({ causes: ["trailing-slash-kept"] });
  });
});

test("explainQsh keeps the end of a query apart from the start of a form", () => {
  const request = { method: "POST", url: "/x? a", form: "a " };
  expect(named(request, "POST&/x&%20a=")).toMatchObject({ causes: ["form-not-merged"] });
  expect(named(request, "POST&/x&a%20=")).toMatchObject({ causes: ["query-replaced-by-form"] });
});
