/**
 * base64url without padding (RFC 4648 section 5, RFC 7515 section 2), in its one canonical form.
 */
import { argumentError } from "../errors.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

let values: Int8Array | undefined;

/** Character code to six bits, -1 for everything that is not in the alphabet. */
function table(): Int8Array {
  if (values === undefined) {
    values = new Int8Array(128).fill(-1);
    for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = i;
  }
  return values;
}

/** Encodes bytes. */
export function encode(bytes: Uint8Array): string {
  let text = "";
  const whole = bytes.length - (bytes.length % 3);
  for (let i = 0; i < whole; i += 3) {
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    text +=
      (ALPHABET[group >> 18] as string) +
      (ALPHABET[(group >> 12) & 63] as string) +
      (ALPHABET[(group >> 6) & 63] as string) +
      (ALPHABET[group & 63] as string);
  }
  if (bytes.length - whole === 1) {
    const last = bytes[whole] as number;
    text += (ALPHABET[last >> 2] as string) + (ALPHABET[(last << 4) & 63] as string);
  } else if (bytes.length - whole === 2) {
    const last = ((bytes[whole] as number) << 8) | (bytes[whole + 1] as number);
    text +=
      (ALPHABET[last >> 10] as string) + (ALPHABET[(last >> 4) & 63] as string) + (ALPHABET[(last << 2) & 63] as string);
  }
  return text;
}

/**
 * Decodes the canonical form alone: `undefined` for padding, white space, a foreign character, an impossible length or
 * unused bits that are not zero, so that one value has exactly one spelling (RFC 4648 section 3.5).
 */
export function tryDecode(text: string): Uint8Array | undefined {
  const rest = text.length & 3;
  if (rest === 1) return undefined;
  const six = table();
  const out = new Uint8Array((text.length * 3) >> 2);
  let bits = 0;
  let size = 0;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    // A code beyond the table reads as undefined, which `| 0` would turn into a valid zero: compare first.
    const code = text.charCodeAt(i);
    const value = code < 128 ? (six[code] as number) : -1;
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
