/**
 * The platform's WebCrypto: where it is, and what is asked of it.
 */
import { UnsupportedError } from "../errors.ts";

/** `crypto.subtle`, `undefined` on a plain-http page and in old engines. Looked up on each call: nothing at import time. */
export function subtleCrypto(): SubtleCrypto | undefined {
  return globalThis.crypto?.subtle;
}

/** `crypto.subtle` for what has no fallback. */
export function requireSubtle(): SubtleCrypto {
  const subtle = subtleCrypto();
  if (subtle === undefined) {
    throw new UnsupportedError("crypto.subtle", "crypto.subtle is missing in this runtime", {
      hint: "use https (or localhost), or a runtime with WebCrypto; without it only HS256 works",
    });
  }
  return subtle;
}

/** Bytes as WebCrypto's types want them: over an `ArrayBuffer`, which ours always are. */
export function asBufferSource(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}

/** Imports a secret for HMAC. */
export function importHmacKey(subtle: SubtleCrypto, secret: Uint8Array, hash: string): Promise<CryptoKey> {
  return subtle.importKey("raw", asBufferSource(secret), { name: "HMAC", hash }, false, ["sign", "verify"]);
}

/** Signs with an imported key, by HMAC or by RSA: the key knows which. */
export async function signBytes(subtle: SubtleCrypto, key: CryptoKey, data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle.sign(key.algorithm.name, key, asBufferSource(data)));
}

/** Verifies in the platform's own comparison. */
export function verifyBytes(
  subtle: SubtleCrypto,
  key: CryptoKey,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  return subtle.verify(key.algorithm.name, key, asBufferSource(signature), asBufferSource(data));
}
