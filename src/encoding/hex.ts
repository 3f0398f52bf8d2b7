/** Lower-case hexadecimal, as digests are written. */
export function encodeHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += (byte >> 4).toString(16) + (byte & 15).toString(16);
  return text;
}
