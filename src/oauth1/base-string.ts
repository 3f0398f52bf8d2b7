/**
 * The signature base string (RFC 5849 section 3.4.1): the text that both sides must make alike.
 */
import { encodePercent } from "../encoding/percent.ts";
import { isWellFormed } from "../encoding/utf8.ts";
import { argumentError } from "../errors.ts";
import { parseUrl } from "../http.ts";
import type { WebUrl } from "../types.ts";
import { parseParameters, queryOf } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";

/** What {@link signatureBaseString} reads. */
export interface BaseStringRequest {
  readonly method: string;
  /** The absolute URL as it goes on the wire. */
  readonly url: string | WebUrl;
  /** The protocol parameters, decoded; `realm` and `oauth_signature` may be among them and do not count. */
  readonly oauthParams: readonly (readonly [name: string, value: string])[];
  /** The body, when it is `application/x-www-form-urlencoded`, as it goes on the wire. */
  readonly form?: string;
}

/**
 * Makes the text that is signed.
 *
 * The URL is taken as `fetch` sends it (dot segments resolved, the default port left out, the path still encoded).
 * Parameters of query, form and protocol count each time they stand there, and are sorted by their encoded form, first
 * by name and then by value.
 *
 * @example
 * ```ts
 * import { signatureBaseString } from "jwt-qsh/oauth1";
 *
 * signatureBaseString({
 *   method: "GET",
 *   url: "https://jira.example.com/rest/api/2/search?jql=a+b",
 *   oauthParams: [["oauth_consumer_key", "my-consumer"]],
 * });
 * // "GET&https%3A%2F%2Fjira.example.com%2Frest%2Fapi%2F2%2Fsearch&jql%3Da%2520b%26oauth_consumer_key%3Dmy-consumer"
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for an empty method, a URL that is not absolute, or
 *   a protocol parameter that is not well-formed Unicode
 * @see RFC 5849 section 3.4.1
 */
export function signatureBaseString(request: BaseStringRequest): string {
  const { method, url, oauthParams, form = "" } = request;
  if (typeof method !== "string") throw argumentError('"request.method"', "must be a string", "ERR_INVALID_ARG_TYPE");
  if (method === "") throw argumentError('"request.method"', "must not be empty");
  if (typeof form !== "string") throw argumentError('"request.form"', "must be a string", "ERR_INVALID_ARG_TYPE");
  const target = readAbsoluteUrl(url, '"request.url"');
  const parameters = [
    ...parseParameters(queryOf(target)),
    ...readProtocolParameters(oauthParams),
    ...parseParameters(form),
  ];
  const parts = [method.toUpperCase(), baseStringUri(target), normalizeParameters(parameters)];
  return parts.map(encodePercent).join("&");
}

/** Section 3.4.1.2: scheme, host with its port unless that is the scheme's own, and the path as it is sent. */
export function baseStringUri(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** Section 3.4.1.3.2. Encoded text is ASCII, so comparing code units compares bytes. */
export function normalizeParameters(parameters: readonly Parameter[]): string {
  return parameters
    .filter(([name]) => name !== "oauth_signature")
    .map(([name, value]): Parameter => [encodePercent(name), encodePercent(value)])
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function compare(text: string, other: string): number {
  if (text === other) return 0;
  return text < other ? -1 : 1;
}

/** A URL that is only signed, or verified: a server behind a proxy may well be http. */
export function readAbsoluteUrl(url: unknown, label: string): URL {
  // A URL of any realm has an `href`.
  const text = typeof url === "string" ? url : (url as { href?: unknown } | null | undefined)?.href;
  if (typeof text !== "string") throw argumentError(label, "must be a string or a URL", "ERR_INVALID_ARG_TYPE");
  const parsed = parseUrl(text);
  if (parsed === undefined) throw argumentError(label, "must be an absolute URL");
  return parsed;
}

function readProtocolParameters(parameters: unknown): Parameter[] {
  const label = '"request.oauthParams"';
  if (!Array.isArray(parameters)) throw argumentError(label, "must be an array of pairs", "ERR_INVALID_ARG_TYPE");
  for (const pair of parameters) {
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((text) => typeof text === "string")) {
      throw argumentError(label, "must be an array of pairs", "ERR_INVALID_ARG_TYPE");
    }
    // Not every implementation writes U+FFFD for half a character, so there is nothing to agree on.
    if (!pair.every((text) => isWellFormed(text))) throw argumentError(label, "must be well-formed Unicode");
  }
  return (parameters as Parameter[]).filter(([name]) => name !== "realm");
}
