import { createHash } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import type { JwtClaims } from "../../../src/jwt/claims.ts";
import { checkReplayGuard, refuseReplay } from "../../../src/jwt/replay.ts";
import { failure, rejection } from "../../support/failure.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const claims: JwtClaims = { iss: "a", exp: 1000, jti: "1" };
const unasked = { name: "InstallationError", code: "ERR_INSTALLATION_LOOKUP", message: "replay guard could not be asked" };

function guard(answer: () => unknown) {
  const seen = vi.fn(answer as () => boolean);
  return { seen, options: { replayGuard: { seen }, leeway: 30, timeout: 0.05 } };
}

describe("a guard", () => {
  test.each([undefined, { seen: () => false }])("may be %o", (one) => {
    expect(checkReplayGuard(one)).toBeUndefined();
  });

  test.each([null, {}, { seen: true }, () => false, "seen"])("may not be %o", (one) => {
    expect(failure(() => checkReplayGuard(one))).toEqual({
      name: "TypeError",
      code: "ERR_INVALID_ARG_TYPE",
      message: '"options.replayGuard" must have a method "seen"',
    });
  });

  test("that is not there is not asked", async () => {
    await expect(refuseReplay("h.p", claims, { leeway: 30, timeout: 1 })).resolves.toBeUndefined();
  });
});

describe("a token", () => {
  test("that is new passes, and is known by its iss and jti as long as it would be accepted", async () => {
    const { seen, options } = guard(() => false);
    await refuseReplay("h.p", claims, options);
    expect(seen.mock.calls).toEqual([[sha256('["a","1"]'), 1030]]);
  });

  test("without a jti of its own is known by what was signed", async () => {
    const { seen, options } = guard(() => false);
    await refuseReplay("h.p", Object.assign(Object.create({ jti: "1" }) as object, { iss: "a", exp: 5 }), options);
    expect(seen.mock.calls).toEqual([[sha256("h.p"), 35]]);
  });

  test("that was seen is refused", async () => {
    expect(await rejection(refuseReplay("h.p", claims, guard(() => true).options))).toEqual({
      name: "TokenError",
      code: "ERR_TOKEN_REPLAYED",
      message: "token was used before",
    });
  });

  test.each([
    ["does not say", () => undefined],
    ["says something else", () => 1],
    ["fails", () => Promise.reject(new Error("secret"))],
    ["hangs", () => new Promise(() => {})],
  ])("does not pass a guard that %s", async (_, answer) => {
    expect(await rejection(refuseReplay("h.p", claims, guard(answer).options))).toEqual(unasked);
  });

  test("waits for a guard that answers later", async () => {
    await expect(refuseReplay("h.p", claims, guard(() => Promise.resolve(false)).options)).resolves.toBeUndefined();
  });
});
