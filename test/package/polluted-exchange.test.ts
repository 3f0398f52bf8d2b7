import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { projectPath } from "../support/project.ts";

interface Attack {
  readonly id: string;
  readonly name: string;
  readonly op: string;
  readonly input: unknown;
  readonly options: unknown;
  readonly expect: { readonly result: "accept" | "reject"; readonly expiresAt?: number; readonly kind?: string };
}

const file = projectPath("test/vectors/data/attacks.json");
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Attack[] };
const attacks = cases.filter(({ op }) => op === "bearer.exchange");
const poison = ["access_token", "token_type", "error", "error_description", "accessToken", "failure", "loaded", "scope", "expiresAt"];

// In a program of its own: the test runner's import reads a member named `error`, the engine's does not.
test.each(attacks)("H1: $id $name, with what is loaded later", ({ input, options, expect: want }) => {
  const program = projectPath("test/package/polluted-exchange.program.mjs");
  const told = JSON.stringify({ input, options, poison });
  const outcome: unknown = JSON.parse(execFileSync(process.execPath, [program, told], { encoding: "utf8" }));
  expect(outcome).toMatchObject({ calls: 1, traffic: 1 });
  if (want.result === "accept") {
    expect(outcome).toMatchObject({ expiresAt: want.expiresAt, tokenType: "Bearer" });
    expect(outcome).not.toHaveProperty("accessToken", "polluted");
  } else {
    const code = want.kind === "token_request_failed" ? "ERR_EXCHANGE_REJECTED" : "ERR_EXCHANGE_MALFORMED";
    expect(outcome).toMatchObject({ name: "ExchangeError", code });
  }
});
