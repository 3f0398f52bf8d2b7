import { describe, expectTypeOf, it } from "vitest";
import { privateKey, publicKey, secretKey, signJwt, verifyJwt } from "../../src/index.ts";
import type { KeyResolver, PrivateKey, PublicKey, SecretKey } from "../../src/index.ts";
import { signJwtSync, syncEngine, verifyJwtSync } from "../../src/sync.ts";

declare const secret: SecretKey;
declare const verifying: PublicKey;
declare const signing: PrivateKey;
declare const pem: string;

describe("what makes a key", () => {
  it("answers the kind that it says", () => {
    expectTypeOf(secretKey("secret")).toEqualTypeOf<SecretKey>();
    expectTypeOf(secretKey(new Uint8Array(32), { alg: "HS512" })).toEqualTypeOf<SecretKey>();
    expectTypeOf(publicKey(pem)).toEqualTypeOf<PublicKey>();
    expectTypeOf(privateKey(pem, { passphrase: "p" })).toEqualTypeOf<PrivateKey>();
    expectTypeOf(publicKey({} as CryptoKey)).toEqualTypeOf<PublicKey>();
    expectTypeOf(publicKey({} as JsonWebKey)).toEqualTypeOf<PublicKey>();
  });

  it("takes no other material and no other option", () => {
    // @ts-expect-error a number is no secret
    secretKey(12);
    // @ts-expect-error a secret may be missing from the environment
    secretKey(undefined as string | undefined);
    // @ts-expect-error RS256 is no keyed hash
    secretKey(pem, { alg: "RS256" });
    // @ts-expect-error none is nothing
    secretKey(pem, { alg: "none" });
    // @ts-expect-error the option is spelt in full
    secretKey(pem, { allowShort: true });
    // @ts-expect-error DER is no text
    publicKey(new Uint8Array());
    // @ts-expect-error only a private key has a passphrase
    publicKey(pem, { passphrase: "p" });
    // @ts-expect-error the algorithm of a public key is RS256
    publicKey(pem, { alg: "RS256" });
    // @ts-expect-error bytes are no passphrase
    privateKey(pem, { passphrase: new Uint8Array() });
  });

  it("keeps the three apart", () => {
    expectTypeOf<SecretKey>().not.toExtend<PublicKey>();
    expectTypeOf<PublicKey>().not.toExtend<SecretKey>();
    expectTypeOf<PublicKey>().not.toExtend<PrivateKey>();
    expectTypeOf<PrivateKey>().not.toExtend<PublicKey>();
    // @ts-expect-error what looks like a key is none
    expectTypeOf<{ type: "secret"; algorithm: SecretKey["algorithm"] }>().toExtend<SecretKey>();
  });
});

describe("a key where it does not belong", () => {
  it("signJwt takes a secret or a private key", () => {
    void signJwt({}, secret);
    void signJwt({}, signing);
    // @ts-expect-error a public key signs nothing
    void signJwt({}, verifying);
    // @ts-expect-error a secret is made into a key first
    void signJwt({}, "secret");
    // @ts-expect-error a CryptoKey is made into a key first
    void signJwt({}, {} as CryptoKey);
    // @ts-expect-error a resolver is for verifying
    void signJwt({}, () => secret);
  });

  it("verifyJwt takes a secret, a public key, or who chooses one", () => {
    void verifyJwt("t", secret);
    void verifyJwt("t", verifying);
    void verifyJwt("t", () => secret);
    void verifyJwt("t", () => Promise.resolve(verifying));
    // @ts-expect-error a private key verifies nothing
    void verifyJwt("t", signing);
    // @ts-expect-error a secret is made into a key first
    void verifyJwt("t", "secret");
    // @ts-expect-error a PEM is made into a key first
    void verifyJwt("t", pem);
    // @ts-expect-error one key, not a list to try
    void verifyJwt("t", [secret, verifying]);
    // @ts-expect-error a resolver answers a key or throws
    void verifyJwt("t", () => undefined);
    // @ts-expect-error a resolver answers no text
    void verifyJwt("t", () => "secret");
  });

  it("the synchronous twins take a secret", () => {
    signJwtSync({}, secret);
    verifyJwtSync("t", secret);
    // @ts-expect-error RS256 is not synchronous
    signJwtSync({}, signing);
    // @ts-expect-error RS256 is not synchronous
    verifyJwtSync("t", verifying);
    // @ts-expect-error nobody can be asked
    verifyJwtSync("t", () => secret);
    expectTypeOf(syncEngine.sign(secret, "input")).toEqualTypeOf<Uint8Array>();
    expectTypeOf(syncEngine.verify(secret, "input", new Uint8Array())).toEqualTypeOf<boolean>();
  });

  it("a place for a public key takes no secret, so that none can be confused", () => {
    const needsPublic = (key: PublicKey): PublicKey => key;
    const needsSecret = (key: SecretKey): SecretKey => key;
    needsPublic(verifying);
    needsSecret(secret);
    // @ts-expect-error a secret is no public key
    needsPublic(secret);
    // @ts-expect-error a private key is no public key
    needsPublic(signing);
    // @ts-expect-error a public key is no secret
    needsSecret(verifying);
    // @ts-expect-error text is no key
    needsSecret("secret");
  });

  it("a resolver sees what is not proven, and must not take it for proven", () => {
    const resolver: KeyResolver = ({ header, claims }) => {
      expectTypeOf(header.kid).toEqualTypeOf<string | undefined>();
      if (typeof claims["iss"] !== "string") throw new Error("no issuer");
      return secret;
    };
    void resolver;
  });
});
