import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { checkRsaPolicy, parsePrivateKey, parsePublicKey } from "../../../src/crypto/rsa-material.ts";
import type { EncryptedMaterial, RsaMaterial } from "../../../src/crypto/rsa-material.ts";
import { decryptPrivateKey } from "../../../src/crypto/pbes2.ts";
import { derTag, readDer, writeDer } from "../../../src/encoding/der.ts";
import { KeyError } from "../../../src/errors.ts";
import type { JsonWebKeyLike } from "../../../src/types.ts";
import attacks from "../../vectors/data/attacks.json" with { type: "json" };
import oauth1 from "../../vectors/data/oauth1.json" with { type: "json" };
import tokens from "../../vectors/data/tokens.json" with { type: "json" };

type Pem = string | { base64: string };
const pemText = (pem: Pem) => (typeof pem === "string" ? pem : Buffer.from(pem.base64, "base64").toString("utf8"));

const invalid = (message: string, hint?: string) =>
  expect.objectContaining({
    name: "KeyError",
    code: "ERR_KEY_INVALID",
    message,
    ...(hint === undefined ? {} : { hint }),
  });

const GENERATE = "make a plain RSA key: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out KEY";
const NOT_RSA = 'key is not an "RSA" key';
const NOT_PEM = 'key is not well-formed "PEM"';
const NOT_DER = 'key is not well-formed "DER"';
const PRIVATE_GIVEN = "key is a private key where a public one is needed";
const PUBLIC_GIVEN = "key is a public key where a private one is needed";
const MULTI_PRIME = 'key is an "RSA" key of more than two primes';
const MISMATCHED = 'key has "RSA" numbers that do not belong together';
const IMPOSSIBLE = 'key has an impossible "RSA" modulus or public exponent';

let pair: { publicKey: KeyObject; privateKey: KeyObject };
let pkcs8: string;
let pkcs1: string;
let spki: string;
let publicJwk: JsonWebKeyLike;
let privateJwk: JsonWebKeyLike;

beforeAll(() => {
  pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  pkcs8 = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  pkcs1 = pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  spki = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  publicJwk = pair.publicKey.export({ format: "jwk" }) as JsonWebKeyLike;
  privateJwk = pair.privateKey.export({ format: "jwk" }) as JsonWebKeyLike;
});

function plain(material: RsaMaterial | EncryptedMaterial): RsaMaterial {
  if (material.format === "encrypted") throw new Error("expected a plain key");
  return material;
}

async function importMaterial(material: RsaMaterial, hash: string, usage: "sign" | "verify"): Promise<CryptoKey> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash };
  return material.format === "jwk"
    ? crypto.subtle.importKey("jwk", material.jwk as JsonWebKey, algorithm, false, [usage])
    : crypto.subtle.importKey(material.format, Uint8Array.from(material.bytes), algorithm, false, [usage]);
}

async function signWith(material: RsaMaterial, hash: string, message: string): Promise<Buffer> {
  const key = await importMaterial(material, hash, "sign");
  return Buffer.from(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, new TextEncoder().encode(message)));
}

const attackKey = (id: string): string => {
  const key = attacks.cases.find((attack) => attack.id === id)?.key;
  if (typeof key !== "object" || !("pem" in key)) throw new Error(`${id} has no key`);
  return pemText(key.pem as Pem);
};

const tokenKey = (name: string): string => {
  const vector = tokens.vectors.find((candidate) => candidate.name === name);
  if (vector === undefined || !("publicKey" in vector)) throw new Error(`${name} has no key`);
  return vector.publicKey as string;
};

const sized = (modulusBits: number, publicExponent: bigint): RsaMaterial => ({
  format: "spki",
  type: "public",
  bytes: new Uint8Array(),
  modulusBits,
  publicExponent,
});

const derBase64 = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, "");

const other = (type: "ec" | "ed25519" | "rsa-pss", part: "public" | "private"): string => {
  const made =
    type === "ec"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : type === "ed25519"
        ? generateKeyPairSync("ed25519")
        : generateKeyPairSync("rsa-pss", { modulusLength: 2048 });
  return part === "public"
    ? made.publicKey.export({ type: "spki", format: "pem" }).toString()
    : made.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
};
const certificate = () => {
  const vector = oauth1.pem_inputs.cases.find(({ id }) => id === "a-pem-certificate");
  return pemText(vector?.pem as Pem);
};
const frame = (label: string, body = "AAAA") => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

function jwkInteger(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex").toString("base64url");
}

