import { createHmac, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { syncEngine } from "../../../src/crypto/engine.ts";
import { secretKey } from "../../../src/crypto/keys.ts";
import { privateKey, publicKey } from "../../../src/crypto/rsa-keys.ts";
import type { JwtClaims } from "../../../src/jwt/claims.ts";
import { signJwt, signJwtWith } from "../../../src/jwt/sign.ts";
import type { SignOptions } from "../../../src/jwt/sign.ts";
import { badType, badValue, rejection } from "../../support/failure.ts";
import { NOW, SECRET } from "../../support/token.ts";

const key = secretKey(SECRET);
const now = () => NOW;
const read = (token: string, index: number): unknown =>
  JSON.parse(Buffer.from(token.split(".")[index] as string, "base64url").toString("utf8"));

describe("signJwt", () => {
  it("writes typ, alg, the claims and the two times", async () => {
    const token = await signJwt({ iss: "app", sub: "42" }, key, { lifetime: 180, now });
    const [header, payload, signature] = token.split(".") as [string, string, string];
    expect(Buffer.from(header, "base64url").toString()).toBe('{"typ":"JWT","alg":"HS256"}');
    expect(Buffer.from(payload, "base64url").toString()).toBe(
      `{"iss":"app","sub":"42","iat":${NOW},"exp":${NOW + 180}}`,
    );
    expect(signature).toBe(createHmac("sha256", SECRET).update(`${header}.${payload}`).digest("base64url"));
  });

  it.each([
    ["HS384", "sha384"],
    ["HS512", "sha512"],
  ] as const)("speaks %s", async (alg, hash) => {
    const token = await signJwt({}, secretKey(SECRET, { alg }), { lifetime: 1, now });
    const input = token.slice(0, token.lastIndexOf("."));
    expect(read(token, 0)).toEqual({ typ: "JWT", alg });
    expect(token).toBe(`${input}.${createHmac(hash, SECRET).update(input).digest("base64url")}`);
  });

  it("speaks RS256", async () => {
    const pem = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const token = await signJwt({}, privateKey(pem.privateKey), { lifetime: 1, kid: "k", now });
    const at = token.lastIndexOf(".");
    expect(read(token, 0)).toEqual({ typ: "JWT", alg: "RS256", kid: "k" });
    const signature = Buffer.from(token.slice(at + 1), "base64url");
    expect(verify("sha256", Buffer.from(token.slice(0, at)), createPublicKey(pem.publicKey), signature)).toBe(true);
  });

  it("signs on the engine that it is handed", async () => {
    const options = { lifetime: 1, now };
    expect(await signJwtWith(syncEngine, { iss: "a" }, key, options)).toBe(await signJwt({ iss: "a" }, key, options));
  });

  it("takes kid and typ", async () => {
    expect(read(await signJwt({}, key, { lifetime: 1, kid: "1", typ: "secevent+jwt" }), 0)).toEqual({
      typ: "secevent+jwt",
      alg: "HS256",
      kid: "1",
    });
  });

  it("lets no claim change the header", async () => {
    expect(read(await signJwt({ alg: "none", typ: "x", kid: "y" }, key, { lifetime: 1, now }), 0)).toEqual({
      typ: "JWT",
      alg: "HS256",
    });
  });
});

describe("what is signed", () => {
  const whole = { iss: "app", iat: NOW, exp: NOW + 60 };

  it("are the claims that were checked: those of an object that would write itself otherwise, too", async () => {
    class Claims {
      toJSON(): object {
        return { iss: "another" };
      }
    }
    expect(read(await signJwt(Object.assign(new Claims() as object, whole), key), 1)).toEqual(whole);
  });

  it("may have a claim of that name", async () => {
    expect(read(await signJwt({ ...whole, toJSON: "text" }, key), 1)).toEqual({ ...whole, toJSON: "text" });
  });
});

describe("the times", () => {
  afterEach(() => void vi.useRealTimers());

  it("come from the platform's clock, in whole seconds, unless told", async () => {
    vi.useFakeTimers({ now: 1_700_000_000_900 });
    expect(read(await signJwt({}, key, { lifetime: 60 }), 1)).toEqual({ iat: 1_700_000_000, exp: 1_700_000_060 });
  });

  it("count from iat, where the claims have one", async () => {
    expect(read(await signJwt({ iat: 5 }, key, { lifetime: 60 }), 1)).toEqual({ iat: 5, exp: 65 });
    expect(read(await signJwt({ iat: 0 }, key, { lifetime: 0.5 }), 1)).toEqual({ iat: 0, exp: 0.5 });
  });

  it("may be the caller's own", async () => {
    expect(read(await signJwt({ exp: NOW + 9, iat: NOW - 9 }, key), 1)).toEqual({ exp: NOW + 9, iat: NOW - 9 });
    expect(read(await signJwt({ exp: 0 }, key, { now }), 1)).toEqual({ exp: 0, iat: NOW });
  });

  it("are never left out, and never said twice", async () => {
    const message = badValue('"options.lifetime" or "claims.exp" must be given, and not both');
    expect(await rejection(signJwt({}, key))).toEqual(message);
    expect(await rejection(signJwt({}, key, {}))).toEqual(message);
    expect(await rejection(signJwt({ exp: undefined } as unknown as JwtClaims, key))).toEqual(message);
    expect(await rejection(signJwt(Object.create({ exp: NOW }) as JwtClaims, key))).toEqual(message);
    expect(await rejection(signJwt({}, key, Object.create({ lifetime: 5 }) as SignOptions))).toEqual(message);
    expect(await rejection(signJwt({ exp: NOW }, key, { lifetime: 1 }))).toEqual(message);
  });

  it("want a lifetime in seconds", async () => {
    for (const lifetime of [-1, NaN, Infinity, 253402300800]) {
      expect(await rejection(signJwt({}, key, { lifetime }))).toEqual(
        badValue('"options.lifetime" must be 0 to 253402300799 seconds'),
      );
    }
    for (const lifetime of ["60", null, true]) {
      expect(await rejection(signJwt({}, key, { lifetime } as unknown as SignOptions))).toEqual(
        badType('"options.lifetime" must be a number of seconds'),
      );
    }
  });

  it("want a clock that answers seconds", async () => {
    expect(await rejection(signJwt({}, key, { lifetime: 1, now: () => NaN }))).toEqual(
      badValue('"options.now" must return seconds since the epoch'),
    );
  });
});

describe("the caller's mistakes", () => {
  it("a key that signs nothing", async () => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const verifying = publicKey(pair.publicKey.export({ type: "spki", format: "pem" }).toString());
    for (const wrong of [SECRET, undefined, null, {}, { type: "secret" }, pair.privateKey, verifying]) {
      expect(await rejection(signJwt({}, wrong as unknown as typeof key, { lifetime: 1 }))).toEqual(
        badType('"key" must be made by secretKey() or privateKey()'),
      );
    }
  });

  it("claims that are no object", async () => {
    for (const claims of [undefined, null, "{}", 1, [], [["iss", "a"]]]) {
      expect(await rejection(signJwt(claims as unknown as JwtClaims, key, { lifetime: 1 }))).toEqual(
        badType('"claims" must be an object'),
      );
    }
  });

  it("registered claims that no verifier would take", async () => {
    const message = badValue('"claims" must have registered claims of their registered types');
    for (const claims of [{ iss: "" }, { iss: 1 }, { aud: [1] }, { nbf: "1" }, { iat: NOW * 1000 }, { sub: "\ud800" }, { iat: null }]) {
      expect(await rejection(signJwt(claims as JwtClaims, key, { lifetime: 1 }))).toEqual(message);
    }
    expect(await rejection(signJwt({ iat: 253402300799 }, key, { lifetime: 1 }))).toEqual(message);
    expect(await rejection(signJwt({ exp: "1" } as unknown as JwtClaims, key))).toEqual(message);
  });

  it("claims that are no JSON, without quoting them", async () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    const throwing = {
      toJSON() {
        throw new Error("quotes a secret");
      },
    };
    const getter = Object.defineProperty({}, "sub", { enumerable: true, get: throwing.toJSON });
    const proxy = new Proxy({}, { ownKeys: throwing.toJSON });
    const times = [1n, Symbol("s"), [{ toString: "" }], { valueOf: throwing.toJSON }].map((iat) => ({ iat }));
    for (const claims of [{ a: cycle }, { a: 1n }, { a: throwing }, getter, proxy, ...times]) {
      expect(await rejection(signJwt(claims as unknown as JwtClaims, key, { lifetime: 1 }))).toEqual(
        badValue('"claims" must be JSON'),
      );
    }
  });

  it("kid and typ that are no text", async () => {
    for (const name of ["kid", "typ"]) {
      for (const value of ["", null, 1, ["a"], "\ud800"]) {
        expect(await rejection(signJwt({}, key, { lifetime: 1, [name]: value } as unknown as SignOptions))).toEqual(
          badType(`"options.${name}" must be a non-empty string`),
        );
      }
    }
  });

  it("options that are none", async () => {
    for (const options of [null, 180, "180"]) {
      expect(await rejection(signJwt({ exp: NOW }, key, options as unknown as SignOptions))).toEqual(
        badType('"options" must be an object'),
      );
    }
  });
});
