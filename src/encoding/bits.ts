import { decodeUtf8 } from "./utf8.ts";

/**
 * Bytes written in an alphabet of a power of two, as hexadecimal and base64url are (RFC 4648).
 *
 * @param width the bits of a character
 */
export function encodeBits(bytes: Uint8Array, alphabet: string, width: number): string {
  // As bytes, which a decoder makes a text of: twice as fast as a call with a character in each argument.
  const codes = new Uint8Array(Math.ceil((bytes.length * 8) / width));
  let bits = 0;
  let size = 0;
  let next = 0;
  for (let i = 0; i < bytes.length; i++) {
    bits = (bits << 8) | (bytes[i] as number);
    for (size += 8; size >= width; ) codes[next++] = alphabet.charCodeAt((bits >> (size -= width)) & (alphabet.length - 1));
    bits &= 255;
  }
  if (size > 0) codes[next] = alphabet.charCodeAt((bits << (width - size)) & (alphabet.length - 1));
  return decodeUtf8(codes) as string;
}
