/**
 * The runtime's native crypto, where it can be reached without an import (Node, Deno, Bun, workerd with its Node
 * compatibility): synchronous, and faster than any JavaScript.
 */
import type { IncrementalHash } from "./noble.ts";

interface NativeHash {
  update(data: string | Uint8Array): NativeHash;
  digest(): Uint8Array;
  digest(encoding: "hex"): string;
}

/** The part of `node:crypto` that is used. */
export interface NativeCrypto {
  /** In one call; not every runtime that has the module has it. */
  hash?(algorithm: string, data: Uint8Array, encoding: "hex"): string;
  createHash(algorithm: string): NativeHash;
  createHmac(algorithm: string, key: Uint8Array): NativeHash;
}

let found: NativeCrypto | false | undefined;

/** The runtime's native crypto, looked up on first use. */
export function nativeCrypto(): NativeCrypto | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (id: string) => NativeCrypto | undefined } };
  try {
    found ??= process?.getBuiltinModule?.("node:crypto") ?? false;
  } catch {
    found = false;
  }
  return found || undefined;
}

export function nativeIncremental(native: NativeCrypto): IncrementalHash {
  const state = native.createHash("sha256");
  return { update: (bytes) => void state.update(bytes), digest: () => state.digest() };
}