/** SPKI whose AlgorithmIdentifier leaves out the parameters. */
function spkiWithoutNull(): string {
  const der = pair.publicKey.export({ type: "spki", format: "der" });
  const written = readDer(der, (reader) =>
    reader.sequence((inner) => {
      const oid = inner.content(derTag.sequence).subarray(0, 11);
      const key = inner.content(derTag.bitString);
      return writeDer(derTag.sequence, writeDer(derTag.sequence, oid), writeDer(derTag.bitString, key));
    }),
  );
  return Buffer.from(written).toString("base64");
}

function integer(text: string | undefined): bigint {
  return BigInt(`0x${Buffer.from(text ?? "", "base64url").toString("hex")}`);
}

/** The private JWK with another d, to which its dp and dq belong. */
function withExponent(change: (d: bigint, p: bigint, q: bigint) => bigint): JsonWebKeyLike {
  const [p, q] = [integer(privateJwk.p), integer(privateJwk.q)];
  const d = change(integer(privateJwk.d), p, q);
  return { ...privateJwk, d: jwkInteger(d), dp: jwkInteger(d % (p - 1n)), dq: jwkInteger(d % (q - 1n)) };
}

/** A private JWK of one prime, the other factor being 1. */
function withPrimes(p: string | undefined, q: string | undefined): JsonWebKeyLike {
  const { e, p: n, dp: d } = privateJwk;
  return { kty: "RSA", n, e, d, p, q, dp: d, dq: d, qi: "AQ" } as JsonWebKeyLike;
}

/** What `parse` makes of `input`, or its refusal; any other exception passes through and fails the test. */
function attempt<T, U>(parse: (input: T) => U, input: T): U | KeyError {
  try {
    return parse(input);
  } catch (error) {
    if (error instanceof KeyError && error.code === "ERR_KEY_INVALID") return error;
    throw error;
  }
}

describe("the private keys of the vectors", () => {
  const CONVERT = "convert it: openssl pkcs8 -topk8 -in KEY -out KEY8";
  const refusals: Record<string, [message: string, hint: string]> = {
    "passphrase-required": ['key is encrypted and needs "options.passphrase"', "it is empty: is its variable set?"],
    "wrong-passphrase": ['key cannot be decrypted with "options.passphrase"', "try it: openssl pkey -in KEY -noout"],
    "unsupported-encryption (3DES is not in WebCrypto)": [
      'key is encrypted with 3DES, which "WebCrypto" lacks',
      CONVERT,
    ],
    "unsupported-encryption (DEK-Info needs MD5); say: openssl pkcs8 -topk8 -in KEY -out KEY8": [
      'key is encrypted by "Proc-Type" headers, which need MD5',
      CONVERT,
    ],
    "public-key-given": [PUBLIC_GIVEN, "pass the file that starts with -----BEGIN PRIVATE KEY-----"],
    "certificate-given": [
      "key is a certificate, not a private key",
      "pass the private key that belongs to it",
    ],
    "not-rsa": [NOT_RSA, GENERATE],
    "not-rsaEncryption (id-RSASSA-PSS)": ['key is limited to "RSASSA-PSS"', GENERATE],
    empty: ["key is empty", "is the variable or the file that should hold it set?"],
    "not-pem (looks like a path)": ["key looks like a path", "read the file and pass its text"],
    "malformed-der": [
      NOT_DER,
      "the text may be cut off or changed: export the key again and pass the whole of it",
    ],
    // Its base64 ends within a group: that is found before there is any DER.
    "a-pem-truncated": [NOT_PEM, "it may be cut off: pass all of it, from -----BEGIN to -----END"],
  };

  interface Case {
    id: string;
    pem: Pem;
    passphrase?: string;
    expect: { ok: boolean; signature?: string; error?: string };
  }
  const cases: Case[] = oauth1.pem_inputs.cases;

  async function open({ pem, passphrase = "" }: Case): Promise<RsaMaterial> {
    const material = parsePrivateKey(pemText(pem));
    return material.format === "encrypted" ? decryptPrivateKey(material, passphrase) : material;
  }

  it.each(cases.filter((vector) => vector.expect.ok))("$id signs", async (vector) => {
    const signature = await signWith(await open(vector), "SHA-1", oauth1.pem_inputs.message);
    expect(signature.toString("base64")).toBe(vector.expect.signature);
  });

  it.each(cases.filter((vector) => !vector.expect.ok))("$id is refused", async (vector) => {
    const [message, hint] = refusals[vector.id] ?? refusals[vector.expect.error ?? ""] ?? [];
    await expect(open(vector)).rejects.toEqual(expect.objectContaining({ code: "ERR_KEY_INVALID", message, hint }));
  });

  it("are all there", () => {
    expect(cases.filter((vector) => vector.expect.ok)).toHaveLength(13);
    expect(cases.filter((vector) => !vector.expect.ok)).toHaveLength(12);
  });
});

