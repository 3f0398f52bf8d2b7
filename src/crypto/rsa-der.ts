/**
 * RSA keys in DER: SubjectPublicKeyInfo (RFC 5280), PKCS#8 (RFC 5958) and PKCS#1 (RFC 8017 appendix A), read strictly
 * and checked for sense, so that a broken key is refused where it is configured and not where it is used.
 */
import { DerReader, derTag, readDer, writeDer } from "../encoding/der.ts";
import { encodeHex } from "../encoding/hex.ts";
import { KeyError } from "../errors.ts";
import type { JsonWebKeyLike } from "../types.ts";

interface RsaSize {
  readonly type: "public" | "private";
  readonly modulusBits: number;
  readonly publicExponent: bigint;
}

/** A plain RSA key, checked, ready for `importKey`: `bytes` or `jwk` by `format`. */
export type RsaMaterial = RsaSize &
  (
    | { readonly format: "spki" | "pkcs8"; readonly bytes: Uint8Array }
    | { readonly format: "jwk"; readonly jwk: JsonWebKeyLike }
  );

/** What an algorithm asks of a key; a row of the table of algorithms is one. */
export interface RsaPolicy {
  /** Bits. */
  readonly minModulus: number;
  /** Bits. */
  readonly maxModulus: number;
  /** 65537 when it is not given. */
  readonly minExponent?: bigint;
}

/** The numbers of a private key, by the names that JWK gives them (RFC 7518 section 6.3.2). */
export type RsaPrivateNumbers = Readonly<Record<"n" | "e" | "d" | "p" | "q" | "dp" | "dq" | "qi", Uint8Array>>;

/** The structures that a key file may hold. */
export type DerKind = "spki" | "pkcs8" | "pkcs1-public" | "pkcs1-private" | "encrypted" | "certificate";

const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
const RSASSA_PSS = "1.2.840.113549.1.1.10";

/** More than any policy here allows, and small enough that arithmetic on it takes no time worth naming. */
const MAX_BITS = 16_384;

const GENERATE = "make a plain RSA key: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out KEY";
const CONVERT = "convert it: openssl pkcs8 -topk8 -nocrypt -in KEY -out KEY8";

export function invalidKey(message: string, hint?: string): KeyError {
  return new KeyError("ERR_KEY_INVALID", message, hint === undefined ? {} : { hint });
}

export function notRsa(): KeyError {
  return invalidKey('key is not an "RSA" key', GENERATE);
}

export function multiPrime(): KeyError {
  return invalidKey('key is an "RSA" key of more than two primes', GENERATE);
}

/**
 * Holds a key against what an algorithm asks.
 *
 * @throws {KeyError} ERR_KEY_INVALID when the modulus is shorter or longer, or the public exponent smaller
 */
export function checkRsaPolicy(material: RsaMaterial, policy: RsaPolicy): void {
  if (material.modulusBits < policy.minModulus) {
    throw invalidKey('key has too short an "RSA" modulus', `make one of ${policy.minModulus} bits or more`);
  }
  if (material.modulusBits > policy.maxModulus) {
    throw invalidKey('key has too long an "RSA" modulus', `make one of ${policy.maxModulus} bits or less`);
  }
  if (material.publicExponent < (policy.minExponent ?? 65_537n)) {
    throw invalidKey('key has too small an "RSA" public exponent', "make one with the usual exponent, 65537");
  }
}

/**
 * Tells what a key file holds by its first elements; `undefined` when it is none of the known structures.
 *
 * @throws {KeyError} ERR_KEY_INVALID when it is no SEQUENCE, or cut off
 */
export function derKind(bytes: Uint8Array): DerKind | undefined {
  const inner = new DerReader(new DerReader(bytes).content(derTag.sequence));
  const tags: number[] = [];
  for (let tag = inner.tag; tag !== undefined && tags.length < 3; tag = inner.tag) {
    tags.push(tag);
    inner.content(tag);
  }
  switch (tags.join()) {
    case "48,3":
      return "spki";
    case "48,4":
      return "encrypted";
    case "48,48,3":
      return "certificate";
    case "2,48,4":
      return "pkcs8";
    case "2,2":
      return "pkcs1-public";
    case "2,2,2":
      return "pkcs1-private";
    default:
      return undefined;
  }
}

/** @throws {KeyError} ERR_KEY_INVALID when it is malformed or holds another kind of key */
export function readSpki(bytes: Uint8Array): RsaMaterial {
  const size = readDer(bytes, (der) =>
    der.sequence((spki) => {
      readRsaEncryption(spki);
      return readDer(spki.bitString(), (key) => key.sequence((rsa) => publicSize(rsa.integer(), rsa.integer())));
    }),
  );
  return { format: "spki", bytes, ...size };
}

/** Reads a bare RSAPublicKey, which WebCrypto does not import, and wraps it. */
export function readPkcs1Public(bytes: Uint8Array): RsaMaterial {
  return readSpki(writeDer(derTag.sequence, rsaEncryption(), writeDer(derTag.bitString, [0], bytes)));
}

