// The witness's own codecs. Nothing here is shared with the code under test, on purpose.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function utf8(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** Malformed sequences become U+FFFD, as in Java; a byte order mark stays visible. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function encodeBase64url(bytes: Uint8Array): string {
  let out = "";
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out += ALPHABET[(pending >> bits) & 63];
    }
    pending &= (1 << bits) - 1;
  }
  return bits === 0 ? out : out + ALPHABET[(pending << (6 - bits)) & 63];
}

/** Strict: no padding, no other alphabet, no stray bits. `undefined` for anything else. */
export function decodeBase64url(encoded: string): Uint8Array | undefined {
  if (encoded.length % 4 === 1) return undefined;
  const out = new Uint8Array(Math.floor((encoded.length * 6) / 8));
  let bits = 0;
  let pending = 0;
  let length = 0;
  for (const character of encoded) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    pending = (pending << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[length++] = (pending >> bits) & 255;
      pending &= (1 << bits) - 1;
    }
  }
  return pending === 0 ? out : undefined;
}

/** Standard base64, as PEM blocks and OAuth 1.0a signatures carry it. */
export function encodeBase64(bytes: Uint8Array): string {
  const out = encodeBase64url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return out + "=".repeat((4 - (out.length % 4)) % 4);
}

/** Standard base64 with its padding; `undefined` when it is not that. */
export function decodeBase64(encoded: string): Uint8Array | undefined {
  if (encoded.length % 4 !== 0 || /[-_]/.test(encoded)) return undefined;
  return decodeBase64url(
    encoded
      .replace(/={1,2}$/, "")
      .replaceAll("+", "-")
      .replaceAll("/", "_"),
  );
}

/** RFC 3986: only the unreserved characters stay as they are. */
export function percentEncode(value: string): string {
  let out = "";
  for (const byte of utf8(value)) {
    const character = String.fromCharCode(byte);
    out += /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

/** Undoes `%XX`; `undefined` when an escape is broken. With `plus`, a `+` is a space (HTML forms). */
export function percentDecode(value: string, plus: boolean = false): string | undefined {
  const bytes: number[] = [];
  const raw = utf8(plus ? value.replaceAll("+", " ") : value);
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i] ?? 0;
    if (byte !== 0x25) {
      bytes.push(byte);
      continue;
    }
    const digits = String.fromCharCode(raw[i + 1] ?? 0, raw[i + 2] ?? 0);
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return undefined;
    bytes.push(Number.parseInt(digits, 16));
    i += 2;
  }
  return text(Uint8Array.from(bytes));
}

export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A random UUID; `crypto.randomUUID` is missing on plain-http pages. */
export function randomUuid(): string {
  const bytes = randomBytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
