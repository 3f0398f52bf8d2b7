import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import * as fc from "fast-check";
import { importSPKI, jwtVerify } from "jose";
import type { JWTVerifyOptions } from "jose";
import { describe, expect, it } from "vitest";
import { secretKey } from "../../src/crypto/keys.ts";
import { publicKey } from "../../src/crypto/rsa-keys.ts";
import { AuthError } from "../../src/errors.ts";
import type { VerifyOptions } from "../../src/jwt/options.ts";
import { verifyJwt } from "../../src/jwt/verify.ts";
import type { VerifiedJwt } from "../../src/jwt/verify.ts";
import { attackKey, attackOptions, attackToken, tokenAttacks } from "../support/attacks.ts";
import type { TokenAttack } from "../support/attacks.ts";
import { NOW, seal, sealSegments, sealText, SECRET, segment } from "../support/token.ts";

/**
 * The witness: every token that we accept, jose accepts too, with the same key, algorithm and clock, and reads the same
 * claims in it. Our accepted set is a subset of jose's; it is allowed to be smaller.
 */
const secret = new TextEncoder().encode(SECRET);
const key = secretKey(SECRET);
const clock: VerifyOptions = { now: () => NOW };
const joseClock: JWTVerifyOptions = { currentDate: new Date(NOW * 1000), clockTolerance: 30 };
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const spki = pair.publicKey.export({ type: "spki", format: "pem" }).toString();

async function ours(run: () => Promise<VerifiedJwt>): Promise<VerifiedJwt | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AuthError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Mostly what is right, now and then what is not: else nothing would come through. */
function mostly<T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

/** Answers whether we took it; where we did, jose did, and reads the same. */
async function subset(token: string, options: VerifyOptions = {}, joseOptions: JWTVerifyOptions = {}): Promise<boolean> {
  const mine = await ours(() => verifyJwt(token, key, { ...clock, ...options }));
  if (mine === undefined) return false;
  const theirs = await jwtVerify(token, secret, { ...joseClock, algorithms: ["HS256"], ...joseOptions });
  expect(theirs.payload).toEqual(mine.claims);
  expect(theirs.protectedHeader).toEqual(mine.header);
  return true;
}

