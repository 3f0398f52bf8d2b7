import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { isAuthError } from "../../src/errors.ts";
import { verifyJwtSync } from "../../src/jwt/sync.ts";
import { verifyJwt } from "../../src/jwt/verify.ts";
import { attackCodes, attackKey, attackOptions, attackToken, isSecret, tokenAttacks } from "../support/attacks.ts";
import type { TokenAttack } from "../support/attacks.ts";

/** Where an `algorithms` option is the attack: we have none, the key decides. */
const NO_SUCH_OPTION = new Set(["A093", "A094"]);
const cases = tokenAttacks.filter(({ id }) => !NO_SUCH_OPTION.has(id));

const fetchTrap = vi.fn(() => Promise.reject(new Error("nothing may be fetched")));
beforeAll(() => void vi.stubGlobal("fetch", fetchTrap));
afterEach(() => {
  expect(fetchTrap).not.toHaveBeenCalled();
});
afterAll(() => void vi.unstubAllGlobals());

type Answer = { result: "accept" } | { result: "reject"; code: string; error: Error };

async function answer(verify: () => unknown): Promise<Answer> {
  try {
    await verify();
    return { result: "accept" };
  } catch (error) {
    const { code } = error as { code?: unknown };
    const mistake = error instanceof TypeError && (code === "ERR_INVALID_ARG_TYPE" || code === "ERR_INVALID_ARG_VALUE");
    if (!isAuthError(error) && !mistake) throw error;
    return { result: "reject", code: code as string, error: error as Error };
  }
}

function expectAnswer({ expect: expected }: TokenAttack, given: Answer, ms: number): void {
  expect(given.result).toBe(expected.result);
  if (given.result === "reject") {
    // Always the preferred kind: no case needs one of its neighbours.
    expect(attackCodes[expected.kind as string]).toContain(given.code);
    const shown = [given.error.message, given.error.stack, String(given.error), JSON.stringify(given.error), inspect(given.error, { depth: null })];
    for (const secret of expected.mustNotContain ?? []) expect(shown.join("\n")).not.toContain(secret);
  }
  if (expected.maxMs !== undefined) expect(ms).toBeLessThan(expected.maxMs * 10);
}

async function run(attack: TokenAttack, verify: () => unknown): Promise<void> {
  const start = performance.now();
  const given = await answer(verify);
  expectAnswer(attack, given, performance.now() - start);
}

it("holds the cases that it is thought to hold, each of a kind that has a code", () => {
  const count = (level: string) => tokenAttacks.filter((attack) => attack.level === level).length;
  expect(tokenAttacks).toHaveLength(143);
  expect([count("must"), count("profile"), count("control")]).toEqual([90, 33, 20]);
  const kinds = cases.flatMap(({ expect: { kind = [], alsoOk = [] } }) => [kind, alsoOk].flat());
  expect(kinds.filter((kind) => !(kind in attackCodes))).toEqual([]);
});

it("leaves out what needs an option that we do not have", () => {
  const left = tokenAttacks.filter(({ id }) => NO_SUCH_OPTION.has(id));
  expect(left.map(({ id, class: kind, options }) => [id, kind, options["algorithms"]])).toEqual([
    ["A093", "options", []],
    ["A094", "options", ["HS256", "RS256"]],
  ]);
  const others = cases.map(({ options }) => (options["algorithms"] as string[]).join());
  expect(others.filter((algorithms) => algorithms !== "HS256" && algorithms !== "RS256")).toEqual([]);
});

describe("verifyJwt", () => {
  it.each(cases.map((attack) => [attack.id, attack.level, attack.name, attack] as const))("%s %s: %s", (...[, , , attack]) =>
    run(attack, () => verifyJwt(attackToken(attack), attackKey(attack), attackOptions(attack))));
});

describe("verifyJwtSync", () => {
  const hs = cases.filter(isSecret);
  it.each(hs.map((attack) => [attack.id, attack.level, attack.name, attack] as const))("%s %s: %s", (...[, , , attack]) =>
    run(attack, () => verifyJwtSync(attackToken(attack), attackKey(attack) as never, attackOptions(attack))));
});
