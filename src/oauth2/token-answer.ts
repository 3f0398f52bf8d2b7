/**
 * One exchange within bounds, and the answer of a token endpoint (RFC 6749 sections 5.1 and 5.2), read by its rules and
 * not by its content type. Loaded with the first exchange.
 */
import { boundedFetch, isFailure } from "../bounded-fetch.ts";
import type { BoundedFailure, BoundedResponse } from "../bounded-fetch.ts";
import { decodeUtf8 } from "../encoding/utf8.ts";
import { argumentError, ExchangeError } from "../errors.ts";
import type { ExchangeErrorFacts } from "../errors.ts";
import { readCapped } from "../http.ts";
import { parseJsonObject } from "../jws/json.ts";
import { readClock } from "../jwt/claims.ts";
import { ownOptions, seconds } from "../jwt/options.ts";
import type { FetchLike, JsonObject, WebResponse } from "../types.ts";
import { makeAccessToken } from "./access-token.ts";
import type { AccessToken } from "./access-token.ts";
import type { TokenRequest } from "./exchange.ts";
import { hintFor, isClockProblem, readProblem } from "./problem.ts";

export { isFailure };

/** The most bytes of an answer. */
const MAX_BYTES: number = 1024 * 1024;

/** Options of `parseTokenResponse`. */
export interface TokenResponseOptions {
  /** The clock, in seconds since the epoch. */
  now?: () => number;
  /** Seconds that a token is taken to live when the answer does not say; 300 unless told. */
  defaultLifetime?: number;
  /** The most seconds that a token is taken to live, whatever the answer says; 86400 unless told. */
  maxLifetime?: number;
}

/** The lifetimes of `TokenResponseOptions`, checked. */
interface Lifetimes {
  readonly fallback: number;
  readonly most: number;
}

const LIFETIMES: Lifetimes = { fallback: 300, most: 86400 };

/** How an exchange is made. */
export interface ExchangeSettings {
  readonly fetch: FetchLike;
  /** Seconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** Sends a token request: one time limit over all, no redirects, a capped body. */
export function exchange(
  { url, init }: TokenRequest,
  settings: ExchangeSettings,
): Promise<BoundedResponse | BoundedFailure> {
  return boundedFetch(url, init, { ...settings, maxBytes: MAX_BYTES });
}

/** What the door of the same name does. */
export async function parseTokenResponse(response: WebResponse, options: TokenResponseOptions): Promise<AccessToken> {
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

/** A clock that is off by more is not skewed but wrong, or the answer's `Date` is. */
const MAX_SKEW = 86400;

/** How far the server's clock is from ours, when that is what it complains of; whole seconds, as its `Date` has. */
export function skewOf(answer: BoundedResponse | BoundedFailure, error: unknown, now: number): number | undefined {
  if (!(error instanceof ExchangeError) || !isClockProblem(error.problem) || isFailure(answer)) return undefined;
  const skew = Date.parse(answer.headers.get("date") ?? "") / 1000 - Math.floor(now);
  // Also false without a date: NaN compares with nothing.
  return Math.abs(skew) <= MAX_SKEW ? skew : undefined;
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
