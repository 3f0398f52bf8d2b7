import { describe, expect, it } from "vitest";
import { secretKey } from "../../src/crypto/keys.ts";
import type { HmacName } from "../../src/crypto/algorithms.ts";
import { publicKey } from "../../src/crypto/rsa-keys.ts";
import { isAuthError } from "../../src/errors.ts";
import type { AuthErrorCode } from "../../src/errors.ts";
import type { VerifyOptions } from "../../src/jwt/options.ts";
import { verifyJwtSync } from "../../src/jwt/sync.ts";
import { verifyJwt } from "../../src/jwt/verify.ts";
import type { JsonObject } from "../../src/types.ts";
import { revive } from "../support/vectors.ts";
import file from "./data/tokens.json" with { type: "json" };

interface TokenVector {
  name: string;
  level: string;
  alg: HmacName | "RS256";
  at: number;
  leeway: number;
  token: string;
  secret?: string;
  publicKey?: string;
  requires?: string[];
  issuer?: string;
  audience?: string;
  expect: string;
  altExpect?: string[];
  claims?: JsonObject;
  request?: unknown;
  install?: unknown;
  forge?: unknown;
}

/** The kinds of the file, by our codes. */
const codes: Readonly<Record<string, readonly (AuthErrorCode | "ok")[]>> = {
  ok: ["ok"],
  malformed: ["ERR_TOKEN_MALFORMED"],
  algorithm: ["ERR_TOKEN_ALGORITHM"],
  header: ["ERR_TOKEN_HEADER"],
  unsupported: ["ERR_TOKEN_HEADER"],
  signature: ["ERR_TOKEN_SIGNATURE"],
  expired: ["ERR_TOKEN_EXPIRED"],
  notBefore: ["ERR_TOKEN_NOT_YET_VALID"],
  claim: ["ERR_CLAIM_MISSING", "ERR_CLAIM_INVALID", "ERR_CLAIM_MISMATCH"],
  issuer: ["ERR_CLAIM_MISMATCH"],
  audience: ["ERR_CLAIM_MISMATCH"],
  key: ["ERR_KEY_INVALID"],
};

/** What we do where the file lets everyone choose: the strictness profile, rule by rule. */
const policy: Readonly<Record<string, AuthErrorCode | "ok">> = {
  "claim: iat as string": "ERR_CLAIM_INVALID", // S18
  "claim: iat in the future": "ERR_TOKEN_NOT_YET_VALID", // S19
  "claim: iat missing": "ERR_CLAIM_MISSING",
  "claim: iss number": "ERR_CLAIM_INVALID", // S8
  "confusion: HS256 verify with PEM public key as the secret is refused": "ERR_KEY_INVALID", // S14
  "header: b64 false crit": "ERR_TOKEN_HEADER", // S10
  "malformed: BOM before payload JSON": "ERR_TOKEN_MALFORMED", // S6
  "malformed: surrounding spaces": "ERR_TOKEN_MALFORMED", // S4
  "rs256: PEM with surrounding blank lines": "ok", // S15
  "rs256: PKCS#1 public PEM": "ok", // DESIGN section 4: it is wrapped
  "signature: padded": "ERR_TOKEN_MALFORMED", // S4
  "signature: standard base64 alphabet": "ERR_TOKEN_MALFORMED", // S4
  "time: exp before nbf": "ok",
  "time: exp equals now": "ERR_TOKEN_EXPIRED", // S19
};

const all = (revive(file) as { vectors: TokenVector[] }).vectors;
/** Those that need no request, no install and no invocation around them: they have runners of their own. */
const vectors = all.filter((vector) => ["request", "install", "forge"].every((context) => !(context in vector)));

const keyOf = ({ secret, publicKey: pem, alg }: TokenVector) =>
  secret === undefined
    ? publicKey(pem as string)
    : secretKey(secret, { alg: alg as HmacName, allowShortSecret: true });

function optionsOf({ at, leeway, requires, issuer, audience }: TokenVector): VerifyOptions {
  return {
    now: () => at,
    leeway,
    ...(requires === undefined ? {} : { requiredClaims: requires }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
}

/** The code of what happens, and the claims that were proven. */
async function outcome(verify: () => unknown): Promise<{ code: string; claims?: unknown }> {
  try {
    const { claims } = (await verify()) as { claims: unknown };
    return { code: "ok", claims };
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return { code: error.code };
  }
}

function expectOutcome(vector: TokenVector, { code, claims }: { code: string; claims?: unknown }): void {
  const kinds = [vector.expect, ...(vector.altExpect ?? [])];
  expect(kinds.flatMap((kind) => codes[kind] ?? [])).toContain(code);
  if (vector.level === "policy") expect(code).toBe(policy[vector.name]);
  if (code === "ok" && vector.claims !== undefined) expect(claims).toEqual(vector.claims);
}

it("holds the vectors that it is thought to hold", () => {
  expect([all.length, vectors.length]).toEqual([135, 102]);
  const kinds = vectors.flatMap(({ expect: kind, altExpect = [] }) => [kind, ...altExpect]);
  expect(kinds.filter((kind) => !(kind in codes))).toEqual([]);
  expect(vectors.filter(({ level }) => level === "policy").map(({ name }) => name).sort()).toEqual(Object.keys(policy).sort());
});

describe("verifyJwt", () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))("%s", async (_, vector) => {
    expectOutcome(vector, await outcome(async () => verifyJwt(vector.token, keyOf(vector), optionsOf(vector))));
  });
});

describe("verifyJwtSync", () => {
  const hs256 = vectors.filter(({ alg }) => alg === "HS256");
  it.each(hs256.map((vector) => [vector.name, vector] as const))("%s", async (_, vector) => {
    const key = () => secretKey(vector.secret as string, { allowShortSecret: true });
    expectOutcome(vector, await outcome(() => verifyJwtSync(vector.token, key(), optionsOf(vector))));
  });
});

it("refuses a token that brings keys of its own, which peers ignore (S11)", async () => {
  const vector = vectors.find(({ name }) => name === "valid: jku/jwk/x5u header members ignored") as TokenVector;
  expect(await outcome(() => verifyJwt(vector.token, keyOf(vector), optionsOf(vector)))).toEqual({ code: "ERR_TOKEN_HEADER" });
});
