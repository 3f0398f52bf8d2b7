/**
 * JSON of a token, read strictly (RFC 8259, RFC 7519 section 4): one object, no member twice, no `__proto__`, bounded
 * depth.
 */
import { tryDecodeText } from "../encoding/base64url.ts";
import type { JsonObject } from "../types.ts";

/** Deeper than any token seen, far from any engine's stack. */
const MAX_DEPTH = 32;

/** Reads a segment as a JSON object; `undefined` when it is anything else. */
export function parseJsonSegment(segment: string): JsonObject | undefined {
  // A byte order mark, which not every engine's decoder leaves in when it is told to.
  const text = segment.startsWith("77u_") ? undefined : tryDecodeText(segment);
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
  // A member that stands twice leaves one member behind but two names: no parser of our own is needed to see it.
  const members = countMembers(value, 1);
  return members === countColons(text) || members === countNames(text) ? (value as JsonObject) : undefined;
}

/** The members of all objects within; NaN, which equals nothing, for what is too deep or named `__proto__`. */
function countMembers(value: object, depth: number): number {
  if (depth > MAX_DEPTH) return Number.NaN;
  const names = Object.keys(value);
  let count = Array.isArray(value) ? 0 : names.length;
  for (const name of names) {
    if (name === "__proto__") return Number.NaN;
    const member = (value as Record<string, unknown>)[name];
    if (typeof member === "object" && member !== null) count += countMembers(member, depth + 1);
  }
  return count;
}

/**
 * The colons behind a quote: as many as names, or more where a string begins with one; NaN where there is white space
 * before a colon, so that a name could go uncounted. Mostly they are as many as members, and then nothing stands twice.
 */
function countColons(text: string): number {
  let count = 0;
  for (let i = text.indexOf(":"); i >= 0; i = text.indexOf(":", i + 1)) {
    const before = text.charCodeAt(i - 1);
    if (before === 0x22) count++;
    else if (before <= 0x20) return Number.NaN;
  }
  return count;
}

/** The strings before a colon, in a text that is JSON: none is passed over, so that none begins within another. */
function countNames(text: string): number {
  const strings = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"\s*:?/g) ?? [];
  return strings.filter((string) => string.endsWith(":")).length;
}
