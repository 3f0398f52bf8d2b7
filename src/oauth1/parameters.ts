/**
 * Parameters: split, decoded, and told apart from those of the protocol itself.
 */
import { decodeFormText, decodePercentBytes } from "../encoding/percent.ts";
import { decodeUtf8, encodeUtf8 } from "../encoding/utf8.ts";

/** A decoded name with its value. A name may stand more than once, so these are pairs and no record. */
export type Parameter = readonly [name: string, value: string];

/** The parameters that RFC 5849 defines: each may travel once, whatever the place. */
export const protocolNames: readonly string[] = [
  "oauth_consumer_key",
  "oauth_token",
  "oauth_signature_method",
  "oauth_signature",
  "oauth_timestamp",
  "oauth_nonce",
  "oauth_version",
  "oauth_callback",
  "oauth_verifier",
  "oauth_session_handle",
];

/**
 * Splits a query or a form at `&`, each chunk at its first `=`, and decodes both sides (RFC 5849 section 3.4.1.3.1).
 * Empty chunks are no parameters; a chunk without `=` has an empty value.
 */
export function parseParameters(text: string): Parameter[] {
  return chunksOf(text).map(([name, value]) => [decodeFormText(name), decodeFormText(value)]);
}

/** The query of a URL, without its question mark and still encoded. */
export function queryOf(url: URL): string {
  return url.search.slice(1);
}

/**
 * True when every server reads the same from it: each name is there, each escape is one, and the bytes are UTF-8. What
 * is otherwise is dropped by one server, kept by another and replaced by a third, so no signature over it is good.
 */
export function isUnambiguous(text: string): boolean {
  return chunksOf(text).every(([name, value]) => name !== "" && isDecodable(name) && isDecodable(value));
}

function chunksOf(text: string): Parameter[] {
  const chunks: Parameter[] = [];
  for (const chunk of text.split("&")) {
    if (chunk === "") continue;
    const equals = chunk.indexOf("=");
    chunks.push(equals < 0 ? [chunk, ""] : [chunk.slice(0, equals), chunk.slice(equals + 1)]);
  }
  return chunks;
}

function isDecodable(text: string): boolean {
  if (!text.includes("%")) return true;
  return !/%(?![0-9A-Fa-f]{2})/.test(text) && decodeUtf8(decodePercentBytes(encodeUtf8(text))) !== undefined;
}
