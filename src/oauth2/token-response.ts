/**
 * The answer of a token endpoint (RFC 6749 sections 5.1 and 5.2), read by its rules and not by its content type.
 */
import { decodeUtf8 } from "../encoding/utf8.ts";
import { argumentError, ExchangeError } from "../errors.ts";
import type { ExchangeErrorFacts } from "../errors.ts";
import { isFailure, readCapped } from "../http.ts";
import type { BoundedFailure, BoundedResponse } from "../http.ts";
import { parseJsonObject } from "../jws/json.ts";
import { readClock } from "../jwt/claims.ts";
import { ownOptions, seconds } from "../jwt/options.ts";
import type { JsonObject, WebResponse } from "../types.ts";
import { hintFor, readProblem } from "./problem.ts";

/** The most bytes of an answer. */
export const MAX_BYTES: number = 1024 * 1024;

/** An access token. It is shown neither by JSON nor by inspection; read `accessToken`. */
export interface AccessToken {
  readonly accessToken: string;
  readonly tokenType: "Bearer";
  /** When it expires, in seconds since the epoch. */
  readonly expiresAt: number;
  /** What the server says it granted, where it says so. */
  readonly scopes?: readonly string[];
}

/** Options of {@link parseTokenResponse}. */
export interface TokenResponseOptions {
  /** The clock, in seconds since the epoch. */
  now?: () => number;
  /** Seconds that a token is taken to live when the answer does not say; 300 unless told. */
  defaultLifetime?: number;
  /** The most seconds that a token is taken to live, whatever the answer says; 86400 unless told. */
  maxLifetime?: number;
}

/** The lifetimes of {@link TokenResponseOptions}, checked. */
export interface Lifetimes {
  readonly fallback: number;
  readonly most: number;
}

export const LIFETIMES: Lifetimes = { fallback: 300, most: 86400 };

/**
 * Reads the answer of a token endpoint.
 *
 * Strict where a mistake would do harm: an error in a 200 is an error, an access token that is missing or no header
 * could carry is none, a type other than Bearer is refused, and a lifetime is bounded. Lenient where servers differ:
 * the content type, a lifetime that is a string, or none at all. A lifetime of zero or less makes a token to use once:
 * its `expiresAt` is now.
 *
 * @example
 * ```ts
 * import { buildTokenRequest, parseTokenResponse } from "jwt-qsh/oauth2";
 *
 * const authorizationServer = "https://oauth-2-authorization-server.services.atlassian.com";
 * const response = await fetch(buildTokenRequest(assertion, { authorizationServer }));
 * const { accessToken, expiresAt } = await parseTokenResponse(response);
 * ```
 *
 * @param options.defaultLifetime seconds
 * @param options.maxLifetime seconds
 * @throws {ExchangeError} ERR_EXCHANGE_REJECTED with `status`, `problem` and `retryAfter` when the server refused or
 *   sent a redirect, ERR_EXCHANGE_MALFORMED when its answer makes no sense or is larger than 1 MiB,
 *   ERR_EXCHANGE_UNREACHABLE when the answer breaks off
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense, or a response that
 *   was read already
 */
export async function parseTokenResponse(response: WebResponse, options: TokenResponseOptions = {}): Promise<AccessToken> {
  const { defaultLifetime: fallback = LIFETIMES.fallback, maxLifetime: most = LIFETIMES.most, now } = ownOptions(options);
  const check = seconds(1, Number.MAX_SAFE_INTEGER);
  check(fallback, '"options.defaultLifetime"');
  check(most, '"options.maxLifetime"');
  if (response.bodyUsed) throw argumentError('"response"', "must not have been read already");
  return readTokenAnswer(await readResponse(response), readClock(now), { fallback, most });
}

async function readResponse(response: Response): Promise<BoundedResponse | BoundedFailure> {
  const { status, headers } = response;
  try {
    if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
      await response.body?.cancel();
      return { failure: "redirect", status };
    }
    const body = await readCapped(response, MAX_BYTES);
    return body === undefined ? { failure: "too-large", status } : { status, headers, body };
  } catch {
    // The platform's message may hold an address.
    return { failure: "network", status };
  }
}

