/**
 * SHA-256 and HMAC-SHA-256 in plain JavaScript, by `@noble/hashes`: where the platform offers nothing, and where only
 * a synchronous or an incremental hash will do.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/** An incremental hash. */
export interface IncrementalHash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** A keyed hash whose key is already absorbed: two compressions are saved on each use. */
export type NobleMac = (data: Uint8Array) => Uint8Array;

export function nobleSha256(data: Uint8Array): Uint8Array {
  return sha256(data);
}

export function nobleIncremental(): IncrementalHash {
  const state = sha256.create();
  return { update: (bytes) => void state.update(bytes), digest: () => state.digest() };
}

export function nobleMac(secret: Uint8Array): NobleMac {
  const state = hmac.create(sha256, secret);
  return (data) => state.clone().update(data).digest();
}
