import { expect, test } from "vitest";
import { explainQsh } from "../../../src/qsh/explain.ts";
import { named } from "./named-mistakes.ts";

test("answers soon for hostile requests", () => {
  const hostile = [
    `/${"/".repeat(60_000)}x`,
    `/?${"[".repeat(60_000)}=1`,
    `/?${"a[".repeat(10_000)}=1`,
    `/?${"&".repeat(60_000)}`,
    `/?${"%".repeat(60_000)}`,
    `/?${"=".repeat(60_000)}`,
    `/?${"a=1&".repeat(15_000)}`,
    `/${"../".repeat(20_000)}`,
    `/?${"x".repeat(1_000_000)}`,
  ];
  const start = process.cpuUsage().user;
  for (const url of hostile) expect(explainQsh("0".repeat(64), { method: "GET", url }, { baseUrl: "/b" }).match).toBe("none");
  expect((process.cpuUsage().user - start) / 1e6).toBeLessThan(10);
});

/** Far apart in every order that a mistake may bring. */
const shuffled = (count: number, name: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => name((i * 7919) % count));
const cjk = (i: number): string => String.fromCodePoint(0x4e00 + i);

test("answers soon for what many mistakes have to be tried on", () => {
  const url = "https://h.example/a/a/b%2Fc//../d/%26?x=1";
  const long = Array.from({ length: 40 }, (_, i) => `k${i}=${"+".repeat(52_000)}`).join("&");
  const quirks = "%7e+%2f*!%zz%C3;,\u00e9".repeat(28);
  const costly = [
    { method: "POST", url, form: long },
    { method: "POST", url, form: "a&".repeat(1 << 20) },
    { method: "GET", url: `/?${shuffled(20_900, cjk).join("&")}` },
    { method: "GET", url: `/?${shuffled(4000, (i) => cjk(i).repeat(15)).join("&")}` },
    { method: "GET", url: `/?${shuffled(16_000, (i) => i.toString(36).padStart(3, "0")).join("&")}` },
    { method: "GET", url: `/?${shuffled(16_000, (i) => `a=${cjk(i)}`).join("&")}` },
    { method: "GET", url: `/?${Array.from({ length: 48 }, (_, i) => `k[${i}]~!*'${i}=${quirks}`).join("&")}` },
    { method: "GET", url: `/${"a%2Fb/../%26&".repeat(15_400)}?x=1~&y=2` },
    { method: "GET", url: "/x?a=1", body: "a&".repeat(1 << 20) },
  ];
  const start = process.cpuUsage().user;
  for (const { body = "", ...request } of costly) {
    expect(explainQsh("0".repeat(64), request, { baseUrl: "https://h.example/a", body }).match).toBe("none");
  }
  expect((process.cpuUsage().user - start) / 1e6).toBeLessThan(8);
});

test("tries pairs up to 8,192 characters of path, query, form and body", () => {
  const pair = (length: number, body = ""): unknown => {
    const value = "x".repeat(length - "/x/a=~*".length);
    return named({ method: "GET", url: `/x/?a=${value}~*` }, `GET&/x/&a=${value}%7E%2A`, { body });
  };
  expect(pair(8192)).toMatchObject({ causes: ["trailing-slash-kept", "tilde-encoded"] });
  expect(pair(8193)).toMatchObject({ match: "none" });
  expect(pair(8192, "b")).toMatchObject({ match: "none" });
});

test("tries mistakes with up to 4,000 parameters", () => {
  const single = (count: number): unknown => {
    const query = `b=1&${"a=1&".repeat(count - 1)}`.slice(0, -1);
    return named({ method: "GET", url: `/x?${query}` }, `GET&/x&b=1&a=${"1,".repeat(count - 1).slice(0, -1)}`);
  };
  expect(single(4000)).toMatchObject({ causes: ["names-not-sorted"] });
  expect(single(4001)).toMatchObject({ match: "none" });
});

test("sorts up to a thousand names by a locale", () => {
  const locale = (count: number): unknown => {
    const names = Array.from({ length: count - 2 }, (_, i) => `c${i + 1000}=`);
    return named({ method: "GET", url: `/x?${["B=", "a=", ...names].join("&")}` }, `GET&/x&${["a=", "B=", ...names].join("&")}`);
  };
  expect(locale(1000)).toMatchObject({ causes: ["names-sorted-by-locale"] });
});

test("reads a body of up to 65,536 characters, and nothing beyond 1,048,576", () => {
  const merged = (length: number): unknown => {
    const body = `b=${"x".repeat(length - 2)}`;
    return named({ method: "GET", url: "/x?a=1" }, `GET&/x&a=1&${body}`, { body });
  };
  expect(merged(65_536)).toMatchObject({ causes: ["body-merged"] });
  expect(merged(65_537)).toMatchObject({ match: "none" });
  const slash = (length: number): unknown => {
    const value = "x".repeat(length - "/x/a=".length);
    return named({ method: "GET", url: `/x/?a=${value}` }, `GET&/x/&a=${value}`);
  };
  expect(slash(1_048_576)).toMatchObject({ causes: ["trailing-slash-kept"] });
  expect(slash(1_048_577)).toMatchObject({ match: "none" });
});
