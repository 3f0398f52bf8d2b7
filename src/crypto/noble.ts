/**
 * SHA-256 and HMAC-SHA-256 in plain JavaScript, by `@noble/hashes`: where the platform offers nothing, and where only
 * a synchronous or an incremental hash will do.
 *
 * The classes are used directly: the functions around them check options that are never given here, for 350 bytes of a
 * gzipped bundle.
 */
import { _HMAC } from "@noble/hashes/hmac.js";
import { _SHA256 } from "@noble/hashes/sha2.js";

/** An incremental hash. */
export interface IncrementalHash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** A keyed hash whose key is already absorbed: two compressions are saved on each use. */
export type NobleMac = (data: Uint8Array) => Uint8Array;

export function nobleSha256(data: Uint8Array): Uint8Array {
  return new _SHA256().update(data).digest();
}

export function nobleIncremental(): IncrementalHash {
  return new _SHA256();
}

export function nobleMac(secret: Uint8Array): NobleMac {
  const hash = Object.assign(nobleSha256, { create: () => new _SHA256(), outputLen: 32, blockLen: 64, canXOF: false });
  const state = new _HMAC(hash, secret);
  return (data) => state.clone().update(data).digest();
}
