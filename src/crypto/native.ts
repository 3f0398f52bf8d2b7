/**
 * The runtime's native crypto, where it can be reached without an import (Node, Deno, Bun, workerd with its Node
 * compatibility): synchronous, and faster than any JavaScript.
 */
import { encodeUtf8Into } from "../encoding/utf8.ts";
import type { IncrementalHash } from "./noble.ts";

/** `latin1` has one character a byte. */
export type NativeEncoding = "hex" | "base64url" | "latin1";

interface NativeHash {
  update(data: string | Uint8Array): NativeHash;
  digest(): Uint8Array;
  digest(encoding: NativeEncoding): string;
}

/** The part of `node:crypto` that is used. */
export interface NativeCrypto {
  /** In one call; not every runtime that has the module has it. */
  hash?(algorithm: string, data: string | Uint8Array, encoding: NativeEncoding): string;
  createHash(algorithm: string): NativeHash;
  createHmac(algorithm: string, key: Uint8Array): NativeHash;
}

/** Bun's keyed hash: a copy of it has the key absorbed, as noble's has. */
interface BunHasher {
  copy(): BunHasher;
  update(data: string): BunHasher;
  digest(encoding: NativeEncoding): string;
}

interface Global {
  readonly process?: { readonly getBuiltinModule?: (id: string) => NativeCrypto | undefined };
  readonly Bun?: { readonly CryptoHasher?: new (algorithm: string, key: Uint8Array) => BunHasher };
}

let found: NativeCrypto | false | undefined;

/** The runtime's native crypto, looked up on first use. */
export function nativeCrypto(): NativeCrypto | undefined {
  try {
    found ??= (globalThis as Global).process?.getBuiltinModule?.("node:crypto") ?? false;
  } catch {
    found = false;
  }
  return found || undefined;
}

export function nativeIncremental(native: NativeCrypto): IncrementalHash {
  const state = native.createHash("sha256");
  return { update: (bytes) => void state.update(bytes), digest: () => state.digest() };
}

/** What the hashes are made of, in memory that the next one uses again: pads of the key, and what is behind them. */
let inner: Uint8Array;
let outer: Uint8Array;
let text: Uint8Array | undefined;
let views: Uint8Array[];
/** The key whose pads are there: mostly the one that is used next. */
let padded: Uint8Array | undefined;
/** The same for Bun: its hasher, and the key that it has absorbed. */
let hasher: BunHasher, absorbed: Uint8Array | undefined;

/**
 * HMAC-SHA-256 of a text's UTF-8, as RFC 2104 has it, in two calls of the one-shot hash: 1.1 microseconds for a token,
 * against 1.9 of a keyed hash, which makes three objects. For the same reason the digest is taken as text. In Bun a copy
 * of a keyed hash takes half of that again.
 *
 * @param block the key, at most 64 bytes
 */
export function nativeHmac(native: NativeCrypto, block: Uint8Array, input: string, encoding: NativeEncoding): string {
  const Hasher = (globalThis as Global).Bun?.CryptoHasher;
  if (Hasher !== undefined) {
    if (block !== absorbed) {
      hasher = new Hasher("sha256", block);
      absorbed = block;
    }
    return hasher.copy().update(input).digest(encoding);
  }
  const { hash } = native;
  // Memory for a long text is not kept for the next one.
  if (hash === undefined || input.length > 65536) return native.createHmac("sha256", block).update(input).digest(encoding);
  reserve(input.length * 3);
  if (block !== padded) {
    pad(inner, block, 0x36);
    pad(outer, block, 0x5c);
    padded = block;
  }
  const digest = hash("sha256", innerView(64 + encodeUtf8Into(input, text as Uint8Array)), "latin1");
  for (let i = 0; i < 32; i++) outer[64 + i] = digest.charCodeAt(i);
  return hash("sha256", outer, encoding);
}

function reserve(most: number): void {
  if (text !== undefined && text.length >= most) return;
  // Both or none: an allocation may fail.
  [inner, outer] = [new Uint8Array(64 + Math.max(most, 4096)), new Uint8Array(96)];
  text = inner.subarray(64);
  views = [];
  padded = undefined;
}

function pad(bytes: Uint8Array, block: Uint8Array, byte: number): void {
  for (let i = 0; i < 64; i++) bytes[i] = byte ^ (i < block.length ? (block[i] as number) : 0);
}

/** Views of usual lengths are kept: a new one costs more than the text it shows. */
function innerView(length: number): Uint8Array {
  return length < 1024 ? (views[length] ??= inner.subarray(0, length)) : inner.subarray(0, length);
}
