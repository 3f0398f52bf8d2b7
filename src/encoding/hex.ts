/** Lower-case hexadecimal, as digests are written. */
export function encodeHex(bytes: Uint8Array): string {
  let text = "";
  // In one call for many digits: a text that grows pair by pair takes twice as long.
  for (let start = 0; start < bytes.length; start += 2048) {
    const size = Math.min(bytes.length - start, 2048);
    const codes = new Array<number>(size * 2);
    for (let i = 0; i < size; i++) {
      const byte = bytes[start + i] as number;
      codes[i * 2] = digit(byte >> 4);
      codes[i * 2 + 1] = digit(byte & 15);
    }
    text += String.fromCharCode(...codes);
  }
  return text;
}

function digit(value: number): number {
  return value + (value < 10 ? 48 : 87);
}