describe("the public keys of the vectors", () => {
  const policy = { minModulus: 2048, maxModulus: 8192 };

  it.each([
    ["A007 newline and spaces before it", () => attackKey("A007")],
    ["A110 CRLF", () => attackKey("A110")],
    ["A223 byte order mark", () => attackKey("A223")],
    ["PKCS#1", () => tokenKey("rs256: PKCS#1 public PEM")],
    ["blank lines around it", () => tokenKey("rs256: PEM with surrounding blank lines")],
  ])("accepts %s", (_, text) => {
    const material = parsePublicKey(text());
    expect(material).toMatchObject({ format: "spki", type: "public", modulusBits: 2048, publicExponent: 65_537n });
    expect(checkRsaPolicy(material, policy)).toBe(undefined);
    const bytes = material.format === "spki" ? Buffer.from(material.bytes) : Buffer.of();
    const key = createPublicKey({ key: bytes, type: "spki", format: "der" });
    expect(key.equals(createPublicKey(text().trim()))).toBe(true);
  });

  it.each([
    ["A065 private", () => attackKey("A065"), PRIVATE_GIVEN, "extract it: openssl pkey -in KEY -pubout"],
    ["A066 EC", () => attackKey("A066"), NOT_RSA, GENERATE],
    ["A241 Ed25519", () => attackKey("A241"), NOT_RSA, GENERATE],
    [
      "nothing",
      () => tokenKey("rs256: public key empty"),
      "key is empty",
      "is the variable or the file that should hold it set?",
    ],
    [
      "an HTML error page",
      () => tokenKey("rs256: public key is HTML error page"),
      'key is neither "PEM" nor base64 "DER"',
      "pass the whole text of the key file, from -----BEGIN on",
    ],
  ])("refuses %s", (_, text, message, hint) => {
    expect(() => parsePublicKey(text())).toThrow(invalid(message, hint));
  });

  it("measures A064, which the policy of RS256 refuses and that of OAuth 1.0a takes", () => {
    const material = parsePublicKey(attackKey("A064"));
    expect(material.modulusBits).toBe(1024);
    const short = invalid('key has too short an "RSA" modulus', "make one of 2048 bits or more");
    expect(() => checkRsaPolicy(material, policy)).toThrow(short);
    expect(checkRsaPolicy(material, { minModulus: 1024, maxModulus: 8192 })).toBe(undefined);
  });
});

describe("policy", () => {
  const policy = { minModulus: 2048, maxModulus: 8192 };

  it("bounds the modulus on both sides", () => {
    expect(checkRsaPolicy(sized(2048, 65_537n), policy)).toBe(undefined);
    expect(checkRsaPolicy(sized(8192, 65_537n), policy)).toBe(undefined);
    expect(() => checkRsaPolicy(sized(2047, 65_537n), policy)).toThrow(
      invalid('key has too short an "RSA" modulus', "make one of 2048 bits or more"),
    );
    expect(() => checkRsaPolicy(sized(8193, 65_537n), policy)).toThrow(
      invalid('key has too long an "RSA" modulus', "make one of 8192 bits or less"),
    );
  });

  it("asks for the exponent 65537 unless told", () => {
    const small = invalid('key has too small an "RSA" public exponent', "make one with the usual exponent, 65537");
    expect(() => checkRsaPolicy(sized(2048, 65_535n), policy)).toThrow(small);
    expect(checkRsaPolicy(sized(2048, 3n), { ...policy, minExponent: 3n })).toBe(undefined);
    expect(() => checkRsaPolicy(sized(2048, 3n), { ...policy, minExponent: 5n })).toThrow(small);
  });
});

