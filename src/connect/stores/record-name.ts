/**
 * The name that a record is kept under. A `clientKey` is looked up before it is proven, so it may be any text, of any
 * length; a name is short, and the same for a medium that folds case, splits at slashes or is a file system.
 */
import { sha256Hex } from "../../crypto/digest.ts";
import { encodeHex } from "../../encoding/hex.ts";
import { encodeUtf8 } from "../../encoding/utf8.ts";

/** Well below what file systems (255) and Cloudflare KV (512) take. */
const MAX_LENGTH = 200;

/** Names a text. Two well-formed texts never share a name: `_` begins an escape, and two of them a digest. */
export function recordName(text: string): string {
  if (text.length <= MAX_LENGTH) {
    const name = text.replace(/[^a-z0-9-]+/gu, (part) => encodeHex(encodeUtf8(part)).replace(/../g, "_$&"));
    if (name.length <= MAX_LENGTH) return name || "_";
  }
  return `__${sha256Hex(text)}`;
}
