/**
 * base64url without padding (RFC 4648 section 5, RFC 7515 section 2), in its one canonical form.
 */
import { argumentError } from "../errors.ts";
import { encodeBits } from "./bits.ts";
import { decodeUtf8, encodeUtf8, isAscii } from "./utf8.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

interface NativeBase64 extends Uint8Array {
  toBase64?: (options: { alphabet: "base64url"; omitPadding: true }) => string;
}

/** Encodes bytes. */
export function encode(bytes: NativeBase64): string {
  // ES2026, and several times as fast.
  return bytes.toBase64?.({ alphabet: "base64url", omitPadding: true }) ?? encodeBits(bytes, ALPHABET, 6);
}

/** Encodes text, as UTF-8. */
export function encodeText(text: string): string {
  // By the platform's own base64, where it has one, ten times as fast.
  return typeof btoa === "function" && isAscii(text) ? fromBase64(btoa(text)) : encode(encodeUtf8(text));
}

function fromBase64(base64: string): string {
  const end = base64.indexOf("=");
  return swap(swap(end < 0 ? base64 : base64.slice(0, end), "+", "-"), "/", "_");
}

function swap(text: string, one: string, other: string): string {
  // Looking first: most texts hold none, and a call that replaces nothing costs as much as the encoding.
  return text.includes(one) ? text.replaceAll(one, other) : text;
}

/**
 * Decodes the canonical form alone: `undefined` for padding, white space, a foreign character, an impossible length or
 * unused bits that are not zero, so that one value has exactly one spelling (RFC 4648 section 3.5).
 */
export function tryDecode(text: string): Uint8Array | undefined {
  if (typeof atob !== "function") return decodePortable(text);
  const binary = tryDecodeBinary(text);
  return binary === undefined ? undefined : bytesOf(binary);
}

/** {@link tryDecode} for text: `undefined` also for what is not UTF-8. */
export function tryDecodeText(text: string): string | undefined {
  if (typeof atob === "function") {
    const binary = tryDecodeBinary(text);
    return binary === undefined || isAscii(binary) ? binary : decodeUtf8(bytesOf(binary));
  }
  const bytes = decodePortable(text);
  return bytes === undefined ? undefined : decodeUtf8(bytes);
}

/** By the platform, a character a byte: for a signature of RSA it is three times as fast as a table. */
function tryDecodeBinary(text: string): string | undefined {
  try {
    const binary = atob(swap(swap(text, "-", "+"), "_", "/"));
    return isCanonical(text, binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

function bytesOf(binary: string): Uint8Array {
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Whether there was nothing to forgive, for a platform that forgives the other alphabet, padding, white space, unused bits. */
function isCanonical(text: string, decoded: string): boolean {
  const rest = text.length & 3;
  const unused = rest === 2 ? 15 : rest === 3 ? 3 : 0;
  return (
    rest !== 1 &&
    decoded.length === (text.length * 3) >> 2 &&
    !(text.includes("+") || text.includes("/")) &&
    (ALPHABET.indexOf(text.charAt(text.length - 1)) & unused) === 0
  );
}

/** Where there is no `atob`. Exported for its test: where it is needed no test runs. */
export function decodePortable(text: string): Uint8Array | undefined {
  if ((text.length & 3) === 1) return undefined;
  const out = new Uint8Array((text.length * 3) >> 2);
  let bits = 0;
  let size = 0;
  let length = 0;
  for (const char of text) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) return undefined;
    bits = (bits << 6) | value;
    size += 6;
    if (size >= 8) {
      size -= 8;
      out[length++] = bits >> size;
      bits &= (1 << size) - 1;
    }
  }
  return bits === 0 ? out : undefined;
}

/** base64url without padding, as JWTs use it. */
export interface Base64Url {
  /** Encodes bytes. */
  encode(bytes: Uint8Array): string;
  /**
   * Decodes the canonical form alone.
   *
   * @throws {TypeError} ERR_INVALID_ARG_VALUE for padding, white space, a foreign character, an impossible length or
   *   unused bits that are not zero
   */
  decode(text: string): Uint8Array;
}

/**
 * base64url without padding: what the three segments of a JWT are written in.
 *
 * @example
 * ```ts
 * import { base64url } from "jwt-qsh";
 *
 * base64url.encode(new Uint8Array([0xfb, 0xff])); // "-_8"
 * base64url.decode("-_8"); // Uint8Array [251, 255]
 * ```
 *
 * @see RFC 4648 section 5 and RFC 7515 section 2
 */
export const base64url: Base64Url = {
  encode(bytes: Uint8Array): string {
    if (!ArrayBuffer.isView(bytes)) throw argumentError('"bytes"', "must be a Uint8Array", "ERR_INVALID_ARG_TYPE");
    // A view of any kind, by its bytes: of a Uint16Array or a DataView the elements would be something else.
    return encode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  },
  decode(text: string): Uint8Array {
    if (typeof text !== "string") throw argumentError('"text"', "must be a string", "ERR_INVALID_ARG_TYPE");
    const bytes = tryDecode(text);
    if (bytes === undefined) throw argumentError('"text"', "must be canonical base64url without padding");
    return bytes;
  },
};