/** The access token of an answer; what is no such answer is thrown. */
export function readTokenAnswer(
  answer: BoundedResponse | BoundedFailure,
  now: number,
  lifetimes: Lifetimes = LIFETIMES,
): AccessToken {
  if (isFailure(answer)) throw failed(answer.failure, Object.hasOwn(answer, "status") ? (answer.status ?? 0) : 0);
  const { status } = answer;
  if (status < 200 || status > 299) throw rejected(status, parseBody(answer.body), answer.headers);
  const body = parseBody(answer.body);
  if (body === undefined) throw malformed(status, "answer is no JSON object");
  // RFC 6749 section 5.2 has errors in a 400; some servers know better.
  if (readProblem(body) !== undefined) throw rejected(status, body, answer.headers);
  return readToken(body, status, now, lifetimes);
}

function failed(failure: BoundedFailure["failure"], status: number): ExchangeError {
  if (failure === "redirect") {
    const hint = "redirects of a token request are never followed: they would carry the assertion elsewhere";
    return new ExchangeError("ERR_EXCHANGE_REJECTED", "cannot fetch token: authorization server sent a redirect", { status, hint });
  }
  if (failure === "too-large") {
    return status > 299 ? rejected(status, undefined, new Headers()) : malformed(status, "answer is larger than 1 MiB");
  }
  const message = "cannot fetch token: authorization server could not be reached";
  return new ExchangeError("ERR_EXCHANGE_UNREACHABLE", message, { status });
}

function rejected(status: number, body: JsonObject | undefined, headers: Headers): ExchangeError {
  const problem = readProblem(body);
  const hint = hintFor(problem);
  const retryAfter = readRetryAfter(headers);
  const facts: ExchangeErrorFacts = { status };
  if (problem !== undefined) facts.problem = problem;
  if (hint !== undefined) facts.hint = hint;
  if (retryAfter !== undefined) facts.retryAfter = retryAfter;
  return new ExchangeError("ERR_EXCHANGE_REJECTED", "cannot fetch token: authorization server refused", facts);
}

function malformed(status: number, what: string): ExchangeError {
  return new ExchangeError("ERR_EXCHANGE_MALFORMED", `cannot fetch token: ${what}`, { status });
}

/** RFC 9110 section 10.2.3: seconds, or a date, which is compared with the server's own clock. */
function readRetryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value);
  // Engines read dates into almost anything.
  if (!value.endsWith(" GMT")) return undefined;
  const wait = (Date.parse(value) - Date.parse(headers.get("date") ?? "")) / 1000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** A byte order mark is let pass (RFC 8259 section 8.1). */
function parseBody(bytes: Uint8Array): JsonObject | undefined {
  const text = decodeUtf8(bytes);
  return text === undefined ? undefined : parseJsonObject(text.replace(/^\ufeff/, ""));
}

/** RFC 6750 section 2.1: what fits into the header as it is. */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

function readToken(body: JsonObject, status: number, now: number, lifetimes: Lifetimes): AccessToken {
  const member = (name: string): unknown => (Object.hasOwn(body, name) ? body[name] : undefined);
  const accessToken = member("access_token");
  if (typeof accessToken !== "string" || !B64TOKEN.test(accessToken)) {
    throw malformed(status, '"access_token" must be a bearer token');
  }
  const type = member("token_type");
  // RFC 6749 section 7.1: a token of a type that is not understood must not be used.
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") throw malformed(status, '"token_type" must be Bearer');
  const lifetime = readExpiresIn(member("expires_in"), lifetimes);
  if (lifetime === undefined) throw malformed(status, '"expires_in" must be finite');
  // Bitbucket says `scopes`.
  const scope = member("scope") ?? member("scopes");
  const scopes = typeof scope === "string" ? scope.split(" ").filter((name) => name !== "") : undefined;
  return makeAccessToken(accessToken, now + lifetime, scopes);
}

/** Whole seconds within bounds; `undefined` when they are not finite, which would make a token that never expires. */
function readExpiresIn(value: unknown, { fallback, most }: Lifetimes): number | undefined {
  const isNumeric = typeof value === "number" || (typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value));
  const lifetime = isNumeric ? Number(value) : fallback;
  return Number.isFinite(lifetime) ? Math.min(Math.max(0, Math.floor(lifetime)), most) : undefined;
}

/** The token as an object that does not tell its secret unasked. */
export function makeAccessToken(accessToken: string, expiresAt: number, scopes?: readonly string[]): AccessToken {
  const token = { tokenType: "Bearer" as const, expiresAt, ...(scopes === undefined ? {} : { scopes: Object.freeze([...scopes]) }) };
  return Object.freeze(Object.defineProperty(token, "accessToken", { value: accessToken }) as typeof token & { accessToken: string });
}
