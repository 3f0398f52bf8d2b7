/**
 * AES-256-GCM (NIST SP 800-38D): what is sealed can be read and changed by holders of the key alone, and stays bound to
 * the associated data, which says where it belongs.
 */
import { asBufferSource, requireSubtle } from "./webcrypto.ts";

/** A random nonce of 96 bits is good for 2^32 messages under one key (SP 800-38D section 8.3). */
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** Seals: a fresh nonce, then the ciphertext with its tag. */
export async function sealBytes(key: CryptoKey, plaintext: Uint8Array, associatedData: Uint8Array): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
  const sealed = await requireSubtle().encrypt(gcm(nonce, associatedData), key, asBufferSource(plaintext));
  const bytes = new Uint8Array(NONCE_LENGTH + sealed.byteLength);
  bytes.set(nonce);
  bytes.set(new Uint8Array(sealed), NONCE_LENGTH);
  return bytes;
}

/** Opens; `undefined` for what was not sealed under this key with this associated data. */
export async function openBytes(
  key: CryptoKey,
  bytes: Uint8Array,
  associatedData: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (bytes.length < NONCE_LENGTH + TAG_LENGTH) return undefined;
  const subtle = requireSubtle();
  const nonce = bytes.subarray(0, NONCE_LENGTH);
  try {
    const sealed = asBufferSource(bytes.subarray(NONCE_LENGTH));
    return new Uint8Array(await subtle.decrypt(gcm(nonce, associatedData), key, sealed));
  } catch {
    // The one failure there is: the tag does not match.
    return undefined;
  }
}

function gcm(nonce: Uint8Array, associatedData: Uint8Array): AesGcmParams {
  return { name: "AES-GCM", iv: asBufferSource(nonce), additionalData: asBufferSource(associatedData) };
}
