/**
 * Textual key files (RFC 7468), in the forms that environments, clipboards and configuration files make of them: CRLF,
 * a byte order mark, escaped newlines, spaces for newlines, one line, text around the blocks.
 *
 * The frame may be bent, the content may not: labels must match, and the base64 is strict.
 */
import { encode, tryDecode } from "./base64url.ts";

/** One `-----BEGIN label-----` to `-----END label-----`. */
export interface PemBlock {
  readonly label: string;
  /** `undefined` when the body is not base64. */
  readonly bytes: Uint8Array | undefined;
  /** True when the body starts with the headers of RFC 1421, which say how it is encrypted. */
  readonly hasProcType: boolean;
}

/** What {@link readPem} found. */
export interface PemText {
  readonly blocks: readonly PemBlock[];
  /** True when nothing but white space and quotation marks stands outside the blocks. */
  readonly isAlone: boolean;
}

const BEGIN = "-----BEGIN ";
const DASHES = "-----";

/**
 * Finds the blocks of a text, in order; none where there is no `-----BEGIN`.
 *
 * @returns `undefined` when a block does not end, or ends with another label
 */
export function readPem(text: string): PemText | undefined {
  const source = text.replace(/\\[rn]/g, "\n");
  const blocks: PemBlock[] = [];
  let isAlone = true;
  let at = 0;
  // Base64 holds no dash, so the next five must be the end: one pass, however many blocks are begun.
  for (let begin = source.indexOf(BEGIN); begin >= 0; begin = source.indexOf(BEGIN, at)) {
    const labelEnd = source.indexOf(DASHES, begin + BEGIN.length);
    const label = source.slice(begin + BEGIN.length, Math.max(labelEnd, begin));
    if (!/^[A-Z0-9][A-Z0-9 ]{0,63}$/.test(label)) return undefined;
    const bodyEnd = source.indexOf(DASHES, labelEnd + DASHES.length);
    const endLine = `-----END ${label}-----`;
    if (bodyEnd < 0 || !source.startsWith(endLine, bodyEnd)) return undefined;
    const body = source.slice(labelEnd + DASHES.length, bodyEnd);
    blocks.push({ label, bytes: decodeBase64(body), hasProcType: body.includes("Proc-Type:") });
    isAlone &&= isBlank(source.slice(at, begin));
    at = bodyEnd + endLine.length;
    // Two lines do not share their dashes: it would be a matter of taste how many blocks are begun.
    if (source.startsWith("BEGIN ", labelEnd + DASHES.length) || source.startsWith("BEGIN ", at)) return undefined;
  }
  return { blocks, isAlone: isAlone && isBlank(source.slice(at)) };
}

/** Writes one block, in lines of 64 characters. */
export function writePem(label: string, bytes: Uint8Array): string {
  const lines = encodeBase64(bytes).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** Encodes in padded base64 (RFC 4648 section 4), without line breaks. */
export function encodeBase64(bytes: Uint8Array): string {
  const digits = encode(bytes).replace(/-/g, "+").replace(/_/g, "/");
  return digits + "=".repeat(-digits.length & 3);
}

/** Decodes padded, canonical base64 (RFC 4648 section 4) with any white space in it; `undefined` for anything else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s+/g, "");
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return undefined;
  return tryDecode(digits.replace(/\+/g, "-").replace(/\//g, "_").replace(/={1,2}$/, ""));
}

function isBlank(text: string): boolean {
  return !/[^\s"']/.test(text);
}
