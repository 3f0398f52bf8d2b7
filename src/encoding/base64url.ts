/**
 * base64url without padding (RFC 4648 section 5, RFC 7515 section 2), in its one canonical form.
 */
import { argumentError } from "../errors.ts";
import { decodeUtf8, encodeUtf8, isShortAscii } from "./utf8.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

let values: Int8Array | undefined;
let codes: Uint8Array;

/** Character code to six bits, -1 for everything that is not in the alphabet. The way back is made with it. */
function table(): Int8Array {
  if (values === undefined) {
    values = new Int8Array(128).fill(-1);
    codes = new Uint8Array(64);
    for (let i = 0; i < 64; i++) values[(codes[i] = ALPHABET.charCodeAt(i))] = i;
  }
  return values;
}

/** Encodes bytes. */
export function encode(bytes: Uint8Array): string {
  table();
  let text = "";
  // One call for many characters is three times as fast as a text that grows by one, but its arguments are on the stack.
  for (let start = 0; start < bytes.length; start += 3072) text += encodeSome(bytes, start, Math.min(start + 3072, bytes.length));
  return text;
}

function encodeSome(bytes: Uint8Array, start: number, end: number): string {
  const chars: number[] = [];
  let i = start;
  for (; i + 2 < end; i += 3) {
    const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    chars.push(codes[bits >> 18] as number, codes[(bits >> 12) & 63] as number, codes[(bits >> 6) & 63] as number, codes[bits & 63] as number);
  }
  const left = end - i;
  if (left > 0) {
    const bits = ((bytes[i] as number) << 10) | (left > 1 ? (bytes[i + 1] as number) << 2 : 0);
    chars.push(codes[bits >> 12] as number, codes[(bits >> 6) & 63] as number);
    if (left > 1) chars.push(codes[bits & 63] as number);
  }
  return String.fromCharCode(...chars);
}

/** Encodes text, as UTF-8. */
export function encodeText(text: string): string {
  // By the platform's own base64, where it has one, ten times as fast.
  return typeof btoa === "function" && isShortAscii(text) ? fromBase64(btoa(text)) : encode(encodeUtf8(text));
}

function fromBase64(base64: string): string {
  const end = base64.indexOf("=");
  return swap(end < 0 ? base64 : base64.slice(0, end), "+", "-", "/", "_");
}

function swap(text: string, one: string, forOne: string, other: string, forOther: string): string {
  // Looking first: most texts hold neither, and a call that replaces nothing costs as much as the encoding.
  return text.includes(one) || text.includes(other) ? text.replaceAll(one, forOne).replaceAll(other, forOther) : text;
}

/**
 * Decodes the canonical form alone: `undefined` for padding, white space, a foreign character, an impossible length or
 * unused bits that are not zero, so that one value has exactly one spelling (RFC 4648 section 3.5).
 */
export function tryDecode(text: string): Uint8Array | undefined {
  const out = new Uint8Array((text.length * 3) >> 2);
  return decodeInto(text, out) ? out : undefined;
}

let scratch: Uint8Array | undefined;

/** Whether {@link tryDecode} would take a text, for one that may never be decoded. */
export function canDecode(text: string): boolean {
  return decodeInto(text, (scratch ??= new Uint8Array(1024)));
}

/** Decodes into memory; what is behind its end is not kept. */
function decodeInto(text: string, out: Uint8Array): boolean {
  const { length } = text;
  const rest = length & 3;
  if (rest === 1) return false;
  const six = table();
  // Negative when a character was foreign; one beyond the table reads as a zero, so all of them are looked at in the end.
  let sum = 0, seen = 0, at = 0, i = 0;
  for (; i + 3 < length; i += 4) {
    const a = text.charCodeAt(i), b = text.charCodeAt(i + 1), c = text.charCodeAt(i + 2), d = text.charCodeAt(i + 3);
    const bits = ((six[a] as number) << 18) | ((six[b] as number) << 12) | ((six[c] as number) << 6) | (six[d] as number);
    seen |= a | b | c | d;
    sum |= bits;
    out[at++] = bits >> 16;
    out[at++] = bits >> 8;
    out[at++] = bits;
  }
  // Two characters or three are left over, with four unused bits or two.
  let bits = 0;
  for (; i < length; i++) {
    const code = text.charCodeAt(i);
    seen |= code;
    bits = (bits << 6) | (six[code] as number);
    sum |= bits;
  }
  const unused = rest === 2 ? 4 : 2;
  if (rest > 2) out[at++] = bits >> 10;
  if (rest > 1) out[at] = bits >> unused;
  return sum >= 0 && seen < 128 && (bits & ((1 << unused) - 1)) === 0;
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

/** {@link tryDecode} for text: `undefined` also for what is not UTF-8. */
export function tryDecodeText(text: string): string | undefined {
  if (typeof atob === "function") {
    try {
      const binary = atob(swap(text, "-", "+", "_", "/"));
      if (isShortAscii(binary)) return isCanonical(text, binary) ? binary : undefined;
    } catch {
      return undefined;
    }
  }
  const bytes = tryDecode(text);
  return bytes === undefined ? undefined : decodeUtf8(bytes);
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
