/**
 * The `Authorization` header of the scheme `OAuth` (RFC 5849 section 3.5.1), and its challenge.
 */
import { decodePercent, encodePercent } from "../encoding/percent.ts";
import type { Parameter } from "./parameters.ts";

/** Longer than any header that a server lets through. */
const MAX_LENGTH = 16_384;

/** Writes the header's value. */
export function writeAuthorization(parameters: readonly Parameter[]): string {
  return `OAuth ${parameters.map(([name, value]) => `${encodePercent(name)}="${encodePercent(value)}"`).join(", ")}`;
}

/**
 * Reads the header's value. Only percent-escapes are decoded here: a plus sign is a plus sign.
 *
 * @returns `undefined` when it is of another scheme or not well-formed
 */
export function readAuthorization(header: string): Parameter[] | undefined {
  const scheme = /^OAuth(?:[ \t]+|$)/i.exec(header);
  if (scheme === null || header.length > MAX_LENGTH) return undefined;
  const parameters: Parameter[] = [];
  const pattern = /[ \t]*([^\s"=,]+)[ \t]*=[ \t]*"([^"]*)"[ \t]*(,|$)/y;
  pattern.lastIndex = scheme[0].length;
  for (let more = scheme[0].length < header.length; more;) {
    const match = pattern.exec(header);
    if (match === null) return undefined;
    const [, name = "", value = "", separator] = match;
    parameters.push([decodePercent(name), decodePercent(value)]);
    more = separator === ",";
  }
  return parameters;
}

/** The `oauth_` parameters of a `WWW-Authenticate` header, which may hold challenges of other schemes too. */
export function readChallenge(header: string): Parameter[] {
  const matches = header.slice(0, MAX_LENGTH).matchAll(/(?:^|[\s,])(oauth_[a-z_]{1,64})="([^"]*)"/g);
  return Array.from(matches, ([, name = "", value = ""]) => [name, decodePercent(value)]);
}
