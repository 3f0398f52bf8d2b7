/**
 * SHA-256, synchronous everywhere: it hashes public data, natively where that can be reached, else by noble.
 */
import { encodeHex } from "../encoding/hex.ts";
import { encodeUtf8, encodeUtf8Briefly } from "../encoding/utf8.ts";
import { nativeCrypto, nativeIncremental } from "./native.ts";
import { nobleIncremental, nobleSha256 } from "./noble.ts";

/** The SHA-256 of bytes, or of a text's UTF-8, as 64 lower-case hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return (
    nativeCrypto()?.hash?.("sha256", data, "hex") ?? encodeHex(nobleSha256(typeof data === "string" ? encodeUtf8Briefly(data) : data))
  );
}

/** The same over the parts of a text that is never held whole. A part must not end within a surrogate pair. */
export function sha256HexOfParts(parts: Iterable<string>): string {
  const native = nativeCrypto();
  const state = native === undefined ? nobleIncremental() : nativeIncremental(native);
  // Small parts are gathered, so that a call is paid for about 16 KiB and not for each parameter.
  let pending = "";
  for (const part of parts) {
    pending += part;
    if (pending.length >= 16384) {
      state.update(encodeUtf8(pending));
      pending = "";
    }
  }
  state.update(encodeUtf8(pending));
  return encodeHex(state.digest());
}
