import { expect, test } from "vitest";
import { explainQsh } from "../../../src/qsh/explain.ts";

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
