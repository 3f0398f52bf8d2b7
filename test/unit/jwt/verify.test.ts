import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { syncEngine } from "../../../src/crypto/engine.ts";
import { secretKey } from "../../../src/crypto/keys.ts";
import { privateKey, publicKey } from "../../../src/crypto/rsa-keys.ts";
import type { VerifyOptions } from "../../../src/jwt/options.ts";
import { signJwt } from "../../../src/jwt/sign.ts";
import { verifyJwt, verifyJwtWith } from "../../../src/jwt/verify.ts";
import type { KeyResolver } from "../../../src/jwt/verify.ts";
import { badType, badValue, rejection } from "../../support/failure.ts";
import { NOW, seal, sealSegments, sealText, SECRET, segment } from "../../support/token.ts";

const key = secretKey(SECRET);
const now = () => NOW;
const options: VerifyOptions = { now };
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const spki = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const pkcs8 = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

describe("verifyJwt", () => {
  it("answers header and claims", async () => {
    const token = seal({ iss: "a", context: { n: [1, null] } }, { alg: "HS256", kid: "k", zz: 1 });
    await expect(verifyJwt(token, key, options)).resolves.toEqual({
      header: { alg: "HS256", kid: "k", zz: 1 },
      claims: { exp: NOW + 60, iss: "a", context: { n: [1, null] } },
    });
  });

  it.each(["HS256", "HS384", "HS512"] as const)("takes what signJwt made with %s", async (alg) => {
    const same = secretKey(SECRET, { alg });
    const token = await signJwt({ iss: "a" }, same, { lifetime: 60, now });
    expect((await verifyJwt(token, same, options)).claims).toEqual({ iss: "a", iat: NOW, exp: NOW + 60 });
  });

  it("takes what signJwt made with RS256", async () => {
    const token = await signJwt({ iss: "a" }, privateKey(pkcs8), { lifetime: 60, now, kid: "k" });
    expect((await verifyJwt(token, publicKey(spki), options)).header).toEqual({ typ: "JWT", alg: "RS256", kid: "k" });
  });

  it("passes each option on", async () => {
    const token = seal({ iss: "i", aud: ["a"], sub: "s", iat: NOW - 10 }, { alg: "HS256", typ: "x+jwt" });
    const all: VerifyOptions = {
      now,
      issuer: "i",
      audience: "a",
      subject: "s",
      leeway: 0,
      maxAge: 10,
      maxLifetime: 70,
      requiredClaims: ["iat"],
      typ: "x+jwt",
      maxTokenLength: token.length,
    };
    await expect(verifyJwt(token, key, all)).resolves.toMatchObject({ claims: { iss: "i" } });
    const broken: [VerifyOptions, string][] = [
      [{ issuer: "j" }, "ERR_CLAIM_MISMATCH"],
      [{ audience: "b" }, "ERR_CLAIM_MISMATCH"],
      [{ subject: "t" }, "ERR_CLAIM_MISMATCH"],
      [{ now: () => NOW + 60 }, "ERR_TOKEN_EXPIRED"],
      [{ maxAge: 9 }, "ERR_TOKEN_EXPIRED"],
      [{ maxLifetime: 69 }, "ERR_CLAIM_INVALID"],
      [{ requiredClaims: ["jti"] }, "ERR_CLAIM_MISSING"],
      [{ typ: "y+jwt" }, "ERR_TOKEN_HEADER"],
      [{ maxTokenLength: token.length - 1 }, "ERR_TOKEN_TOO_LARGE"],
    ];
    for (const [change, code] of broken) {
      expect((await rejection(verifyJwt(token, key, { ...all, ...change }))).code).toBe(code);
    }
    expect((await rejection(verifyJwt(seal({ exp: undefined }), key, options))).code).toBe("ERR_CLAIM_MISSING");
    await expect(verifyJwt(seal({ exp: undefined }), key, { now, requireExp: false })).resolves.toHaveProperty("claims", {});
  });

  it("allows 30 seconds and 16384 characters unless told", async () => {
    await expect(verifyJwt(seal({ exp: NOW - 29 }), key, options)).resolves.toHaveProperty("claims");
    expect((await rejection(verifyJwt(seal({ exp: NOW - 30 }), key, options))).code).toBe("ERR_TOKEN_EXPIRED");
    const long = seal({ blob: "x".repeat(13_000) });
    expect((await rejection(verifyJwt(long, key, options))).code).toBe("ERR_TOKEN_TOO_LARGE");
    await expect(verifyJwt(long, key, { now, maxTokenLength: 65536 })).resolves.toHaveProperty("claims");
  });

  it("works on the engine that it is handed", async () => {
    await expect(verifyJwtWith(syncEngine, seal({ iss: "a" }), key, options)).resolves.toHaveProperty("claims.iss", "a");
  });
});

