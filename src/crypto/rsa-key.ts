/**
 * An RSA key for RS256 that was parsed and checked. How that is done stands apart, so that a bundle which meets keys but
 * makes none does not carry it.
 */
import { RS256 } from "./algorithms.ts";
import type { RsaAlgorithm } from "./algorithms.ts";

/** Imports a key that was parsed and checked before. */
export type ImportKey = (subtle: SubtleCrypto) => Promise<CryptoKey>;

/** What both halves of a pair share. */
class RsaKey {
  readonly algorithm: RsaAlgorithm<"RS256"> = RS256;
  readonly #import: ImportKey;
  #imported: CryptoKey | undefined;

  /** @internal */
  constructor(importKey: ImportKey) {
    this.#import = importKey;
  }

  /** @internal The key is kept, its promise never is: on Workers a promise of another request may never settle. */
  async cryptoKey(subtle: SubtleCrypto): Promise<CryptoKey> {
    return (this.#imported ??= await this.#import(subtle));
  }

  /** @internal The imported key when it is there already. */
  importedKey(): CryptoKey | undefined {
    return this.#imported;
  }
}

/** An RSA public key, for RS256. Made by `publicKey`. */
export class PublicKey extends RsaKey {
  readonly type = "public" as const;
}

/** An RSA private key, for RS256. Made by `privateKey`. */
export class PrivateKey extends RsaKey {
  readonly type = "private" as const;
}
