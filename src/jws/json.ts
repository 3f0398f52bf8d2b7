/**
 * JSON of a token, read strictly (RFC 8259, RFC 7519 section 4): one object, no member twice, no `__proto__`, bounded
 * depth.
 */
import { tryDecode } from "../encoding/base64url.ts";
import { decodeUtf8 } from "../encoding/utf8.ts";
import type { JsonObject } from "../types.ts";

/** Deeper than any token seen, far from any engine's stack. */
const MAX_DEPTH = 32;

/** Reads a segment as a JSON object; `undefined` when it is anything else. */
export function parseJsonSegment(segment: string): JsonObject | undefined {
  const bytes = tryDecode(segment);
  const text = bytes === undefined ? undefined : decodeUtf8(bytes);
  return text === undefined ? undefined : parseJsonObject(text);
}

/** Reads a text as a JSON object; `undefined` when it is anything else. */
export function parseJsonObject(text: string): JsonObject | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A syntax error, or an engine whose parser recurses and ran out of stack.
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  // A member that stands twice leaves one member behind but two colons: no parser of our own is needed to see it.
  return countMembers(value, 1) === countColons(text) ? (value as JsonObject) : undefined;
}

/** The members of all objects within; NaN, which equals nothing, for what is too deep or named `__proto__`. */
function countMembers(value: object, depth: number): number {
  if (depth > MAX_DEPTH) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item === "object" && item !== null) count += countMembers(item, depth + 1);
    }
    return count;
  }
  for (const name of Object.keys(value)) {
    if (name === "__proto__") return Number.NaN;
    const member = (value as Record<string, unknown>)[name];
    count += typeof member === "object" && member !== null ? 1 + countMembers(member, depth + 1) : 1;
  }
  return count;
}

/** The colons outside strings, in a text that is JSON: an escaped quote has an odd number of backslashes before it. */
function countColons(text: string): number {
  let count = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inside) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inside = false;
    } else if (code === 0x22) {
      inside = true;
    } else if (code === 0x3a) {
      count++;
    }
  }
  return count;
}
