import { encodeBits } from "./bits.ts";

/** Lower-case hexadecimal, as digests are written. */
export function encodeHex(bytes: Uint8Array): string {
  return encodeBits(bytes, "0123456789abcdef", 4);
}
