/**
 * Bytes written in an alphabet of a power of two, as hexadecimal and base64url are (RFC 4648).
 *
 * @param width the bits of a character
 */
export function encodeBits(bytes: Uint8Array, alphabet: string, width: number): string {
  let text = "";
  let codes: number[] = [];
  let bits = 0;
  let size = 0;
  for (let i = 0; i < bytes.length; i++) {
    bits = (bits << 8) | (bytes[i] as number);
    for (size += 8; size >= width; ) codes.push(alphabet.charCodeAt((bits >> (size -= width)) & (alphabet.length - 1)));
    // One call for many characters is three times as fast as a text that grows by one, but its arguments are on the stack.
    if (codes.length > 4096) {
      text += String.fromCharCode(...codes);
      codes = [];
    }
    bits &= 255;
  }
  if (size > 0) codes.push(alphabet.charCodeAt((bits << (width - size)) & (alphabet.length - 1)));
  return text + String.fromCharCode(...codes);
}
