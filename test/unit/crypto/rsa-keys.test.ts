import { constants, createSign, createVerify, generateKeyPairSync, webcrypto } from "node:crypto";
import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { RS256, RSA_SHA1 } from "../../../src/crypto/algorithms.ts";
import { signRsa, verifyRsa } from "../../../src/crypto/engine.ts";
import { privateKey, publicKey, rsaPrivateImporter } from "../../../src/crypto/rsa-keys.ts";
import type { PrivateKeyOptions } from "../../../src/crypto/rsa-keys.ts";
import type { JsonWebKeyLike, WebCryptoKey } from "../../../src/types.ts";
import { badType, failure, rejection } from "../../support/failure.ts";

const RSASSA = "RSASSA-PKCS1-v1_5";
const INPUT = "eyJhbGciOiJSUzI1NiJ9.e30";
const invalid = (message: string) => ({ name: "KeyError", code: "ERR_KEY_INVALID", message });

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const small = generateKeyPairSync("rsa", { modulusLength: 1024 });
const spki = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const pkcs8 = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const pkcs1 = pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const encrypted = pair.privateKey
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "correct horse" })
  .toString();
const publicJwk = pair.publicKey.export({ format: "jwk" }) as JsonWebKeyLike;
const privateJwk = pair.privateKey.export({ format: "jwk" }) as JsonWebKeyLike;

const nodeSignature = () => createSign("sha256").update(INPUT).sign(pair.privateKey);
const nodeAccepts = (signature: Uint8Array, hash = "sha256") =>
  createVerify(hash).update(INPUT).verify({ key: pair.publicKey, padding: constants.RSA_PKCS1_PADDING }, signature);

async function subtlePair(hash: string, modulusLength = 2048, publicExponent = [1, 0, 1]): Promise<CryptoKeyPair> {
  const parameters = { name: RSASSA, hash, modulusLength, publicExponent: Uint8Array.from(publicExponent) };
  return crypto.subtle.generateKey(parameters, true, ["sign", "verify"]);
}

