import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { formatDuration, formatRelative, formatTime } from "../../../../src/cli/render/duration.ts";
import { renderQshExplanation } from "../../../../src/cli/render/explanation.ts";
import { printable } from "../../../../src/cli/render/palette.ts";
import { renderToken, renderTokenExplanation } from "../../../../src/cli/render/token.ts";
import { explainQsh } from "../../../../src/qsh/explain.ts";

const hash = (canonical: string): string => createHash("sha256").update(canonical).digest("hex");
const NOW = 1_700_000_000;
const ESC = "\u001b";

describe("the explanation of a hash", () => {
  test("shows both texts, a caret at the difference, the cause and the fix", () => {
    const claimed = hash("GET&/x&a=1&b=A+B");
    const explanation = explainQsh(claimed, { method: "GET", url: "/x?b=A%20B&a=1" }, { peers: { "space-as-plus": ["some-client"] } });
    expect(renderQshExplanation(explanation, { color: false })).toBe(
      [
        "The hash is not that of this request: one mistake made it.",
        "",
        "expected  GET&/x&a=1&b=A%20B",
        "signed    GET&/x&a=1&b=A+B",
        "                        ^",
        "",
        "cause   a space is encoded as a plus sign space-as-plus",
        "fix     encode a space as %20",
        "seen in some-client",
        "",
        "The same hash is also made by:",
        "  parameters are encoded as a form is: + for a space, %7E for ~, * as it is form-urlencoded",
        "",
      ].join("\n"),
    );
  });

  test("cuts long texts around the difference", () => {
    const long = "x".repeat(500);
    const explanation = explainQsh(hash(`GET&/${long}/&`), { method: "GET", url: `/${long}/` });
    const [, , expected, signed, caret] = renderQshExplanation(explanation, { color: false, columns: 60 }).split("\n");
    expect(expected).toBe(`expected  …${"x".repeat(24)}&`);
    expect(signed).toBe(`signed    …${"x".repeat(24)}/&`);
    expect(caret).toBe(`${" ".repeat(35)}^`);
    for (const line of [expected, signed, caret]) expect(line?.length).toBeLessThanOrEqual(60);
  });

  test("says so when all is well, and when nothing explains it", () => {
    const request = { method: "GET", url: "/x" };
    expect(renderQshExplanation(explainQsh(hash("GET&/x&"), request), { color: false })).toBe(
      "The hash is that of this request.\n\ncanonical GET&/x&\n",
    );
    expect(renderQshExplanation(explainQsh(hash("nothing"), request), { color: false })).toContain("Was another request signed?");
  });

  test("uses colours when told, and the same words", () => {
    const explanation = explainQsh(hash("GET&/x/&"), { method: "GET", url: "/x/" });
    const plain = renderQshExplanation(explanation, { color: false });
    const colored = renderQshExplanation(explanation, { color: true });
    expect(plain).not.toContain(ESC);
    expect(colored).toContain(`${ESC}[41m/${ESC}[49m`);
    expect(colored.split(/\p{Cc}\[\d+m/u).join("")).toBe(plain);
  });
});

describe("a token", () => {
  test("shows its times as people read them", () => {
    const text = renderToken(
      { header: { typ: "JWT", alg: "HS256" }, claims: { iss: "app", iat: NOW - 5, exp: NOW + 175, aud: ["a", "b"] } },
      { color: false, now: NOW },
    );
    expect(text).toBe(
      [
        "header",
        "  typ   JWT",
        "  alg   HS256",
        "",
        "claims",
        "  iss   app",
        "  iat   1699999995  2023-11-14 22:13:15 UTC, 5 seconds ago",
        "  exp   1700000175  2023-11-14 22:16:15 UTC, in 2 minutes 55 seconds",
        '  aud   ["a","b"]',
        "",
      ].join("\n"),
    );
  });

  test("cannot write to the terminal what it likes", () => {
    const evil = `${ESC}[2J\u009b31m\u202egnp.exe\u0007\r\n`;
    const text = renderToken({ header: { alg: evil }, claims: { [evil]: [evil], iss: evil } }, { color: false, now: NOW });
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(text.split("\n")).toHaveLength(7);
    expect(printable("a\u{1f600}é\n")).toBe("a\u{1f600}é\\u{a}");
  });

  test("shows what is wrong, what is not checked, and what to do", () => {
    const text = renderTokenExplanation(
      {
        verdict: "invalid",
        kind: "request",
        header: { alg: "HS256" },
        times: {},
        findings: [
          { code: "signature-not-checked", level: "info", message: "the signature was not checked" },
          { code: "expired", level: "error", message: "the token has expired", fix: "sign a new one", claim: "exp", seconds: 61 },
          { code: "qsh-valid", level: "info", message: "the query string hash is that of this request", claim: "qsh" },
        ],
      },
      { color: false, now: NOW },
    );
    expect(text).toBe(
      [
        "invalid request token",
        "",
        "– the signature was not checked signature-not-checked",
        '✗ the token has expired ("exp", by 1 minute 1 second) expired',
        "  fix sign a new one",
        '✓ the query string hash is that of this request ("qsh") qsh-valid',
        "",
      ].join("\n"),
    );
  });
});

test.each([
  [0, "now", "0 seconds"],
  [1, "in 1 second", "1 second"],
  [-61, "1 minute 1 second ago", "1 minute 1 second"],
  [3600, "in 1 hour", "1 hour"],
  [90061, "in 1 day 1 hour", "1 day 1 hour"],
  [-86405, "1 day ago", "1 day"],
])("says %d seconds", (seconds, relative, duration) => {
  expect(formatRelative(seconds)).toBe(relative);
  expect(formatDuration(seconds)).toBe(duration);
});

test("writes a time that is no date as it is", () => {
  expect(formatTime(1e300)).toBe("1e+300");
  expect(formatTime(1.5)).toBe("1970-01-01 00:00:01.500 UTC");
});
