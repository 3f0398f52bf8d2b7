/**
 * What computes and compares a signature. The default goes through WebCrypto, with noble where that is missing; the
 * synchronous one goes through native crypto, with noble where that is missing.
 */
import { encode } from "../encoding/base64url.ts";
import { encodeUtf8 } from "../encoding/utf8.ts";
import { UnsupportedError } from "../errors.ts";
import type { Awaitable } from "../types.ts";
import type { SecretKey } from "./keys.ts";
import { nativeCrypto, nativeHmac } from "./native.ts";
import type { NativeEncoding } from "./native.ts";
import { nobleMac } from "./noble.ts";
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
  /** Compares one that is given so: in its canonical form there is one text for one hash. */
  verifyText?(key: SecretKey, input: string, mac: string): boolean;
}

/** A {@link MacEngine} that answers at once. HS256 only. */
export interface SyncMacEngine extends MacEngine {
  sign(key: SecretKey, input: string): Uint8Array;
  verify(key: SecretKey, input: string, mac: Uint8Array): boolean;
  signText(key: SecretKey, input: string): string;
  verifyText(key: SecretKey, input: string, mac: string): boolean;
}

/** WebCrypto; HS256 falls back to noble where `crypto.subtle` is missing, silently and with the same result. */
export const webEngine: MacEngine = {
  get name(): string {
    return subtleCrypto() === undefined ? "noble" : "webcrypto";
  },
  async sign(key: SecretKey, input: string): Promise<Uint8Array> {
    const subtle = subtleFor(key);
    if (subtle === undefined) return portableMac(key, input);
    // Awaited here and below: an async function that returns a promise takes two more turns of the queue.
    return await signBytes(subtle, key.importedKey() ?? (await key.cryptoKey(subtle)), encodeUtf8(input));
  },
  async verify(key: SecretKey, input: string, mac: Uint8Array): Promise<boolean> {
    const subtle = subtleFor(key);
    if (subtle === undefined) return equalBytes(portableMac(key, input), mac);
    return await verifyBytes(subtle, key.importedKey() ?? (await key.cryptoKey(subtle)), encodeUtf8(input), mac);
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
    return equalBytes(syncEngine.sign(key, input), mac);
  },
  signText(key: SecretKey, input: string): string {
    return nativeMac(key, input, "base64url") ?? encode(portableMac(key, input));
  },
  verifyText(key: SecretKey, input: string, mac: string): boolean {
    const ours = syncEngine.signText(key, input);
    // As equalBytes does: every character is looked at.
    let difference = ours.length ^ mac.length;
    for (let i = 0; i < ours.length; i++) difference |= ours.charCodeAt(i) ^ mac.charCodeAt(i);
    return difference === 0;
  },
};

function nativeMac(key: SecretKey, input: string, encoding: NativeEncoding): string | undefined {
  requireHs256(key);
  const native = nativeCrypto();
  return native === undefined ? undefined : nativeHmac(native, key.block(), input, encoding);
}

/** Signs with RSA. */
export async function signRsa(key: PrivateKey, input: string): Promise<Uint8Array> {
  const subtle = requireSubtle();
  return await signBytes(subtle, key.importedKey() ?? (await key.cryptoKey(subtle)), encodeUtf8(input));
}

/** Verifies with RSA. */
export async function verifyRsa(key: PublicKey, input: string, signature: Uint8Array): Promise<boolean> {
  const subtle = requireSubtle();
  const imported = key.importedKey() ?? (await key.cryptoKey(subtle));
  // RFC 8017 section 8.2.2 step 1. Not every engine checks it for us before the arithmetic.
  if (signature.length !== Math.ceil((imported.algorithm as RsaHashedKeyAlgorithm).modulusLength / 8)) return false;
  return await verifyBytes(subtle, imported, encodeUtf8(input), signature);
}

let macs: WeakMap<SecretKey, NobleMac> | undefined;

function portableMac(key: SecretKey, input: string): Uint8Array {
  macs ??= new WeakMap();
  let mac = macs.get(key);
  if (mac === undefined) {
    mac = nobleMac(key.secret());
    macs.set(key, mac);
  }
  return mac(encodeUtf8(input));
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
