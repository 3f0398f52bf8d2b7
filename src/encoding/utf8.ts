/**
 * UTF-8 in both directions, also in engines that have no `TextEncoder` (QuickJS, bare JavaScriptCore).
 */

// Made on first use and kept: a new one for each text costs as much as a short text does.
let encoder: TextEncoder | undefined;
let decoder: TextDecoder | undefined;

/** Encodes text; a lone surrogate becomes U+FFFD, as everywhere on the web platform. */
export function encodeUtf8(text: string): Uint8Array {
  return typeof TextEncoder === "function" ? (encoder ??= new TextEncoder()).encode(text) : encodePortable(text);
}

let shared: Uint8Array | undefined;
const views: Uint8Array[] = [];

/**
 * Encodes text into memory that the next call uses again, for whoever has read or copied it by then: WebCrypto copies
 * what it is given. In Chromium a text with memory of its own costs as much as to hash it, and a new view a quarter of
 * that: those of usual lengths are kept.
 */
export function encodeUtf8Briefly(text: string): Uint8Array {
  // Memory for a long text is not kept for the next one.
  if (text.length > 16384) return encodeUtf8(text);
  const length = encodeUtf8Into(text, (shared ??= new Uint8Array(49152)));
  return length < 1024 ? (views[length] ??= shared.subarray(0, length)) : shared.subarray(0, length);
}

/** Encodes text into memory that has three bytes for each character; answers how many it took. */
export function encodeUtf8Into(text: string, bytes: Uint8Array): number {
  if (typeof TextEncoder === "function") return (encoder ??= new TextEncoder()).encodeInto(text, bytes).written;
  const encoded = encodePortable(text);
  bytes.set(encoded);
  return encoded.length;
}

/** Whether each character of a text is one byte. An expression is three times as fast as a loop. */
export function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** One for all: within a function each call makes an object of it. */
const SURROGATE = /[\ud800-\udfff]/;

/** Whether a text has a UTF-8 form. Not by a pattern with `u`: WebKit of 2022 finds half a character in a whole. */
export function isWellFormed(text: string): boolean {
  try {
    if (SURROGATE.test(text)) encodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The text as UTF-8 can hold it: a lone surrogate becomes U+FFFD. */
export function toWellFormed(text: string): string {
  // A whole character is taken first: by `[\ud800-\udfff]` and `u` alone, WebKit of 2022 finds halves within it.
  return text.replace(/[\ud800-\udbff]?[\udc00-\udfff]|[\ud800-\udbff]/g, (found) => (found[1] ? found : "\ufffd"));
}

/** Decodes strictly: `undefined` for anything that is not UTF-8. A byte order mark stays visible as U+FEFF. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return typeof TextDecoder === "function"
      ? (decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })).decode(bytes)
      : decodeStrictPortable(bytes);
  } catch {
    return undefined;
  }
}

/** Decodes whatever is there, with U+FFFD for each maximal subpart that is not UTF-8 (WHATWG Encoding). */
export function decodeUtf8Lossy(bytes: Uint8Array): string {
  const native = typeof TextDecoder === "function" && new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  // The decoder of gjs counts those parts in its own way.
  return native === false || native.includes("\ufffd") ? decodeLossyPortable(bytes) : native;
}

/** By way of the one strict decoder that every engine has; throws for what is not UTF-8. Exported for its test. */
export function decodeStrictPortable(bytes: Uint8Array): string {
  let escaped = "";
  for (const byte of bytes) escaped += `%${(byte + 256).toString(16).slice(1)}`;
  return decodeURIComponent(escaped);
}

/** By way of the one encoder that every engine has. Exported for its test: where it is needed no test runs. */
export function encodePortable(text: string): Uint8Array {
  // `unescape` is old, and everywhere; here it makes one character of each byte.
  const binary = unescape(encodeURIComponent(toWellFormed(text)));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

/** The decoder of the WHATWG Encoding standard, section 8.1.1: bounds on the second byte keep out overlong forms and surrogates. */
export function decodeLossyPortable(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i++] as number;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      continue;
    }
    let need = lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
    let lower = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    let upper = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    let code = need === 0 ? -1 : lead & (0x3f >> need);
    while (need > 0) {
      const next = bytes[i];
      if (next === undefined || next < lower || next > upper) {
        code = -1;
        break;
      }
      code = (code << 6) | (next & 63);
      lower = 0x80;
      upper = 0xbf;
      need--;
      i++;
    }
    text += String.fromCodePoint(code < 0 ? 0xfffd : code);
  }
  return text;
}
