/**
 * RSA keys for RS256: parsed and checked at once, imported on first use. PEM, DER and encrypted keys are reached from
 * {@link publicKey} and {@link privateKey} alone, so that a bundle which only holds secrets does not carry them.
 */
import { encodeHex } from "../encoding/hex.ts";
import { argumentError, KeyError } from "../errors.ts";
import type { JsonWebKeyLike, WebCryptoKey } from "../types.ts";
import { RS256 } from "./algorithms.ts";
import type { RsaAlgorithm } from "./algorithms.ts";
import { decryptPrivateKey } from "./pbes2.ts";
import { PrivateKey, PublicKey } from "./rsa-key.ts";
import type { ImportKey } from "./rsa-key.ts";
import { checkRsaPolicy, parsePrivateKey, parsePublicKey } from "./rsa-material.ts";
import type { RsaMaterial } from "./rsa-material.ts";
import { asBufferSource } from "./webcrypto.ts";

export { PrivateKey, PublicKey };

/**
 * Makes a key that verifies RS256 signatures.
 *
 * The material is parsed and checked at once: exactly one RSA key, 2048 to 8192 bits, with a sound exponent. It is
 * imported on first use.
 *
 * @example
 * ```ts
 * import { publicKey, verifyJwt } from "jwt-qsh";
 *
 * const key = publicKey(pem); // "-----BEGIN PUBLIC KEY-----\n..."
 * const { claims } = await verifyJwt(token, key, { audience: "https://app.example.com" });
 * ```
 *
 * @param material an SPKI PEM, a JWK, or a `CryptoKey` of RSASSA-PKCS1-v1_5 with SHA-256
 * @throws {KeyError} ERR_KEY_INVALID when the material is anything else, or too small
 * @see RFC 7518 section 3.3
 */
export function publicKey(material: string | JsonWebKeyLike | WebCryptoKey): PublicKey {
  return new PublicKey(rsaPublicImporter(material, RS256));
}

/** Parses and checks a public key for any RSA row; returns how to import it. */
export function rsaPublicImporter(material: string | JsonWebKeyLike | WebCryptoKey, algorithm: RsaAlgorithm): ImportKey {
  if (isCryptoKey(material)) return resolved(checkCryptoKey(material, "public", algorithm));
  const parsed = parsePublicKey(material);
  checkRsaPolicy(parsed, algorithm);
  return (subtle) => importRsa(subtle, parsed, algorithm, "verify");
}

/** Options of {@link privateKey}. */
export interface PrivateKeyOptions {
  /** Opens an encrypted PKCS#8 key. */
  passphrase?: string;
}

/**
 * Makes a key that signs with RS256.
 *
 * @param material a PKCS#8, PKCS#1 or encrypted PKCS#8 PEM, a JWK, or a `CryptoKey` of RSASSA-PKCS1-v1_5 with SHA-256
 * @throws {KeyError} ERR_KEY_INVALID when the material is anything else or too small. An encrypted key is opened on its
 *   first use, so a wrong passphrase shows then
 * @see RFC 7518 section 3.3
 */
export function privateKey(material: string | JsonWebKeyLike | WebCryptoKey, options: PrivateKeyOptions = {}): PrivateKey {
  return new PrivateKey(rsaPrivateImporter(material, RS256, Object.hasOwn(options, "passphrase") ? options.passphrase : undefined));
}

/** Parses and checks a private key for any RSA row; returns how to import it. */
export function rsaPrivateImporter(
  material: string | JsonWebKeyLike | WebCryptoKey,
  algorithm: RsaAlgorithm,
  passphrase?: string,
): ImportKey {
  if (isCryptoKey(material)) return resolved(checkCryptoKey(material, "private", algorithm));
  const parsed = parsePrivateKey(material);
  if (parsed.format !== "encrypted") {
    checkRsaPolicy(parsed, algorithm);
    return (subtle) => importRsa(subtle, parsed, algorithm, "sign");
  }
  if (passphrase === undefined) {
    throw new KeyError("ERR_KEY_INVALID", 'key is encrypted and needs "options.passphrase"');
  }
  if (typeof passphrase !== "string") throw argumentError('"options.passphrase"', "must be a string", "ERR_INVALID_ARG_TYPE");
  return async (subtle) => {
    const opened = await decryptPrivateKey(parsed, passphrase);
    checkRsaPolicy(opened, algorithm);
    return importRsa(subtle, opened, algorithm, "sign");
  };
}

function resolved(key: CryptoKey): ImportKey {
  return () => Promise.resolve(key);
}

async function importRsa(
  subtle: SubtleCrypto,
  material: RsaMaterial,
  algorithm: RsaAlgorithm,
  usage: "sign" | "verify",
): Promise<CryptoKey> {
  const parameters = { name: algorithm.family, hash: algorithm.hash };
  try {
    return material.format === "jwk"
      ? await subtle.importKey("jwk", material.jwk as JsonWebKey, parameters, false, [usage])
      : await subtle.importKey(material.format, asBufferSource(material.bytes as Uint8Array), parameters, false, [usage]);
  } catch {
    // The engine's own message may quote the material.
    throw new KeyError("ERR_KEY_INVALID", "key was refused by crypto.subtle");
  }
}

/** By its members: a `CryptoKey` may come from another realm. */
function isCryptoKey(value: unknown): value is CryptoKey {
  return typeof value === "object" && value !== null && "extractable" in value && "usages" in value;
}

function checkCryptoKey(key: CryptoKey, type: "public" | "private", algorithm: RsaAlgorithm): CryptoKey {
  const facts = key.algorithm as RsaHashedKeyAlgorithm;
  if (key.type !== type) throw new KeyError("ERR_KEY_INVALID", `key must be a ${type} key`);
  if (facts.name !== algorithm.family) throw new KeyError("ERR_KEY_INVALID", `key must be an ${algorithm.family} key`);
  if (facts.hash.name !== algorithm.hash) throw new KeyError("ERR_KEY_INVALID", `key must be bound to ${algorithm.hash}`);
  if (facts.modulusLength < algorithm.minModulus || facts.modulusLength > algorithm.maxModulus) {
    throw new KeyError("ERR_KEY_INVALID", `key must have ${algorithm.minModulus} to ${algorithm.maxModulus} bits`);
  }
  // The floor of every other material: an exponent of 3 forgives what must not be forgiven.
  if (BigInt(`0x${encodeHex(facts.publicExponent)}`) < 65_537n) {
    throw new KeyError("ERR_KEY_INVALID", 'key has too small an "RSA" public exponent');
  }
  if (!key.usages.includes(type === "public" ? "verify" : "sign")) {
    throw new KeyError("ERR_KEY_INVALID", `key usages must contain ${type === "public" ? "verify" : "sign"}`);
  }
  return key;
}
