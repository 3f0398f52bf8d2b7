import { describe, expectTypeOf, it } from "vitest";
import { decodeJwt, secretKey, signJwt, verifyJwt } from "../../src/index.ts";
import type { DecodedJwt, JsonValue, JwtClaims, SignOptions, Unverified, VerifiedJwt, VerifyOptions } from "../../src/index.ts";
import { verifyJwtSync } from "../../src/sync.ts";

const key = secretKey("secret");
declare function grantAccess(claims: JwtClaims): void;
declare function trust(jwt: VerifiedJwt): void;

describe("what is verified, and what is not", () => {
  it("verified claims fit where verified claims are asked for", async () => {
    const verified = await verifyJwt("t", key);
    expectTypeOf(verified).toEqualTypeOf<VerifiedJwt>();
    expectTypeOf(verifyJwtSync("t", key)).toEqualTypeOf<VerifiedJwt>();
    grantAccess(verified.claims);
    trust(verified);
  });

  it("decoded claims do not", () => {
    const decoded = decodeJwt("t");
    expectTypeOf(decoded).toEqualTypeOf<DecodedJwt>();
    expectTypeOf(decoded.claims).toEqualTypeOf<Unverified<JwtClaims>>();
    // @ts-expect-error nothing of it is proven
    grantAccess(decoded.claims);
    // @ts-expect-error nothing of it is proven
    trust(decoded);
    // @ts-expect-error not by way of a variable either
    const claims: JwtClaims = decoded.claims;
    void claims;
    // @ts-expect-error nor by way of a copy
    grantAccess({ ...decoded.claims });
  });

  it("unverified claims can be read, which is what they are for; their types are not proven either", () => {
    const { claims, header } = decodeJwt("t");
    expectTypeOf(claims["iss"]).toEqualTypeOf<JsonValue | undefined>();
    expectTypeOf(claims["exp"]).toEqualTypeOf<JsonValue | undefined>();
    expectTypeOf(header.alg).toEqualTypeOf<string | undefined>();
    const find = (clientKey: string): string => clientKey;
    // @ts-expect-error it may be a number, or a list
    find(claims["iss"]);
    if (typeof claims["iss"] === "string") find(claims["iss"]);
  });

  it("a promise is not a token that is verified", () => {
    // @ts-expect-error it must be awaited
    trust(verifyJwt("t", key));
  });

  it("what was verified cannot be changed", async () => {
    const { claims, header } = await verifyJwt("t", key);
    // @ts-expect-error claims are read only
    claims.iss = "other";
    // @ts-expect-error the header is read only
    header.alg = "none";
  });
});

describe("options of verifyJwt", () => {
  it("are those that there are", () => {
    const all: VerifyOptions = {
      issuer: ["a", "b"],
      audience: "c",
      subject: "d",
      leeway: 30,
      now: () => 0,
      maxAge: 1,
      maxLifetime: 1,
      requireExp: false,
      requiredClaims: ["jti"],
      typ: "JWT",
      maxTokenLength: 1,
    };
    void verifyJwt("t", key, all);
    void verifyJwt("t", key, {});
  });

  it("and no others", () => {
    // @ts-expect-error the key decides the algorithm
    void verifyJwt("t", key, { algorithms: ["HS256"] });
    // @ts-expect-error it is called leeway
    void verifyJwt("t", key, { clockTolerance: 30 });
    // @ts-expect-error it is called issuer
    void verifyJwt("t", key, { iss: "a" });
    // @ts-expect-error no check can be switched off by this name
    void verifyJwt("t", key, { ignoreExpiration: true });
  });

  it("are of their types", () => {
    // @ts-expect-error seconds are a number
    void verifyJwt("t", key, { leeway: "30" });
    // @ts-expect-error a clock is a function
    void verifyJwt("t", key, { now: 1_800_000_000 });
    // @ts-expect-error a clock answers at once
    void verifyJwt("t", key, { now: () => Promise.resolve(0) });
    // @ts-expect-error a clock answers seconds, not a date
    void verifyJwt("t", key, { now: () => new Date() });
    // @ts-expect-error an issuer is text, not a pattern
    void verifyJwt("t", key, { issuer: /a/ });
    // @ts-expect-error one subject
    void verifyJwt("t", key, { subject: ["a"] });
    // @ts-expect-error a list of names
    void verifyJwt("t", key, { requiredClaims: "exp" });
    // @ts-expect-error nothing falsy
    void verifyJwt("t", key, { requireExp: 0 });
    // @ts-expect-error an option is there or it is not
    void verifyJwt("t", key, { issuer: undefined });
    // @ts-expect-error a token is text
    void verifyJwt(undefined as string | undefined, key);
  });
});

describe("signJwt", () => {
  it("takes claims and options of their types", () => {
    const options: SignOptions = { kid: "1", typ: "JWT", lifetime: 180, now: () => 0 };
    expectTypeOf(signJwt({ iss: "a", context: { user: [1, null, "x"] } }, key, options)).toEqualTypeOf<Promise<string>>();
  });

  it("and no others", () => {
    // @ts-expect-error seconds are a number
    void signJwt({ exp: "soon" }, key);
    // @ts-expect-error an audience is text
    void signJwt({ aud: 5 }, key);
    // @ts-expect-error a date is no JSON
    void signJwt({ when: new Date() }, key);
    // @ts-expect-error a bigint is no JSON
    void signJwt({ n: 1n }, key);
    // @ts-expect-error seconds are a number
    void signJwt({}, key, { lifetime: "3m" });
    // @ts-expect-error it is called lifetime
    void signJwt({}, key, { expiresIn: 180 });
    // @ts-expect-error the key decides the algorithm
    void signJwt({}, key, { alg: "HS512" });
    // @ts-expect-error what was decoded is not signed on by accident
    void signJwt(decodeJwt("t").claims, key);
  });
});
