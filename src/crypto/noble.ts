/**
 * SHA-256 and HMAC-SHA-256 in plain JavaScript, by `@noble/hashes`: where the platform offers nothing, and where only
 * a synchronous or an incremental hash will do.
 *
 * The class is used directly: the functions around it check options that are never given here, for 350 bytes of a
 * gzipped bundle, and HMAC is two lines on top of it.
 */
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
  const [inner, outer] = hmacPads(secret).map((pad) => new _SHA256().update(pad)) as [_SHA256, _SHA256];
  return (data) => outer.clone().update(inner.clone().update(data).digest()).digest();
}

/** What HMAC-SHA-256 hashes before anything else, in its inner and in its outer hash (RFC 2104 section 2). */
export function hmacPads(secret: Uint8Array): [inner: Uint8Array, outer: Uint8Array] {
  const key = new Uint8Array(64);
  key.set(secret.length > 64 ? nobleSha256(secret) : secret);
  return [key.map((byte) => byte ^ 0x36), key.map((byte) => byte ^ 0x5c)];
}