/** @throws {KeyError} ERR_KEY_INVALID when it is malformed, holds another kind of key, or its numbers do not fit */
export function readPkcs8(bytes: Uint8Array): RsaMaterial {
  return readDer(bytes, (der) =>
    der.sequence((info) => {
      const version = toBigInt(info.integer());
      if (version > 1n) throw invalidKey('key has an unknown "version" of "PKCS#8"', CONVERT);
      readRsaEncryption(info);
      const key = info.octetString();
      // Attributes and, from version 1 on, the public key: Windows writes the former. Not every engine reads them.
      if (info.tag === 0xa0) info.content(0xa0);
      if (version === 1n && info.tag === 0x81) info.content(0x81);
      return readPkcs1Private(key);
    }),
  );
}

/** Reads a bare RSAPrivateKey, which WebCrypto does not import, and wraps it. */
export function readPkcs1Private(bytes: Uint8Array): RsaMaterial {
  const size = readDer(bytes, (der) =>
    der.sequence((rsa) => {
      if (rsa.integer().length > 0) throw multiPrime();
      const [n, e, d, p] = [rsa.integer(), rsa.integer(), rsa.integer(), rsa.integer()];
      const [q, dp, dq, qi] = [rsa.integer(), rsa.integer(), rsa.integer(), rsa.integer()];
      return privateSize({ n, e, d, p, q, dp, dq, qi });
    }),
  );
  const version = writeDer(derTag.integer, [0]);
  const wrapped = writeDer(derTag.sequence, version, rsaEncryption(), writeDer(derTag.octetString, bytes));
  return { format: "pkcs8", bytes: wrapped, ...size };
}

/** Checks a public key's two numbers. */
export function publicSize(n: Uint8Array, e: Uint8Array): RsaSize & { readonly type: "public" } {
  const modulusBits = bitLength(n);
  // FIPS 186-5 section 5.1 ends exponents at 256 bits; a longer one only makes verification slow.
  const fits = modulusBits <= MAX_BITS && isOdd(n) && isOdd(e) && bitLength(e) <= Math.min(256, modulusBits - 1);
  const publicExponent = fits ? toBigInt(e) : 0n;
  if (publicExponent < 3n) {
    throw invalidKey('key has an impossible "RSA" modulus or public exponent', "export the key again");
  }
  return { type: "public", modulusBits, publicExponent };
}

/**
 * Checks a private key's numbers against each other (RFC 8017 section 3.2). A signature made with numbers that do not
 * fit is wrong, and with the Chinese remainder theorem it can give the key away.
 */
export function privateSize(numbers: RsaPrivateNumbers): RsaSize & { readonly type: "private" } {
  const size = publicSize(numbers.n, numbers.e);
  const { d: dBytes, p: pBytes, q: qBytes, dp: dpBytes, dq: dqBytes, qi: qiBytes } = numbers;
  const isBounded = Object.values(numbers).every((bytes) => bytes.length <= numbers.n.length);
  if (!isBounded) throw mismatched();
  const [n, d, p, q] = [toBigInt(numbers.n), toBigInt(dBytes), toBigInt(pBytes), toBigInt(qBytes)];
  if (p === 1n || q === 1n || p * q !== n) throw mismatched();
  const product = size.publicExponent * d;
  if (product % (p - 1n) !== 1n || product % (q - 1n) !== 1n) throw mismatched();
  if (toBigInt(dpBytes) !== d % (p - 1n) || toBigInt(dqBytes) !== d % (q - 1n)) throw mismatched();
  if ((toBigInt(qiBytes) * q) % p !== 1n) throw mismatched();
  return { ...size, type: "private" };
}

function mismatched(): KeyError {
  return invalidKey('key has "RSA" numbers that do not belong together', "it was changed or mixed up: export it again");
}

/** AlgorithmIdentifier of rsaEncryption, whose parameters are NULL (RFC 3279 section 2.3.1). */
function readRsaEncryption(reader: DerReader): void {
  reader.sequence((algorithm) => {
    const oid = algorithm.objectIdentifier();
    if (oid === RSASSA_PSS) throw invalidKey('key is limited to "RSASSA-PSS"', GENERATE);
    if (oid !== RSA_ENCRYPTION) throw notRsa();
    algorithm.null();
  });
}

function rsaEncryption(): Uint8Array {
  const oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
  return writeDer(derTag.sequence, writeDer(derTag.objectIdentifier, oid), writeDer(derTag.null));
}

function bitLength(magnitude: Uint8Array): number {
  return magnitude.length * 8 - Math.clz32(magnitude[0] ?? 0) + 24;
}

function isOdd(magnitude: Uint8Array): boolean {
  return ((magnitude[magnitude.length - 1] ?? 0) & 1) === 1;
}

function toBigInt(magnitude: Uint8Array): bigint {
  return BigInt(`0x0${encodeHex(magnitude)}`);
}