describe("every token that we accept, jose accepts with the same claims", () => {
  it("claims around every edge", async () => {
    const nonsense = fc.constantFrom(0, -1, NOW * 1000, null, "1", true, "", [], ["a"], [1], {});
    const later = fc.oneof(fc.integer({ min: NOW - 31, max: NOW + 90 }), fc.double({ min: NOW - 31, max: NOW + 90, noNaN: true }));
    const before = fc.oneof(fc.integer({ min: NOW - 90, max: NOW + 31 }), fc.double({ min: NOW - 90, max: NOW + 31, noNaN: true }));
    const text = mostly(fc.constantFrom("a", "b"), nonsense);
    const claims = fc.record(
      {
        iss: text,
        aud: mostly(fc.constantFrom<unknown>("a", "b", ["a"], ["b", "a"], []), nonsense),
        sub: text,
        exp: mostly(later, nonsense),
        nbf: mostly(before, nonsense),
        iat: mostly(before, nonsense),
        jti: text,
      },
      { requiredKeys: ["exp"] },
    );
    const how = fc.record(
      { issuer: fc.constantFrom("a", "b"), audience: fc.constantFrom("a", "b"), subject: fc.constantFrom("a", "b") },
      { requiredKeys: [] },
    );
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(claims, how, fc.boolean(), async (given, options, requireExp) => {
        const token = sealText('{"alg":"HS256"}', JSON.stringify(given));
        if (await subset(token, { ...options, requireExp }, options)) accepted++;
      }),
      { numRuns: 4000, seed: 50 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it("ages and lifetimes", async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -200, max: 40 }), fc.integer({ min: 1, max: 200 }), fc.nat(150), async (iat, life, maxAge) => {
        const token = seal({ iat: NOW + iat, exp: NOW + iat + life });
        if (await subset(token, { maxAge }, { maxTokenAge: maxAge })) accepted++;
      }),
      { numRuns: 1500, seed: 51 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it("headers of every kind", async () => {
    const value = fc.constantFrom<unknown>("HS256", "JWT", "none", "HS512", null, 1, [], ["exp"], {}, "", false, true);
    const member = mostly(fc.constant(undefined), value);
    const header = fc.record(
      {
        alg: mostly(fc.constant("HS256"), value),
        typ: mostly(fc.constantFrom("JWT", "jwt", "application/jwt", undefined), value),
        kid: mostly(fc.constantFrom("1", ""), value),
        crit: member,
        b64: member,
        zip: member,
        jwk: member,
        cty: value,
        x: value,
      },
      { requiredKeys: [] },
    );
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(header, async (given) => {
        if (await subset(seal({}, given))) accepted++;
      }),
      { numRuns: 3000, seed: 52 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it("JSON of every grammar, and segments of every spelling", async () => {
    const piece = fc.constantFrom("{", "}", "[", "]", ":", ",", '"', "\\", "\\u0061", "a", "exp", '"exp":', String(NOW + 9), "1e3", " ", "\n", "\ufeff", "\u0000", "null", "\u00e9");
    const payload = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((parts) => `{"exp":${NOW + 60},"x":${parts.join("")}}`),
      fc.json().map((json) => `{"exp":${NOW + 60},"x":${json}}`),
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join("")),
    );
    const tail = fc.constantFrom("", "=", "A", " ", "\n", "_");
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(payload, tail, tail, async (text, first, second) => {
        const token = sealSegments(segment('{"alg":"HS256"}') + first, segment(text) + second);
        if (await subset(token)) accepted++;
      }),
      { numRuns: 4000, seed: 53 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it("RS256, with signatures that are right and almost right", async () => {
    const verifying = publicKey(spki);
    const witness = await importSPKI(spki, "RS256");
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("sha256", "sha1", "sha512"), fc.constantFrom("RS256", "RS512", "PS256"), fc.nat(300), async (hash, alg, cut) => {
        const input = `${segment(JSON.stringify({ alg }))}.${segment(`{"exp":${NOW + 60}}`)}`;
        const token = `${input}.${segment(sign(hash, Buffer.from(input), pair.privateKey).subarray(0, 256 - (cut % 3)))}`;
        const mine = await ours(() => verifyJwt(token, verifying, clock));
        if (mine === undefined) return;
        accepted++;
        expect((await jwtVerify(token, witness, { ...joseClock, algorithms: ["RS256"] })).payload).toEqual(mine.claims);
      }),
      { numRuns: 300, seed: 54 },
    );
    expect(accepted).toBeGreaterThan(5);
  });

  it("the corpus of attacks, and its controls", async () => {
    const runs = tokenAttacks.filter(({ id, key: name }) => id !== "A093" && id !== "A094" && typeof name === "string");
    let accepted = 0;
    for (const attack of runs) {
      const mine = await ours(() => verifyJwt(attackToken(attack), attackKey(attack), attackOptions(attack)));
      if (mine === undefined) continue;
      accepted++;
      expect((await joseAnswer(attack)).payload).toEqual(mine.claims);
    }
    expect(accepted).toBe(runs.filter(({ level }) => level === "control").length);
  });
});

async function joseAnswer(attack: TokenAttack): ReturnType<typeof jwtVerify> {
  const { options } = attack;
  const imported = await attackKey(attack).cryptoKey(crypto.subtle);
  return jwtVerify(attackToken(attack), imported, {
    algorithms: options["algorithms"] as string[],
    currentDate: new Date((options["now"] as number) * 1000),
    clockTolerance: options["leewaySec"] as number,
    ...(options["audience"] === undefined ? {} : { audience: options["audience"] as string }),
  });
}

it("the witness is awake: it refuses what is wrong", async () => {
  const wrong = createHmac("sha256", "another").update("a.b").digest("base64url");
  await expect(jwtVerify(`${segment('{"alg":"HS256"}')}.e30.${wrong}`, secret)).rejects.toThrow("signature verification failed");
});