describe("round trips with node:crypto", () => {

  it.each([
    ["PKCS#8", () => pkcs8, "pkcs8"],
    ["PKCS#1", () => pkcs1, "pkcs8"],
    ["bare PKCS#8", () => derBase64(pkcs8), "pkcs8"],
    ["bare PKCS#1", () => derBase64(pkcs1), "pkcs8"],
    ["PKCS#8 labelled as PKCS#1", () => pkcs8.replaceAll("PRIVATE", "RSA PRIVATE"), "pkcs8"],
    ["PKCS#1 labelled as PKCS#8", () => pkcs1.replaceAll("RSA PRIVATE", "PRIVATE"), "pkcs8"],
    ["a public key beside it", () => `${spki}${pkcs8}`, "pkcs8"],
    ["a JWK", () => privateJwk, "jwk"],
    ["a JWK that says its use", () => ({ ...privateJwk, use: "sig", alg: "RS256", key_ops: ["sign"] }), "jwk"],
  ])("signs with %s", async (_, input, format) => {
    const material = plain(parsePrivateKey(input()));
    expect(material).toMatchObject({ format, type: "private", modulusBits: 2048, publicExponent: 65_537n });
    const signature = await signWith(material, "SHA-256", "message");
    expect(verify("sha256", Buffer.from("message"), pair.publicKey, signature)).toBe(true);
  });

  it.each([
    ["SPKI", () => spki, "spki"],
    ["PKCS#1", () => pair.publicKey.export({ type: "pkcs1", format: "pem" }).toString(), "spki"],
    ["bare SPKI", () => derBase64(spki), "spki"],
    ["bare PKCS#1", () => pair.publicKey.export({ type: "pkcs1", format: "der" }).toString("base64"), "spki"],
    ["escaped newlines", () => spki.replaceAll("\n", String.raw`\n`), "spki"],
    ["a JWK", () => publicJwk, "jwk"],
    ["a JWK that says its use", () => ({ ...publicJwk, use: "sig", alg: "RS256", key_ops: ["verify"] }), "jwk"],
  ])("verifies with %s", async (_, input, format) => {
    const material = parsePublicKey(input());
    expect(material).toMatchObject({ format, type: "public", modulusBits: 2048, publicExponent: 65_537n });
    const signature = await signWith(plain(parsePrivateKey(pkcs8)), "SHA-256", "message");
    const key = await importMaterial(material, "SHA-256", "verify");
    const message = new TextEncoder().encode("message");
    expect(await crypto.subtle.verify("RSASSA-PKCS1-v1_5", key, Uint8Array.from(signature), message)).toBe(true);
  });

  it("hands the same bytes on that node:crypto writes", () => {
    const expected = pair.privateKey.export({ type: "pkcs8", format: "der" });
    for (const text of [pkcs8, pkcs1]) {
      const material = plain(parsePrivateKey(text));
      expect(material.format === "pkcs8" && Buffer.from(material.bytes).equals(expected)).toBe(true);
    }
  });

  it("drops the attributes and the public key that a PKCS#8 may carry", () => {
    const der = pair.privateKey.export({ type: "pkcs8", format: "der" });
    const content = readDer(der, (reader) => reader.content(derTag.sequence)).subarray(3);
    const attributes = writeDer(0xa0, writeDer(derTag.sequence));
    const write = (version: number, ...more: Uint8Array[]) =>
      Buffer.from(
        writeDer(derTag.sequence, writeDer(derTag.integer, [version]), content, ...more),
      ).toString("base64");
    const publicPart = writeDer(0x81, [0], pair.publicKey.export({ type: "pkcs1", format: "der" }));
    for (const text of [write(0, attributes), write(1, publicPart), write(1, attributes, publicPart)]) {
      const material = plain(parsePrivateKey(text));
      expect(material.format === "pkcs8" && Buffer.from(material.bytes).equals(der)).toBe(true);
    }
    expect(() => parsePrivateKey(write(0, publicPart))).toThrow(invalid(NOT_DER));
    expect(() => parsePrivateKey(write(2))).toThrow(
      invalid(
        'key has an unknown "version" of "PKCS#8"',
        "convert it: openssl pkcs8 -topk8 -nocrypt -in KEY -out KEY8",
      ),
    );
  });

  it("hands on nothing of a JWK but the numbers", () => {
    const noisy = { ...publicJwk, kid: "1", ext: true, use: "sig", alg: "RS256", key_ops: ["verify"], x5c: ["AAAA"] };
    expect(parsePublicKey(noisy)).toMatchObject({ format: "jwk", jwk: publicJwk });
    expect(Object.keys((parsePublicKey(noisy) as { jwk: object }).jwk)).toEqual(["kty", "n", "e"]);
  });
});