describe("publicKey", () => {
  it.each([
    ["an SPKI PEM", spki],
    ["a PKCS#1 PEM", pair.publicKey.export({ type: "pkcs1", format: "pem" }).toString()],
    ["a JWK", publicJwk],
    ["a JWK that says what it is for", { ...publicJwk, use: "sig", alg: "RS256", kid: "1", key_ops: ["verify"] }],
  ])("takes %s", async (_, material) => {
    const key = publicKey(material);
    expect(key.type).toBe("public");
    expect(key.algorithm).toBe(RS256);
    expect(await verifyRsa(key, INPUT, nodeSignature())).toBe(true);
    expect(await verifyRsa(key, `${INPUT}.`, nodeSignature())).toBe(false);
  });

  it("takes a CryptoKey and keeps it", async () => {
    const { publicKey: cryptoKey } = await subtlePair("SHA-256");
    const key = publicKey(cryptoKey);
    expect(await key.cryptoKey(crypto.subtle)).toBe(cryptoKey);
  });

  it("imports once, for verifying alone", async () => {
    const key = publicKey(spki);
    const imported = await key.cryptoKey(crypto.subtle);
    expect(imported.usages).toEqual(["verify"]);
    expect(await key.cryptoKey({} as SubtleCrypto)).toBe(imported);
    expect(key.importedKey()).toBe(imported);
  });

  it.each([
    ["nothing", undefined, 'key must be "PEM" text or a "JWK" object'],
    ["bytes", pair.publicKey.export({ type: "spki", format: "der" }), 'key must be "PEM" text or a "JWK" object'],
    ["an empty text", "", "key is empty"],
    ["a private key", pkcs8, "key is a private key where a public one is needed"],
    ["a private JWK", privateJwk, "key is a private key where a public one is needed"],
    ["an oct JWK", { kty: "oct", k: "AAAA" }, 'key is not an "RSA" key'],
    ["1024 bits", small.publicKey.export({ type: "spki", format: "pem" }).toString(), 'key has too short an "RSA" modulus'],
  ])("refuses %s", (_, material, message) => {
    expect(failure(() => publicKey(material as string))).toEqual(invalid(message));
  });

  it("refuses a CryptoKey that is for something else", async () => {
    const { publicKey: right, privateKey: half } = await subtlePair("SHA-256");
    const { publicKey: sha1 } = await subtlePair("SHA-1");
    const { publicKey: short } = await subtlePair("SHA-256", 1024);
    const { publicKey: three } = await subtlePair("SHA-256", 2048, [3]);
    const pss = await crypto.subtle.generateKey(
      { name: "RSA-PSS", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
      true,
      ["sign", "verify"],
    );
    const hmac = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign", "verify"]);
    const idle = await crypto.subtle.importKey(
      "jwk",
      publicJwk as JsonWebKey,
      { name: RSASSA, hash: "SHA-256" },
      true,
      [],
    );
    expect(publicKey(right).type).toBe("public");
    const refused: [CryptoKey, string][] = [
      [half, "key must be a public key"],
      [hmac, "key must be a public key"],
      [pss.publicKey, "key must be an RSASSA-PKCS1-v1_5 key"],
      [sha1, "key must be bound to SHA-256"],
      [short, "key must have 2048 to 8192 bits"],
      [three, 'key has too small an "RSA" public exponent'],
      [idle, "key usages must contain verify"],
    ];
    for (const [key, message] of refused) expect(failure(() => publicKey(key))).toEqual(invalid(message));
  });
});

describe("privateKey", () => {
  it.each([
    ["a PKCS#8 PEM", pkcs8, {}],
    ["a PKCS#1 PEM", pkcs1, {}],
    ["a JWK", privateJwk, {}],
    ["an encrypted PKCS#8 PEM with its passphrase", encrypted, { passphrase: "correct horse" }],
    ["a passphrase where none is needed", pkcs8, { passphrase: "unused" }],
  ])("takes %s", async (_, material, options) => {
    const key = privateKey(material, options);
    expect(key.type).toBe("private");
    expect(key.algorithm).toBe(RS256);
    expect(nodeAccepts(await signRsa(key, INPUT))).toBe(true);
    expect((await key.cryptoKey(crypto.subtle)).extractable).toBe(false);
  });

  it("takes a CryptoKey", async () => {
    const { privateKey: cryptoKey } = await subtlePair("SHA-256");
    expect(await privateKey(cryptoKey).cryptoKey(crypto.subtle)).toBe(cryptoKey);
  });

  it.each([
    ["nothing", undefined, 'key must be "PEM" text or a "JWK" object'],
    ["a public key", spki, "key is a public key where a private one is needed"],
    ["a public JWK", publicJwk, "key is a public key where a private one is needed"],
    ["1024 bits", small.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), 'key has too short an "RSA" modulus'],
    ["an encrypted key without its passphrase", encrypted, 'key is encrypted and needs "options.passphrase"'],
  ])("refuses %s", (_, material, message) => {
    expect(failure(() => privateKey(material as string))).toEqual(invalid(message));
  });

  it("does not take a passphrase from a prototype, nor one that is no text", () => {
    const inherited = Object.create({ passphrase: "correct horse" }) as PrivateKeyOptions;
    expect(failure(() => privateKey(encrypted, inherited))).toEqual(
      invalid('key is encrypted and needs "options.passphrase"'),
    );
    expect(failure(() => privateKey(encrypted, { passphrase: 5 } as unknown as PrivateKeyOptions))).toEqual(
      badType('"options.passphrase" must be a string'),
    );
  });

  it("shows a wrong passphrase on first use", async () => {
    const key = privateKey(encrypted, { passphrase: "wrong horse" });
    expect(await rejection(signRsa(key, INPUT))).toMatchObject({ name: "KeyError", code: "ERR_KEY_INVALID" });
  });

  it("refuses a CryptoKey that is for something else", async () => {
    const { publicKey: half } = await subtlePair("SHA-256");
    const { privateKey: sha1 } = await subtlePair("SHA-1");
    expect(failure(() => privateKey(half))).toEqual(invalid("key must be a private key"));
    expect(failure(() => privateKey(sha1))).toEqual(invalid("key must be bound to SHA-256"));
  });

  it("serves the other RSA rows by their own rules", async () => {
    const material = small.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const imported = await rsaPrivateImporter(material, RSA_SHA1)(crypto.subtle);
    expect(imported.algorithm).toMatchObject({ name: RSASSA, hash: { name: "SHA-1" }, modulusLength: 1024 });
    const { privateKey: sha256 } = await subtlePair("SHA-256");
    expect(failure(() => rsaPrivateImporter(sha256, RSA_SHA1))).toEqual(invalid("key must be bound to SHA-1"));
  });
});

describe("a key that the runtime refuses", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("is ERR_KEY_INVALID, without the runtime's own words", async () => {
    vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new Error(`quotes ${pkcs8}`));
    expect(await rejection(publicKey(spki).cryptoKey(crypto.subtle))).toEqual(invalid("key was refused by crypto.subtle"));
    expect(await rejection(privateKey(pkcs8).cryptoKey(crypto.subtle))).toEqual(
      invalid("key was refused by crypto.subtle"),
    );
  });
});

it("shows no number of a private key", () => {
  const key = privateKey(privateJwk);
  for (const text of [JSON.stringify(key), inspect(key, { depth: null, showHidden: true })]) {
    expect(text).not.toContain(privateJwk.d?.slice(0, 16));
    expect(text).not.toContain(privateJwk.n?.slice(0, 16));
  }
});

it("takes a CryptoKey by its members: it may come from another copy of the platform", async () => {
  const { publicKey: foreign } = await webcrypto.subtle.generateKey(
    { name: RSASSA, hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  );
  expect(publicKey(foreign as WebCryptoKey).type).toBe("public");
});
