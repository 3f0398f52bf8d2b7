import { describe, expect, test } from "vitest";
import { readAccountId } from "../../../src/connect/claims.ts";
import type { JwtClaims } from "../../../src/jwt/claims.ts";

describe("readAccountId", () => {
  test.each<[string, object, string | undefined]>([
    ["the context's user", { sub: "s", context: { user: { accountId: "a" } } }, "a"],
    ["the subject, when the context has none", { sub: "s", context: { user: {} } }, "s"],
    ["the subject, without a context", { sub: "s" }, "s"],
    ["nobody", {}, undefined],
    ["nobody, for what is no text", { context: { user: { accountId: ["a"] } } }, undefined],
    ["nobody, for a context that is none", { context: "user" }, undefined],
    ["nobody, for null", { context: null, sub: null }, undefined],
    ["nobody, for what is inherited", { context: { user: Object.create({ accountId: "a" }) } }, undefined],
  ])("is %s", (_name, claims, expected) => {
    expect(readAccountId(claims as JwtClaims)).toBe(expected);
  });
});
