/**
 * The shared secret as a key: checked once, imported on first use, never printed.
 */
import { encodeUtf8, isWellFormed } from "../encoding/utf8.ts";
import { argumentError, KeyError, requireType } from "../errors.ts";
import type { Awaitable } from "../types.ts";
import { hmacAlgorithms } from "./algorithms.ts";
import type { HmacAlgorithm, HmacName } from "./algorithms.ts";
import { importHmacKey } from "./webcrypto.ts";

/** A shared secret, bound to one keyed hash. Made by {@link secretKey}. */
export class SecretKey {
  readonly type = "secret" as const;
  readonly algorithm: HmacAlgorithm<HmacName>;
  readonly #secret: Uint8Array;
  #imported: CryptoKey | undefined;

  /** @internal */
  constructor(secret: Uint8Array, algorithm: HmacAlgorithm<HmacName>) {
    this.#secret = secret;
    this.algorithm = algorithm;
  }

  /** @internal The engines read it; it is no property, so that neither JSON nor inspect shows it. */
  secret(): Uint8Array {
    return this.#secret;
  }

  /**
   * @internal The imported key, at once when it is there already. It is kept, its promise never is: on Workers a promise
   * of another request may never settle.
   */
  cryptoKey(subtle: SubtleCrypto): Awaitable<CryptoKey> {
    return this.#imported ?? this.#import(subtle);
  }

  async #import(subtle: SubtleCrypto): Promise<CryptoKey> {
    return (this.#imported = await importHmacKey(subtle, this.#secret, this.algorithm.hash));
  }
}

/** Options of {@link secretKey}. */
export interface SecretKeyOptions {
  /** The keyed hash; `HS256` unless told. */
  alg?: HmacName;
  /** Weakens security: lets a secret be shorter than its hash (RFC 7518 section 3.2). For test vectors. */
  allowShortSecret?: boolean;
}

/**
 * Makes a key of a shared secret.
 *
 * A string is used verbatim, as UTF-8: it is never base64-decoded and never trimmed, as Atlassian products use it. The
 * key returns at once and is imported on its first use; make it once and keep it. What looks like a public or private
 * key (PEM, SSH, JWK, DER) is refused: it would turn public data into a secret.
 *
 * @example
 * ```ts
 * import { secretKey, signJwt } from "jwt-qsh";
 *
 * const key = secretKey("a-shared-secret-of-at-least-32-bytes");
 * const token = await signJwt({ iss: "my-app" }, key, { lifetime: 180 });
 * ```
 *
 * @param secret the secret, at least as long as the hash: 32 bytes for HS256, 48 for HS384, 64 for HS512
 * @throws {KeyError} ERR_KEY_INVALID when the secret is no string or bytes, empty, too short, or key material of another kind
 * @throws {TypeError} ERR_INVALID_ARG_VALUE when `alg` is none of the three, ERR_INVALID_ARG_TYPE when the options are none
 * @see RFC 7518 section 3.2
 */
export function secretKey(secret: string | Uint8Array, options: SecretKeyOptions = {}): SecretKey {
  requireType(options, "object", '"options"');
  // Own members alone. Absent is HS256; null, an empty text or a list is a mistake and no choice.
  const { alg = "HS256", allowShortSecret } = { __proto__: null, ...options } as SecretKeyOptions;
  if (typeof alg !== "string" || !Object.hasOwn(hmacAlgorithms, alg)) throw argumentError('"options.alg"', "must be HS256, HS384 or HS512");
  return new SecretKey(checkSecret(secret, hmacAlgorithms[alg], allowShortSecret === true), hmacAlgorithms[alg]);
}

function checkSecret(secret: unknown, algorithm: HmacAlgorithm, allowShort: boolean): Uint8Array {
  let bytes: Uint8Array;
  if (typeof secret === "string") {
    if (!isWellFormed(secret)) throw new KeyError("ERR_KEY_INVALID", "secret is not well-formed Unicode");
    // A copy is kept with the object, where what the encoder made has memory of its own: half a kilobyte less a tenant.
    bytes = encodeUtf8(secret).slice();
  } else if (ArrayBuffer.isView(secret)) {
    // A copy: the caller may wipe or reuse the buffer.
    bytes = new Uint8Array(secret.buffer as ArrayBuffer, secret.byteOffset, secret.byteLength).slice();
  } else {
    throw new KeyError("ERR_KEY_INVALID", "secret must be a string or a Uint8Array");
  }
  if (bytes.length === 0) throw new KeyError("ERR_KEY_INVALID", "secret is empty");
  if (looksLikeKeyMaterial(bytes)) {
    throw new KeyError("ERR_KEY_INVALID", "secret is key material of another kind", {
      hint: "use publicKey() or privateKey() for PEM, DER and JWK",
    });
  }
  if (bytes.length < algorithm.minSecret && !allowShort) {
    throw new KeyError("ERR_KEY_INVALID", `secret is shorter than the ${algorithm.minSecret} bytes that ${algorithm.name} needs`, {
      hint: 'use a longer secret, or say "allowShortSecret: true" where that cannot be had',
    });
  }
  return bytes;
}

const KEY_MATERIAL = /^(?:\s|\xef\xbb\xbf)*(?:-----BEGIN |(?:ssh-|ecdsa-sha2-|sk-)\S{1,64} AAAA|{[^]*"(?:kty|keys)"\s*:)/;

/** PEM, an SSH key, a JWK or a set of them, or a DER SEQUENCE that fills the bytes exactly. */
function looksLikeKeyMaterial(bytes: Uint8Array): boolean {
  // One character a byte: every marker is ASCII, and a byte order mark in UTF-8 is three of these. The longest key that
  // anyone would paste has fewer bytes than are looked at.
  let text = "";
  for (const byte of bytes.subarray(0, 16384)) text += String.fromCharCode(byte);
  return KEY_MATERIAL.test(text) || isDerSequence(bytes);
}

/** A SEQUENCE whose length is that of the bytes and whose first member is a SEQUENCE or an INTEGER, as every key's is. */
function isDerSequence(bytes: Uint8Array): boolean {
  const form = bytes[1] ?? 0;
  if (bytes[0] !== 0x30 || form === 0x80 || form > 0x83) return false;
  const content = form < 0x80 ? 2 : 2 + (form & 3);
  let length = form < 0x80 ? form : 0;
  for (let i = 2; i < content; i++) length = (length << 8) | (bytes[i] ?? 0);
  return content + length === bytes.length && (bytes[content] === 0x30 || bytes[content] === 0x02);
}
