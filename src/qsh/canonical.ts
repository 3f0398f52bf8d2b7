/**
 * The canonical request: `METHOD&PATH&QUERY`. It is defined here, once; the string, the hash, the streaming builder
 * and the explanation read the same generator.
 */
import { decodePercent, encodePercent } from "../encoding/percent.ts";
import type { WebRequest } from "../types.ts";
import { addParameter, parsePairs } from "./parameters.ts";
import type { ParameterMap } from "./parameters.ts";
import { upperCaseAscii, writePath } from "./path.ts";
import { readTarget } from "./request.ts";
import type { QshOptions, QshRequest, Target } from "./request.ts";

/** A parameter's name in both forms. */
export interface NamedParameter {
  readonly name: string;
  readonly encoded: string;
}

/** How a canonical request is made. Everyone uses {@link standardRules}; only an explanation tries others. */
export interface Rules {
  readonly method: (method: string) => string;
  readonly path: (target: Target) => string;
  /** The decoded pairs, of the query first. */
  readonly pairs: (target: Target) => Iterable<readonly [name: string, value: string]>;
  readonly keep: (name: string) => boolean;
  readonly encode: (text: string) => string;
  readonly sortNames: (names: NamedParameter[]) => NamedParameter[];
  readonly sortValues: (values: string[]) => string[];
  /** Writes one name, encoded, with its values, decoded and sorted. */
  readonly write: (name: string, values: readonly string[], encode: Rules["encode"]) => Iterable<string>;
}

/** What Jira and Confluence verify with (their Java canonicalizer decides). */
export const standardRules: Rules = {
  method: upperCaseAscii,
  path: standardPath,
  pairs: standardPairs,
  keep: (name) => name !== "jwt",
  encode: encodePercent,
  // By the encoded form: where an escaped character competes with a plain one, the order differs from the decoded one.
  sortNames: (names) => names.sort((a, b) => (a.encoded < b.encoded ? -1 : 1)),
  // By the decoded form, in UTF-16 code units. The documentation says otherwise; the servers do this.
  sortValues: (values) => values.sort(),
  write: writeJoined,
};

/** The one definition: yields the parts of the canonical request, none of which ends within a surrogate pair. */
export function* walk(target: Target, rules: Rules): Generator<string> {
  yield* walkParameters(target, gatherParameters(target, rules), rules);
}

/** {@link walk} over parameters that are gathered already. */
export function* walkParameters(target: Target, parameters: ParameterMap, rules: Rules): Generator<string> {
  yield canonicalHead(target, rules);
  yield* walkQuery(parameters, rules);
}

/** `METHOD&PATH&`. */
export function canonicalHead(target: Target, rules: Rules): string {
  return `${rules.method(target.method)}&${rules.path(target)}&`;
}

/** The pairs that count, by name. */
export function gatherParameters(target: Target, rules: Rules): ParameterMap {
  const parameters: ParameterMap = new Map();
  for (const [name, value] of rules.pairs(target)) {
    if (rules.keep(name)) addParameter(parameters, name, value);
  }
  return parameters;
}

/** `QUERY`, in parts. */
export function* walkQuery(parameters: ParameterMap, rules: Rules): Generator<string> {
  const names: NamedParameter[] = [];
  for (const name of parameters.keys()) names.push({ name, encoded: rules.encode(name) });
  let separator = "";
  for (const { name, encoded } of rules.sortNames(names)) {
    const known = parameters.get(name) as string | string[];
    const values = typeof known === "string" ? [known] : rules.sortValues([...known]);
    for (const part of rules.write(encoded, values, rules.encode)) {
      yield separator + part;
      separator = "";
    }
    separator = "&";
  }
}

/**
 * Yields the canonical request in parts.
 *
 * @see canonicalRequest
 */
export function* canonicalParts(request: QshRequest | WebRequest, options?: QshOptions): Generator<string> {
  yield* walk(readTarget(request, options), standardRules);
}

/**
 * Writes the canonical request, whose SHA-256 is the query string hash.
 *
 * Nothing is normalised: it is the target as it is written in `url` that counts, dot segments, letter case and escapes
 * of the path included. Pass what goes on the wire.
 *
 * @example
 * ```ts
 * import { canonicalRequest } from "jwt-qsh";
 *
 * canonicalRequest(
 *   { method: "get", url: "https://example.atlassian.net/wiki/rest/api/content?start=0&expand=b&expand=a" },
 *   { baseUrl: "https://example.atlassian.net/wiki" },
 * ); // "GET&/rest/api/content&expand=a,b&start=0"
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for a method or URL that is none
 * @see https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#creating-a-query-string-hash
 */
export function canonicalRequest(request: QshRequest | WebRequest, options?: QshOptions): string {
  let text = "";
  for (const part of canonicalParts(request, options)) text += part;
  return text;
}

export function standardPath(target: Target): string {
  return writePath(target, decodePercent);
}

export function* standardPairs(target: Target): Generator<[name: string, value: string]> {
  yield* parsePairs(target.query);
  yield* parsePairs(target.form);
}

/** Values longer than this are encoded in slices, so that a huge one is never held whole in its encoded form. */
const SLICE = 65536;

/** `name=value,value`, with a literal comma. */
export function writeJoined(name: string, values: readonly string[], encode: Rules["encode"]): Iterable<string> {
  const [value] = values;
  // Most names have one short value, for which a generator would be a third of the cost.
  if (values.length === 1 && value !== undefined && value.length <= SLICE) return [`${name}=${encode(value)}`];
  return writeSliced(name, values, encode);
}

function* writeSliced(name: string, values: readonly string[], encode: Rules["encode"]): Generator<string> {
  let text = `${name}=`;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as string;
    if (i > 0) text += ",";
    for (let start = 0; start < value.length; ) {
      let end = Math.min(start + SLICE, value.length);
      // Not within a surrogate pair.
      if (end < value.length && (value.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
      text += encode(start === 0 && end === value.length ? value : value.slice(start, end));
      start = end;
      if (text.length >= SLICE) {
        yield text;
        text = "";
      }
    }
  }
  yield text;
}
