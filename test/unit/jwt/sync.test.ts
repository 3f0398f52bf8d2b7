import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { secretKey } from "../../../src/crypto/keys.ts";
import { publicKey } from "../../../src/crypto/rsa-keys.ts";
import type { VerifyOptions } from "../../../src/jwt/options.ts";
import { signJwt } from "../../../src/jwt/sign.ts";
import { signJwtSync, verifyJwtSync } from "../../../src/jwt/sync.ts";
import { verifyJwt } from "../../../src/jwt/verify.ts";
import { badType, badValue, failure, rejection } from "../../support/failure.ts";
import { NOW, seal, sealText, SECRET } from "../../support/token.ts";

const key = secretKey(SECRET);
const now = () => NOW;
const options: VerifyOptions = { now };
const hs512 = secretKey(SECRET, { alg: "HS512" });
const HS256_ONLY = {
  name: "UnsupportedError",
  code: "ERR_UNSUPPORTED_RUNTIME",
  message: "the synchronous engine speaks HS256 only",
};

describe("signJwtSync", () => {
  it("writes what signJwt writes", async () => {
    const claims = { iss: "a", aud: ["b"], context: { "\u5bae": null } };
    const how = { lifetime: 180, kid: "k", now };
    expect(signJwtSync(claims, key, how)).toBe(await signJwt(claims, key, how));
  });

  it("makes the same mistakes known, at once", () => {
    expect(failure(() => signJwtSync({}, key))).toEqual(
      badValue('"options.lifetime" or "claims.exp" must be given, and not both'),
    );
    expect(failure(() => signJwtSync({ iss: "" }, key, { lifetime: 1 }))).toEqual(
      badValue('"claims" must have registered claims of their registered types'),
    );
    expect(failure(() => signJwtSync({}, SECRET as never, { lifetime: 1 }))).toEqual(
      badType('"key" must be made by secretKey()'),
    );
  });

  it("speaks HS256 only", () => {
    expect(failure(() => signJwtSync({}, hs512, { lifetime: 1 }))).toEqual(HS256_ONLY);
  });
});

describe("verifyJwtSync", () => {
  it("answers what verifyJwt answers", async () => {
    const token = seal({ iss: "a" }, { alg: "HS256", kid: "k" });
    expect(verifyJwtSync(token, key, options)).toEqual(await verifyJwt(token, key, options));
  });

  it.each([
    ["options", "", { leeway: -1 }],
    ["size", "x".repeat(20000), {}],
    ["form", "a.b", {}],
    ["payload", sealText('{"crit":1}', "[]"), {}],
    ["header", sealText('{"alg":"none","crit":1}', '{"exp":0}'), {}],
    ["alg", sealText('{"alg":"none"}', '{"exp":0}'), {}],
    ["signature", seal({ exp: 0 }, { alg: "HS256" }, "wrong"), {}],
    ["time", seal({ exp: 0 }), {}],
    ["issuer", seal({ iss: "a" }), { issuer: "b" }],
  ] as [string, string, VerifyOptions][])("fails as verifyJwt fails: %s", async (_, token, more) => {
    const expected = await rejection(verifyJwt(token, key, { now, ...more }));
    expect(failure(() => verifyJwtSync(token, key, { now, ...more }))).toEqual(expected);
  });

  it("speaks HS256 only: a token of HS512 is no exception", async () => {
    const token = await signJwt({}, hs512, { lifetime: 60, now });
    expect(failure(() => verifyJwtSync(token, hs512, options))).toEqual(HS256_ONLY);
  });

  it("takes neither a public key nor a resolver", () => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const rsa = publicKey(pair.publicKey.export({ type: "spki", format: "pem" }).toString());
    for (const wrong of [rsa, () => key, SECRET, undefined]) {
      expect(failure(() => verifyJwtSync(seal(), wrong as never, options))).toEqual(
        badType('"key" must be made by secretKey()'),
      );
    }
  });
});