describe("text that is no such key", () => {
  const EXACTLY_ONE = 'key must be exactly one "PEM" block';
  const CERTIFICATE_HINT = "extract it: openssl x509 -in CERT -noout -pubkey";

  it.each([
    ["an EC key", () => other("ec", "public"), NOT_RSA, GENERATE],
    ["an Ed25519 key", () => other("ed25519", "public"), NOT_RSA, GENERATE],
    ["an RSA-PSS key", () => other("rsa-pss", "public"), 'key is limited to "RSASSA-PSS"', GENERATE],
    ["PKCS#8", () => pkcs8, PRIVATE_GIVEN, "extract it: openssl pkey -in KEY -pubout"],
    ["PKCS#1", () => pkcs1, PRIVATE_GIVEN, "extract it: openssl pkey -in KEY -pubout"],
    ["PKCS#8 labelled public", () => pkcs8.replaceAll("PRIVATE", "PUBLIC"), PRIVATE_GIVEN, undefined],
    ["PKCS#1 labelled public", () => pkcs1.replaceAll("PRIVATE", "PUBLIC"), PRIVATE_GIVEN, undefined],
    ["both halves", () => spki + pkcs8, PRIVATE_GIVEN, undefined],
    ["a certificate", certificate, "key is a certificate, not a public key", CERTIFICATE_HINT],
    [
      "a certificate labelled public",
      () => certificate().replaceAll("CERTIFICATE", "PUBLIC KEY"),
      "key is a certificate, not a public key",
      CERTIFICATE_HINT,
    ],
    ["a key beside a certificate", () => spki + certificate(), "key is a certificate, not a public key", undefined],
    ["two keys", () => spki + spki, EXACTLY_ONE, "leave out whatever stands around it"],
    ["text before it", () => `key: ${spki}`, EXACTLY_ONE, undefined],
    ["text after it", () => `${spki}.`, EXACTLY_ONE, undefined],
    [
      "a certificate request",
      () => frame("CERTIFICATE REQUEST"),
      "key text holds no public key",
      "pass the file that starts with -----BEGIN PUBLIC KEY-----",
    ],
    ["an EC PUBLIC KEY", () => frame("EC PUBLIC KEY"), NOT_RSA, undefined],
    [
      "an SSH key",
      () => "ssh-rsa AAAAB3NzaC1yc2E user@host",
      'key is in the "OpenSSH" format',
      "convert it: ssh-keygen -e -m PKCS8 -f KEY.pub",
    ],
    ["another SSH key", () => "ecdsa-sha2-nistp256 AAAAE2", 'key is in the "OpenSSH" format', undefined],
    ["JWK text", () => JSON.stringify(publicJwk), 'key looks like "JSON" text', "parse it and pass the object"],
    ["a word of base64", () => "rsakey12", 'key is neither "PEM" nor base64 "DER"', undefined],
    ["a path that is base64 too", () => "keys/rsa", "key looks like a path", undefined],
    ["rsaEncryption without NULL", () => spkiWithoutNull(), NOT_DER, undefined],
    ["a path", () => "/etc/keys/rsa.pub", "key looks like a path", "read the file and pass its text"],
    ["a Windows path", () => String.raw`C:\new\rsa`, "key looks like a path", undefined],
    ["bare base64 cut off", () => derBase64(spki).slice(0, -2), 'key is neither "PEM" nor base64 "DER"', undefined],
    ["a frame cut off", () => spki.slice(0, -6), NOT_PEM, undefined],
    ["a body that is not base64", () => frame("PUBLIC KEY", "A*AA"), NOT_PEM, undefined],
    ["a body that is not DER", () => frame("PUBLIC KEY"), NOT_DER, undefined],
    ["no body", () => frame("PUBLIC KEY", ""), NOT_DER, undefined],
    ["an empty SEQUENCE", () => frame("PUBLIC KEY", "MAA="), NOT_RSA, undefined],
    ["too much", () => " ".repeat(65_537), "key is longer than 65536 characters", undefined],
    ["white space", () => " \n\ufeff", "key is empty", undefined],
  ])("parsePublicKey refuses %s", (_, text, message, hint) => {
    expect(() => parsePublicKey(text())).toThrow(invalid(message, hint));
  });

  it.each([
    ["an EC key", () => other("ec", "private"), NOT_RSA, GENERATE],
    ["an Ed25519 key", () => other("ed25519", "private"), NOT_RSA, GENERATE],
    ["an RSA-PSS key", () => other("rsa-pss", "private"), 'key is limited to "RSASSA-PSS"', GENERATE],
    ["an EC PRIVATE KEY", () => frame("EC PRIVATE KEY"), NOT_RSA, undefined],
    ["a DSA PRIVATE KEY", () => frame("DSA PRIVATE KEY"), NOT_RSA, undefined],
    [
      "an OpenSSH key",
      () => frame("OPENSSH PRIVATE KEY"),
      'key is in the "OpenSSH" format',
      "convert a copy of it: ssh-keygen -p -m PKCS8 -f COPY",
    ],
    ["SPKI", () => spki, PUBLIC_GIVEN, undefined],
    ["SPKI labelled private", () => spki.replaceAll("PUBLIC", "PRIVATE"), PUBLIC_GIVEN, undefined],
    ["bare SPKI", () => derBase64(spki), PUBLIC_GIVEN, undefined],
    ["a public key and a certificate", () => certificate() + spki, PUBLIC_GIVEN, undefined],
    ["a certificate", certificate, "key is a certificate, not a private key", undefined],
    ["bare certificate", () => derBase64(certificate()), "key is a certificate, not a private key", undefined],
    [
      "two keys",
      () => pkcs8 + pkcs1,
      "key text holds more than one private key",
      "pass the one that is meant",
    ],
    [
      "a certificate request",
      () => frame("CERTIFICATE REQUEST"),
      "key text holds no private key",
      "pass the file that starts with -----BEGIN PRIVATE KEY-----",
    ],
    [
      "traditional encryption",
      () =>
        pair.privateKey
          .export({ type: "pkcs1", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" })
          .toString()
          .replaceAll("\n", " "),
      'key is encrypted by "Proc-Type" headers, which need MD5',
      "convert it: openssl pkcs8 -topk8 -in KEY -out KEY8",
    ],
    ["a frame cut off", () => pkcs8.slice(0, -6), NOT_PEM, undefined],
    ["a body cut off", () => frame("PRIVATE KEY", derBase64(pkcs8).slice(0, -4)), NOT_DER, undefined],
    ["too much", () => pkcs8 + " ".repeat(65_536), "key is longer than 65536 characters", undefined],
  ])("parsePrivateKey refuses %s", (_, text, message, hint) => {
    expect(() => parsePrivateKey(text())).toThrow(invalid(message, hint));
  });
});

describe("JWK", () => {
  const NEITHER = 'key must be "PEM" text or a "JWK" object';
  const ONLY_PUBLIC = 'leave out all but "kty", "n" and "e"';

  it.each([
    ["undefined", () => undefined, NEITHER],
    ["null", () => null, NEITHER],
    ["a number", () => 1, NEITHER],
    ["bytes", () => new Uint8Array(300), NEITHER],
    ["a key set", () => ({ keys: [publicJwk] }), NEITHER],
    ["members on a prototype", () => Object.create(publicJwk) as object, NEITHER],
    ["an EC key", () => ({ kty: "EC", crv: "P-256", x: "AQ", y: "AQ" }), NOT_RSA],
    ["a secret", () => ({ kty: "oct", k: "AQAB" }), NOT_RSA],
    ['"kty" in lower case', () => ({ ...publicJwk, kty: "rsa" }), NOT_RSA],
    ['"use" enc', () => ({ ...publicJwk, use: "enc" }), '"use" of the key must be absent or "sig"'],
    ['"use" null', () => ({ ...publicJwk, use: null }), '"use" of the key must be absent or "sig"'],
    ['"alg" RS512', () => ({ ...publicJwk, alg: "RS512" }), '"alg" of the key must be absent or "RS256"'],
    ['"alg" PS256', () => ({ ...publicJwk, alg: "PS256" }), '"alg" of the key must be absent or "RS256"'],
    [
      '"key_ops" of the other half',
      () => ({ ...publicJwk, key_ops: ["sign"] }),
      '"key_ops" of the key must be absent or contain "verify"',
    ],
    [
      '"key_ops" that is no list',
      () => ({ ...publicJwk, key_ops: "verify" }),
      '"key_ops" of the key must be absent or contain "verify"',
    ],
    ["no n", () => ({ kty: "RSA", e: "AQAB" }), '"n" of the key is missing or no "Base64urlUInt"'],
    ["no e", () => ({ kty: "RSA", n: publicJwk.n }), '"e" of the key is missing or no "Base64urlUInt"'],
    ["an empty e", () => ({ ...publicJwk, e: "" }), '"e" of the key is missing or no "Base64urlUInt"'],
    ["e with a leading zero", () => ({ ...publicJwk, e: "AAEAAQ" }), '"e" of the key is missing or no "Base64urlUInt"'],
    ["padding", () => ({ ...publicJwk, n: `${publicJwk.n}==` }), '"n" of the key is missing or no "Base64urlUInt"'],
    ["n as bytes", () => ({ ...publicJwk, n: new Uint8Array(256) }), '"n" of the key is missing or no "Base64urlUInt"'],
    ["a huge n", () => ({ ...publicJwk, n: "B".repeat(4_100) }), '"n" of the key is missing or no "Base64urlUInt"'],
    ["an even n", () => ({ ...publicJwk, n: `${publicJwk.n?.slice(0, -1)}A` }), IMPOSSIBLE],
    ["n of 16385 bits", () => ({ ...publicJwk, n: jwkInteger((1n << 16_384n) + 1n) }), IMPOSSIBLE],
    ["e = 1", () => ({ ...publicJwk, e: "AQ" }), IMPOSSIBLE],
    ["an even e", () => ({ ...publicJwk, e: "AQAC" }), IMPOSSIBLE],
    ["e of 257 bits", () => ({ ...publicJwk, e: jwkInteger((1n << 256n) + 1n) }), IMPOSSIBLE],
    ["e as long as n", () => ({ kty: "RSA", n: jwkInteger(15n), e: jwkInteger(9n) }), IMPOSSIBLE],
  ])("parsePublicKey refuses %s", (_, jwk, message) => {
    expect(() => parsePublicKey(jwk() as JsonWebKeyLike)).toThrow(invalid(message));
  });

  it.each(["d", "p", "q", "dp", "dq", "qi", "oth"])("parsePublicKey refuses a key with %s", (name) => {
    expect(() => parsePublicKey({ ...publicJwk, [name]: "AQ" })).toThrow(invalid(PRIVATE_GIVEN, ONLY_PUBLIC));
  });

  it("takes e of 3 and of 256 bits, which a policy may refuse", () => {
    expect(parsePublicKey({ ...publicJwk, e: "Aw" }).publicExponent).toBe(3n);
    const long = (1n << 255n) + 1n;
    expect(parsePublicKey({ ...publicJwk, e: jwkInteger(long) }).publicExponent).toBe(long);
  });

  it.each([1023, 1024, 1025, 2041, 2047, 2048, 16_384])("measures a modulus of %i bits", (bits) => {
    const n = jwkInteger((1n << BigInt(bits - 1)) + 1n);
    expect(parsePublicKey({ ...publicJwk, n }).modulusBits).toBe(bits);
  });

  it("is not led by what stands on a prototype", () => {
    const polluted = Object.assign(Object.create({ use: "enc", d: "AQ", alg: "none" }), publicJwk) as JsonWebKeyLike;
    expect(parsePublicKey(polluted).modulusBits).toBe(2048);
  });

  it.each([
    ["the public half", () => publicJwk, PUBLIC_GIVEN, 'pass the "JWK" that has "d"'],
    ["more than two primes", () => ({ ...privateJwk, oth: [] }), MULTI_PRIME, GENERATE],
    ["d alone", () => ({ ...publicJwk, d: "AQ" }), '"p" of the key is missing or no "Base64urlUInt"', undefined],
    ["no qi", () => ({ ...privateJwk, qi: undefined }), '"qi" of the key is missing or no "Base64urlUInt"', undefined],
    [
      '"key_ops" of the other half',
      () => ({ ...privateJwk, key_ops: ["verify"] }),
      '"key_ops" of the key must be absent or contain "sign"',
      undefined,
    ],
    ["primes that are swapped", () => ({ ...privateJwk, p: privateJwk.q, q: privateJwk.p }), MISMATCHED, undefined],
    ["p = 1", () => withPrimes("AQ", privateJwk.p), MISMATCHED, undefined],
    ["q = 1", () => withPrimes(privateJwk.p, "AQ"), MISMATCHED, undefined],
    ["an even p", () => ({ ...privateJwk, p: "Ag" }), MISMATCHED, undefined],
    ["another e", () => ({ ...privateJwk, e: "Aw" }), MISMATCHED, undefined],
    ["d longer than n", () => withExponent((d, p, q) => d + (((p - 1n) * (q - 1n)) << 16n)), MISMATCHED, undefined],
    ["d that is right for p alone", () => withExponent((d, p) => d + p - 1n), MISMATCHED, undefined],
    ["d that is right for q alone", () => withExponent((d, _p, q) => d + q - 1n), MISMATCHED, undefined],
  ])("parsePrivateKey refuses %s", (_, jwk, message, hint) => {
    expect(() => parsePrivateKey(jwk() as JsonWebKeyLike)).toThrow(invalid(message, hint));
  });

  it.each(["n", "e", "d", "p", "q", "dp", "dq", "qi"] as const)("parsePrivateKey refuses a strange %s", (name) => {
    const strange = integer(privateJwk[name]) + 2n;
    expect(() => parsePrivateKey({ ...privateJwk, [name]: jwkInteger(strange) })).toThrow(invalid(MISMATCHED));
  });
});

describe("more than two primes", () => {
  it("is refused by the version of PKCS#1", () => {
    const der = pair.privateKey.export({ type: "pkcs1", format: "der" });
    der[6] = 1;
    expect(der.subarray(4, 7).toString("hex")).toBe("020101");
    expect(() => parsePrivateKey(der.toString("base64"))).toThrow(
      invalid(MULTI_PRIME, GENERATE),
    );
  });
});

describe("anything", () => {
  it("never throws but KeyError, for any text", () => {
    const line = fc.constantFrom("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
    const fragment = fc.oneof(line, fc.constantFrom("\n", "MIIB", "MAA=", "/"));
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.array(fragment).map((all) => all.join("")));
    fc.assert(
      fc.property(text, (input) => {
        expect(attempt(parsePublicKey, input)).toBeInstanceOf(KeyError);
        expect(attempt(parsePrivateKey, input)).toBeInstanceOf(KeyError);
      }),
      { numRuns: 1000 },
    );
  });

  it("never throws but KeyError, for any DER-like bytes and any JWK-like object", () => {
    const member = fc.oneof(fc.string(), fc.constant("AQAB"), fc.anything());
    const numbers = ["n", "e", "d", "p", "q", "dp", "dq", "qi"] as const;
    const names = fc.constantFrom(...numbers, "use", "alg", "key_ops", "oth", "__proto__");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.dictionary(names, member), (bytes, members) => {
        const text = Buffer.from(Uint8Array.of(0x30, bytes.length, ...bytes)).toString("base64");
        expect(attempt(parsePublicKey, text)).toBeInstanceOf(KeyError);
        expect(attempt(parsePrivateKey, text)).toBeInstanceOf(KeyError);
        expect(attempt(parsePrivateKey, { ...members, kty: "RSA" } as JsonWebKeyLike)).toBeInstanceOf(KeyError);
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses every truncation of a key", () => {
    for (const der of [
      pair.privateKey.export({ type: "pkcs8", format: "der" }),
      pair.privateKey.export({ type: "pkcs1", format: "der" }),
    ]) {
      for (let length = 1; length < der.length; length++) {
        const refusal = attempt(parsePrivateKey, der.subarray(0, length).toString("base64"));
        expect(refusal).toEqual(invalid(NOT_DER));
      }
    }
    const der = pair.publicKey.export({ type: "spki", format: "der" });
    for (let length = 1; length < der.length; length++) {
      expect(attempt(parsePublicKey, der.subarray(0, length).toString("base64"))).toEqual(invalid(NOT_DER));
    }
  });

  it("refuses every change of one byte of a private key: each is bound to the others", () => {
    for (const der of [
      pair.privateKey.export({ type: "pkcs8", format: "der" }),
      pair.privateKey.export({ type: "pkcs1", format: "der" }),
    ]) {
      for (let at = 0; at < der.length; at++) {
        const changed = Buffer.from(der);
        changed[at] = (changed[at] ?? 0) ^ (1 + ((at * 7) % 255));
        // The first byte also decides whether text without a frame is a key at all.
        const text = `-----BEGIN PRIVATE KEY-----\n${changed.toString("base64")}\n-----END PRIVATE KEY-----`;
        expect(attempt(parsePrivateKey, text)).toBeInstanceOf(KeyError);
      }
    }
  });

  it("takes a changed public key only where it is another sound one", () => {
    const der = pair.publicKey.export({ type: "spki", format: "der" });
    const modulus = der.indexOf(Buffer.from(publicJwk.n ?? "", "base64url"));
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Buffer.from(der);
        changed[at] = (changed[at] ?? 0) ^ mask;
        const text = `-----BEGIN PUBLIC KEY-----\n${changed.toString("base64")}\n-----END PUBLIC KEY-----`;
        const parsed = attempt(parsePublicKey, text);
        if (parsed instanceof KeyError) return;
        // One more byte in front: the zero that keeps the modulus from being negative.
        expect(at).toBeGreaterThanOrEqual(modulus - 1);
        expect(createPublicKey(text).export({ type: "spki", format: "der" }).equals(changed)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps what it was given out of the refusal", () => {
    const marked = "CANARYCANARYCANARY";
    const texts = [marked, `./${marked}.pem`, `{"kty":"${marked}"}`, `-----BEGIN ${marked}-----`, `ssh-rsa ${marked}`];
    for (const text of texts) {
      for (const parse of [parsePublicKey, parsePrivateKey]) {
        const refusal = attempt<string, unknown>(parse, text) as KeyError;
        expect(JSON.stringify([refusal, refusal.message, refusal.hint, refusal.cause])).not.toContain(marked);
      }
    }
  });
});
