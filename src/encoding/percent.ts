/**
 * Percent-encoding as RFC 3986 has it, and the decoding of `application/x-www-form-urlencoded`.
 */
import { decodeUtf8Lossy, encodeUtf8, toWellFormed } from "./utf8.ts";

const UNRESERVED = /^[A-Za-z0-9\-._~]*$/;
/** What `encodeURIComponent` leaves alone although RFC 3986 section 2.3 does not: `!'()*`. */
const LEFT_BY_BUILTIN = /[!'()*]/g;

/** Encodes everything but `A-Z a-z 0-9 - . _ ~`, upper-case; a lone surrogate becomes U+FFFD. */
export function encodePercent(text: string): string {
  if (UNRESERVED.test(text)) return text;
  let encoded: string;
  try {
    encoded = encodeURIComponent(text);
  } catch {
    // The built-in refuses a lone surrogate; UTF-8 writes U+FFFD for it.
    encoded = encodeURIComponent(toWellFormed(text));
  }
  return encoded.replace(LEFT_BY_BUILTIN, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Percent-decodes UTF-8. A malformed escape stays as it is, a sequence that is not UTF-8 becomes U+FFFD; it never throws. */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return decodeUtf8Lossy(decodePercentBytes(encodeUtf8(text)));
  }
}

/** Decodes one name or value of a query or form: `+` is a space, then UTF-8 percent-decoding. */
export function decodeFormText(text: string): string {
  return decodePercent(text.includes("+") ? text.replaceAll("+", " ") : text);
}

/**
 * Replaces each `%XX` by its byte; anything else stays, a malformed escape included.
 *
 * @param out where to write, which may be `bytes` itself: what is written is never longer than what was read
 */
export function decodePercentBytes(bytes: Uint8Array, out: Uint8Array = new Uint8Array(bytes.length)): Uint8Array {
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === 0x25) {
      const high = hexDigit(bytes[i + 1]);
      const low = hexDigit(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        out[length++] = (high << 4) | low;
        i += 2;
        continue;
      }
    }
    out[length++] = byte;
  }
  return out.subarray(0, length);
}

/** The value of an ASCII hex digit, -1 for anything else. */
export function hexDigit(code: number | undefined): number {
  if (code === undefined) return -1;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
