/**
 * What computes and compares a signature. The default goes through WebCrypto, with noble where that is missing; the
 * synchronous one goes through native crypto, with noble where that is missing.
 */
import { encode } from "../encoding/base64url.ts";
import { encodeUtf8Briefly } from "../encoding/utf8.ts";
import { UnsupportedError } from "../errors.ts";
import type { Awaitable } from "../types.ts";
import type { SecretKey } from "./keys.ts";
import { nativeCrypto, nativeHmac } from "./native.ts";
import type { NativeEncoding } from "./native.ts";
import { hmacBlock, nobleMac } from "./noble.ts";
import type { NobleMac } from "./noble.ts";
import type { PrivateKey, PublicKey } from "./rsa-keys.ts";
import { requireSubtle, signBytes, subtleCrypto, verifyBytes } from "./webcrypto.ts";

/** Computes and compares keyed hashes. `webEngine` is the default; `syncEngine` of `jwt-qsh/sync` is the other one. */
export interface MacEngine {
  /** Which crypto does the work just now: `webcrypto`, `native` or `noble`. */
  readonly name: string;
  sign(key: SecretKey, input: string): Awaitable<Uint8Array>;
  verify(key: SecretKey, input: string, mac: Uint8Array): Awaitable<boolean>;
  /** The keyed hash in base64url, where the engine can write that for nothing. */
  signText?(key: SecretKey, input: string): string;
}

/** A {@link MacEngine} that answers at once. HS256 only. */
export interface SyncMacEngine extends MacEngine {
  sign(key: SecretKey, input: string): Uint8Array;
  verify(key: SecretKey, input: string, mac: Uint8Array): boolean;
}

/** WebCrypto; HS256 falls back to noble where `crypto.subtle` is missing, silently and with the same result. */
export const webEngine: MacEngine = {
  get name(): string {
    return subtleCrypto() === undefined ? "noble" : "webcrypto";
  },
  async sign(key: SecretKey, input: string): Promise<Uint8Array> {
    const subtle = subtleFor(key);
    if (subtle === undefined) return portableMac(key, input);
    // Always a turn of the queue, also for a key that is there. Of many calls at a time each does its text first and its
    // hash in the next turn, where one follows the other at once: Node's threads stay awake, and 64 signatures take half
    // the time. RSA takes longer than the text does, and keeps them awake anyway.
    const imported = await key.cryptoKey(subtle);
    return await signBytes(subtle, imported, encodeUtf8Briefly(input));
  },
  async verify(key: SecretKey, input: string, mac: Uint8Array): Promise<boolean> {
    const subtle = subtleFor(key);
    if (subtle === undefined) return equalBytes(portableMac(key, input), mac);
    const imported = await key.cryptoKey(subtle);
    return await verifyBytes(subtle, imported, encodeUtf8Briefly(input), mac);
  },
};

/** Native HMAC where it can be reached, else noble. */
export const syncEngine: SyncMacEngine = {
  get name(): string {
    return nativeCrypto() === undefined ? "noble" : "native";
  },
  sign(key: SecretKey, input: string): Uint8Array {
    const binary = nativeMac(key, input, "latin1");
    if (binary === undefined) return portableMac(key, input);
    const bytes = new Uint8Array(32);
    for (let i = 0; i < 32; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  },
  verify(key: SecretKey, input: string, mac: Uint8Array): boolean {
    const binary = nativeMac(key, input, "latin1");
    if (binary === undefined) return equalBytes(portableMac(key, input), mac);
    let difference = binary.length ^ mac.length;
    for (let i = 0; i < 32; i++) difference |= binary.charCodeAt(i) ^ (mac[i] as number);
    return difference === 0;
  },
  signText,
};

/** The signature of {@link syncEngine} in base64url. */
export function signText(key: SecretKey, input: string): string {
  return nativeMac(key, input, "base64url") ?? encode(portableMac(key, input));
}

function nativeMac(key: SecretKey, input: string, encoding: NativeEncoding): string | undefined {
  requireHs256(key);
  const native = nativeCrypto();
  return native === undefined ? undefined : nativeHmac(native, blockOf(key.secret()), input, encoding);
}

let blocks: WeakMap<Uint8Array, Uint8Array> | undefined;

/** The key as HMAC-SHA-256 mixes it with its pads; the hash of a long secret is kept. */
function blockOf(secret: Uint8Array): Uint8Array {
  if (secret.length <= 64) return secret;
  let block = (blocks ??= new WeakMap()).get(secret);
  if (block === undefined) blocks.set(secret, (block = hmacBlock(secret)));
  return block;
}

/** Signs with RSA. */
export async function signRsa(key: PrivateKey, input: string): Promise<Uint8Array> {
  const subtle = requireSubtle();
  return await signBytes(subtle, key.importedKey() ?? (await key.cryptoKey(subtle)), encodeUtf8Briefly(input));
}

/** Verifies with RSA. */
export async function verifyRsa(key: PublicKey, input: string, signature: Uint8Array): Promise<boolean> {
  const subtle = requireSubtle();
  const imported = key.importedKey() ?? (await key.cryptoKey(subtle));
  // RFC 8017 section 8.2.2 step 1. Not every engine checks it for us before the arithmetic.
  if (signature.length !== Math.ceil((imported.algorithm as RsaHashedKeyAlgorithm).modulusLength / 8)) return false;
  return await verifyBytes(subtle, imported, encodeUtf8Briefly(input), signature);
}

let macs: WeakMap<SecretKey, NobleMac> | undefined;

function portableMac(key: SecretKey, input: string): Uint8Array {
  macs ??= new WeakMap();
  let mac = macs.get(key);
  if (mac === undefined) {
    mac = nobleMac(key.secret());
    macs.set(key, mac);
  }
  return mac(encodeUtf8Briefly(input));
}

function subtleFor(key: SecretKey): SubtleCrypto | undefined {
  return key.algorithm.name === "HS256" ? subtleCrypto() : requireSubtle();
}

function requireHs256(key: SecretKey): void {
  if (key.algorithm.name !== "HS256") {
    throw new UnsupportedError(key.algorithm.name, "the synchronous engine speaks HS256 only", {
      hint: "use signJwt and verifyJwt for this key",
    });
  }
}

/** Looks at every byte, whatever differs first; the length is no secret. */
export function equalBytes(ours: Uint8Array, theirs: Uint8Array): boolean {
  if (ours.length !== theirs.length) return false;
  let difference = 0;
  for (let i = 0; i < ours.length; i++) difference |= (ours[i] as number) ^ (theirs[i] as number);
  return difference === 0;
}
