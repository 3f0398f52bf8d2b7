/**
 * Signatures over a text outside of JWS, as OAuth 1.0a makes them (RFC 5849 section 3.4): RSA with SHA-1 or SHA-256,
 * and keyed hashes whose key is no {@link SecretKey} and may be short.
 */
import { encodeUtf8 } from "../encoding/utf8.ts";
import { UnsupportedError } from "../errors.ts";
import type { JsonWebKeyLike, WebCryptoKey } from "../types.ts";
import type { RsaAlgorithm } from "./algorithms.ts";
import { rsaPrivateImporter, rsaPublicImporter } from "./rsa-keys.ts";
import { importHmacKey, requireSubtle, signBytes, verifyBytes } from "./webcrypto.ts";

/** Key material as a caller holds it. */
export type KeyMaterial = string | JsonWebKeyLike | WebCryptoKey;
/** Signs bytes. */
export type BytesSigner = (bytes: Uint8Array) => Promise<Uint8Array>;

/**
 * Parses and checks a private key at once; imports it on first use and keeps it.
 *
 * @throws {KeyError} ERR_KEY_INVALID when the material is no private RSA key of the algorithm's sizes
 */
export function rsaSigner(material: KeyMaterial, algorithm: RsaAlgorithm, passphrase?: string): BytesSigner {
  const importKey = rsaPrivateImporter(material, algorithm, passphrase);
  let imported: CryptoKey | undefined;
  return async (bytes) => {
    const subtle = requireSubtle();
    imported ??= await importKey(subtle);
    try {
      return await signBytes(subtle, imported, bytes);
    } catch {
      throw refusedBySystem(algorithm);
    }
  };
}

/**
 * Verifies an RSA signature over a text.
 *
 * @throws {KeyError} ERR_KEY_INVALID when the material is no public RSA key of the algorithm's sizes
 */
export async function verifyRsaText(
  material: KeyMaterial,
  algorithm: RsaAlgorithm,
  text: string,
  signature: Uint8Array,
): Promise<boolean> {
  const subtle = requireSubtle();
  const key = await rsaPublicImporter(material, algorithm)(subtle);
  // RFC 8017 section 8.2.2 step 1. Not every engine checks it for us before the arithmetic.
  if (signature.length !== Math.ceil((key.algorithm as RsaHashedKeyAlgorithm).modulusLength / 8)) return false;
  return verifyBytes(subtle, key, encodeUtf8(text), signature);
}

/** The keyed hash of some bytes under a key that is text. */
export async function hmacBytes(hash: string, key: string, bytes: Uint8Array): Promise<Uint8Array> {
  const subtle = requireSubtle();
  return signBytes(subtle, await importHmacKey(subtle, encodeUtf8(key), hash), bytes);
}

/** Compares a keyed hash of a text, in the platform's own comparison. */
export async function verifyHmacText(hash: string, key: string, text: string, mac: Uint8Array): Promise<boolean> {
  const subtle = requireSubtle();
  return verifyBytes(subtle, await importHmacKey(subtle, encodeUtf8(key), hash), encodeUtf8(text), mac);
}

/** Systems with a strict policy (RHEL 9 and its kin, FIPS) refuse to make signatures over SHA-1, and only those. */
function refusedBySystem({ name, hash }: RsaAlgorithm): UnsupportedError {
  return new UnsupportedError(name, `crypto.subtle refused to sign with "${name}"`, {
    hint:
      hash === "SHA-1"
        ? 'SHA-1 is forbidden here: update-crypto-policies --set DEFAULT:SHA1, or sign elsewhere through "options.sign"'
        : "use another key",
  });
}
