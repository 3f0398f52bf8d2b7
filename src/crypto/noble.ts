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

let fresh: _SHA256 | undefined;
let state: _SHA256;

/**
 * A hash in memory that the next one uses again, by way of the state's own memory as noble's `digest` takes it but
 * without wiping it: a new state and a slice of it take as long as to hash two blocks.
 *
 * @param from what was hashed before
 */
export function nobleSha256(data: Uint8Array, from: _SHA256 = (fresh ??= new _SHA256())): Uint8Array {
  state = from._cloneInto(state);
  const { buffer } = state.update(data) as unknown as { buffer: Uint8Array };
  state.digestInto(buffer);
  const digest = new Uint8Array(32);
  for (let i = 0; i < 32; i++) digest[i] = buffer[i] as number;
  return digest;
}

export function nobleIncremental(): IncrementalHash {
  const whole = new _SHA256();
  return { update: (bytes) => void whole.update(bytes), digest: () => nobleSha256(new Uint8Array(), whole) };
}

/** The key as HMAC-SHA-256 mixes it with its pads: itself, or its hash when it is longer than a block (RFC 2104 section 2). */
export function hmacBlock(secret: Uint8Array): Uint8Array {
  return secret.length > 64 ? nobleSha256(secret) : secret;
}

export function nobleMac(secret: Uint8Array): NobleMac {
  const block = hmacBlock(secret);
  const [inner, outer] = [0x36, 0x5c].map((byte) => {
    const pad = new Uint8Array(64).fill(byte);
    for (let i = 0; i < block.length; i++) pad[i] = byte ^ (block[i] as number);
    return new _SHA256().update(pad);
  }) as [_SHA256, _SHA256];
  return (data) => nobleSha256(nobleSha256(data, inner), outer);
}