describe("the first failure wins", () => {
  // Each token is wrong in everything that is still to come.
  const order: [name: string, token: string, options: VerifyOptions, code: string][] = [
    ["options", "", { leeway: -1 }, "ERR_INVALID_ARG_VALUE"],
    ["size", "x".repeat(20000), {}, "ERR_TOKEN_TOO_LARGE"],
    ["form", "a.b", {}, "ERR_TOKEN_MALFORMED"],
    ["form of the payload", sealText('{"crit":1}', "[]", "wrong"), {}, "ERR_TOKEN_MALFORMED"],
    ["header", sealText('{"alg":"none","crit":1}', '{"exp":0}', "wrong"), {}, "ERR_TOKEN_HEADER"],
    ["alg", sealText('{"alg":"none"}', '{"exp":0}', "wrong"), {}, "ERR_TOKEN_ALGORITHM"],
    ["signature", seal({ exp: 0 }, { alg: "HS256" }, "wrong"), {}, "ERR_TOKEN_SIGNATURE"],
    ["claims", seal({ exp: 0 }), {}, "ERR_TOKEN_EXPIRED"],
  ];

  it.each(order)("%s", async (_, token, more, code) => {
    expect((await rejection(verifyJwt(token, key, { now, ...more }))).code).toBe(code);
  });
});

describe("the claims that were verified are the claims that are answered", () => {
  it("also when a member is named like a prototype's", async () => {
    const { claims } = await verifyJwt(seal({ constructor: 1, hasOwnProperty: 2 }), key, options);
    expect(Object.keys(claims)).toEqual(["exp", "constructor", "hasOwnProperty"]);
  });

  it("judged by the received characters, not by what we would write", async () => {
    const spaced = sealText('{ "alg" : "HS256" }', `{ "exp" : ${NOW + 60}.0e0 }`);
    expect((await verifyJwt(spaced, key, options)).claims).toEqual({ exp: NOW + 60 });
    const [header, payload, signature] = spaced.split(".") as [string, string, string];
    const same = segment(JSON.stringify(JSON.parse(Buffer.from(payload, "base64url").toString())));
    expect((await rejection(verifyJwt(`${header}.${same}.${signature}`, key, options))).code).toBe("ERR_TOKEN_SIGNATURE");
  });
});

describe("a key resolver", () => {
  it("is asked once, with what the token says of itself", async () => {
    const resolver = vi.fn<KeyResolver>(() => key);
    await verifyJwt(seal({ iss: "tenant" }, { alg: "HS256", kid: "k" }), resolver, options);
    expect(resolver.mock.calls).toEqual([
      [{ header: { alg: "HS256", kid: "k" }, claims: { exp: NOW + 60, iss: "tenant" } }],
    ]);
    await expect(verifyJwt(seal(), () => Promise.resolve(key), options)).resolves.toHaveProperty("claims");
  });

  it("is not asked about a token whose form or header is wrong", async () => {
    const resolver = vi.fn<KeyResolver>(() => key);
    for (const token of ["a.b.c", seal({}, { alg: "HS256", jku: "https://evil.example" }), sealSegments("W10", "e30")]) {
      await rejection(verifyJwt(token, resolver, options));
    }
    expect(resolver).not.toHaveBeenCalled();
  });

  it("decides the algorithm by the key that it answers", async () => {
    const wrong = await rejection(verifyJwt(seal(), () => publicKey(spki), options));
    expect(wrong).toEqual({
      name: "TokenError",
      code: "ERR_TOKEN_ALGORITHM",
      message: '"alg" header parameter is not the algorithm of the key',
    });
  });

  it("must answer a key", async () => {
    const message = badType('"key" must be made by secretKey() or publicKey()');
    for (const answer of [undefined, null, SECRET, {}, privateKey(pkcs8)]) {
      expect(await rejection(verifyJwt(seal(), (() => answer) as unknown as KeyResolver, options))).toEqual(message);
    }
  });

  it("may refuse in its own words", async () => {
    const refusal = new Error("no such tenant");
    await expect(verifyJwt(seal(), () => Promise.reject(refusal), options)).rejects.toBe(refusal);
  });
});

it("takes no key that verifies nothing", async () => {
  for (const wrong of [undefined, null, SECRET, spki, {}, pair.publicKey, privateKey(pkcs8), crypto]) {
    expect(await rejection(verifyJwt(seal(), wrong as unknown as typeof key, options))).toEqual(
      badType('"key" must be made by secretKey() or publicKey()'),
    );
  }
});

it("looks at the key before the token, and at the options before the key", async () => {
  const wrong = undefined as unknown as typeof key;
  expect((await rejection(verifyJwt("", wrong, options))).code).toBe("ERR_INVALID_ARG_TYPE");
  expect(await rejection(verifyJwt("", wrong, { leeway: 301 }))).toEqual(
    badValue('"options.leeway" must be 0 to 300 seconds'),
  );
});
