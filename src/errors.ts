/**
 * Every error that this library throws on purpose: few classes, many codes, typed facts, no secrets.
 *
 * A message is constant text that quotes the specification's name of a thing. It never holds a token, a secret, a
 * claim's value or a query. A caller's mistake is a `TypeError` with a code of Node's own.
 */

export type TokenErrorCode =
  | "ERR_TOKEN_MISSING"
  | "ERR_TOKEN_AMBIGUOUS"
  | "ERR_TOKEN_TOO_LARGE"
  | "ERR_TOKEN_MALFORMED"
  | "ERR_TOKEN_ALGORITHM"
  | "ERR_TOKEN_HEADER"
  | "ERR_TOKEN_KIND"
  | "ERR_TOKEN_SIGNATURE"
  | "ERR_TOKEN_EXPIRED"
  | "ERR_TOKEN_NOT_YET_VALID"
  | "ERR_TOKEN_REPLAYED";
export type ClaimErrorCode = "ERR_CLAIM_MISSING" | "ERR_CLAIM_INVALID" | "ERR_CLAIM_MISMATCH";
export type QshErrorCode = "ERR_QSH_MISSING" | "ERR_QSH_MISMATCH";
export type InstallationErrorCode = "ERR_INSTALLATION_UNKNOWN" | "ERR_INSTALLATION_LOOKUP" | "ERR_LIFECYCLE_BODY";
export type KeyErrorCode =
  | "ERR_KEY_ID"
  | "ERR_KEY_NOT_FOUND"
  | "ERR_KEY_FETCH"
  | "ERR_KEY_RATE_LIMIT"
  | "ERR_KEY_INVALID";
export type ExchangeErrorCode = "ERR_EXCHANGE_REJECTED" | "ERR_EXCHANGE_MALFORMED" | "ERR_EXCHANGE_UNREACHABLE";
export type OAuth1ErrorCode = "ERR_OAUTH1_PROBLEM" | "ERR_OAUTH1_RESPONSE";

/** Every code of an {@link AuthError}. */
export type AuthErrorCode =
  | TokenErrorCode
  | ClaimErrorCode
  | QshErrorCode
  | InstallationErrorCode
  | KeyErrorCode
  | ExchangeErrorCode
  | OAuth1ErrorCode
  | "ERR_ORIGIN_NOT_ALLOWED"
  | "ERR_UNSUPPORTED_RUNTIME";

/** Options that every error takes. */
export interface AuthErrorOptions {
  /** What to do about it, in one constant sentence. */
  hint?: string;
  /** An error of this library that led here; never a foreign one, which may hold a secret. */
  cause?: AuthError;
}

/** The base of every error that is not the caller's mistake. `code` is stable; the message is for people. */
export class AuthError<Code extends AuthErrorCode = AuthErrorCode> extends Error {
  override name = "AuthError";
  readonly code: Code;
  /** What to do about it. */
  declare readonly hint?: string;

  constructor(code: Code, message: string, options: AuthErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.hint !== undefined) this.hint = options.hint;
  }
}

/** The token itself: its form, its algorithm, its signature, its times. */
export class TokenError extends AuthError<TokenErrorCode> {
  override name = "TokenError" as const;
}

/** One claim of a token that is otherwise well-formed. */
export class ClaimError extends AuthError<ClaimErrorCode> {
  override name = "ClaimError" as const;
  /** The claim's name, never its value. */
  readonly claim: string;

  constructor(code: ClaimErrorCode, claim: string, message: string, options?: AuthErrorOptions) {
    super(code, message, options);
    this.claim = claim;
  }
}

/** What {@link QshError} knows besides its code. */
export interface QshErrorFacts extends AuthErrorOptions {
  claimed?: unknown;
  computed?: string;
  /** Finds the cause; handed in by the thrower, so that no bundle pays for it unasked. */
  explain?: () => Promise<unknown>;
}

/** The query string hash is missing, or is not that of this request. */
export class QshError extends AuthError<QshErrorCode> {
  override name = "QshError" as const;
  readonly #facts: QshErrorFacts;

  constructor(code: QshErrorCode, message: string, facts: QshErrorFacts = {}) {
    super(code, message, facts);
    this.#facts = facts;
  }

  /** The claimed hash, kept only when it is 64 hex digits or the literal of a context token. */
  get claimed(): string | undefined {
    const { claimed } = this.#facts;
    return typeof claimed === "string" && /^(?:[0-9a-fA-F]{64}|context-qsh)$/.test(claimed) ? claimed : undefined;
  }

  /** The hash of the request as it arrived. */
  get computed(): string | undefined {
    return this.#facts.computed;
  }

  /** Finds which known mistake makes the claimed hash, on the server's side only: never send it to the caller. */
  explain(): Promise<unknown> {
    return this.#facts.explain === undefined ? Promise.resolve(undefined) : this.#facts.explain();
  }
}

/** The tenant: unknown, not to be looked up just now, or a lifecycle body that cannot be used. */
export class InstallationError extends AuthError<InstallationErrorCode> {
  override name = "InstallationError" as const;
}

/** Options of a {@link KeyError}. */
export interface KeyErrorOptions extends AuthErrorOptions {
  /** True when the key came from a key server or a store: then the caller's token is at fault, not our set-up. */
  remote?: boolean;
  /** The key server's answer, where there was one. */
  status?: number;
}

/** A key that cannot be had or must not be used. */
export class KeyError extends AuthError<KeyErrorCode> {
  override name = "KeyError" as const;
  readonly remote: boolean;
  declare readonly status?: number;

  constructor(code: KeyErrorCode, message: string, options: KeyErrorOptions = {}) {
    super(code, message, options);
    this.remote = options.remote ?? false;
    if (options.status !== undefined) this.status = options.status;
  }
}

/** What {@link ExchangeError} knows besides its code. */
export interface ExchangeErrorFacts extends AuthErrorOptions {
  /** The HTTP status of the answer, 0 without one. */
  status?: number;
  /** The server's `error` word (RFC 6749 section 5.2), cut and redacted. */
  problem?: string;
  /** Seconds until another try makes sense. */
  retryAfter?: number;
}

/** An authorization server refused, could not be reached or answered nonsense. */
export class ExchangeError extends AuthError<ExchangeErrorCode> {
  override name = "ExchangeError" as const;
  readonly status: number;
  declare readonly retryAfter?: number;
  readonly #problem: string | undefined;

  constructor(code: ExchangeErrorCode, message: string, facts: ExchangeErrorFacts = {}) {
    super(code, message, facts);
    this.status = facts.status ?? 0;
    if (facts.retryAfter !== undefined) this.retryAfter = facts.retryAfter;
    this.#problem = facts.problem;
  }

  get problem(): string | undefined {
    return this.#problem;
  }
}

/** What {@link OAuth1Error} knows besides its code. */
export interface OAuth1ErrorFacts extends AuthErrorOptions {
  status?: number;
  /** The server's `oauth_problem`. */
  problem?: string;
  /** The server's `oauth_problem_advice`. */
  advice?: string;
  /** The base string that the server says it signed. */
  serverBaseString?: string;
}

/** An OAuth 1.0a server refused or answered nonsense. */
export class OAuth1Error extends AuthError<OAuth1ErrorCode> {
  override name = "OAuth1Error" as const;
  readonly status: number;
  readonly #facts: OAuth1ErrorFacts;

  constructor(code: OAuth1ErrorCode, message: string, facts: OAuth1ErrorFacts = {}) {
    super(code, message, facts);
    this.status = facts.status ?? 0;
    this.#facts = facts;
  }

  get problem(): string | undefined {
    return this.#facts.problem;
  }

  get advice(): string | undefined {
    return this.#facts.advice;
  }

  get serverBaseString(): string | undefined {
    return this.#facts.serverBaseString;
  }
}

/** A credential would have left the origin and path that it is locked to. */
export class OriginError extends AuthError<"ERR_ORIGIN_NOT_ALLOWED"> {
  override name = "OriginError" as const;

  constructor() {
    super("ERR_ORIGIN_NOT_ALLOWED", 'url is outside the origin and path of "baseUrl"');
  }
}

/** The runtime lacks what the call needs. */
export class UnsupportedError extends AuthError<"ERR_UNSUPPORTED_RUNTIME"> {
  override name = "UnsupportedError" as const;
  /** What is missing, for example `crypto.subtle`. */
  readonly feature: string;

  constructor(feature: string, message: string, options?: AuthErrorOptions) {
    super("ERR_UNSUPPORTED_RUNTIME", message, options);
    this.feature = feature;
  }
}

/** A caller's mistake, with Node's own code. */
export interface ArgumentError extends TypeError {
  code: "ERR_INVALID_ARG_TYPE" | "ERR_INVALID_ARG_VALUE";
}

/**
 * Makes the error for a caller's mistake.
 *
 * @param label the quoted path of the argument, for example `"options.baseUrl"`
 * @param rule what it must be, for example `must be an https URL`
 */
export function argumentError(label: string, rule: string, code: ArgumentError["code"] = "ERR_INVALID_ARG_VALUE"): ArgumentError {
  return Object.assign(new TypeError(`${label} ${rule}`), { code });
}

/** Refuses an argument of another type; `or` says what else would have done. */
export function requireType(value: unknown, type: "string" | "object" | "function" | "boolean", label: string, or = ""): void {
  if (typeof value === type && value !== null) return;
  throw argumentError(label, `must be ${type === "object" ? "an" : "a"} ${type}${or}`, "ERR_INVALID_ARG_TYPE");
}

/** Refuses an argument that is no text, or an empty one. */
export function requireText(value: unknown, label: string): void {
  requireType(value, "string", label);
  if (value === "") throw argumentError(label, "must not be empty");
}

/** The HTTP status that answers each code; `ERR_KEY_INVALID` is the caller's own set-up unless the key came from afar. */
export const errorStatus: Readonly<Record<AuthErrorCode, number>> = {
  ERR_TOKEN_MISSING: 401,
  ERR_TOKEN_AMBIGUOUS: 401,
  ERR_TOKEN_TOO_LARGE: 401,
  ERR_TOKEN_MALFORMED: 401,
  ERR_TOKEN_ALGORITHM: 401,
  ERR_TOKEN_HEADER: 401,
  ERR_TOKEN_KIND: 401,
  ERR_TOKEN_SIGNATURE: 401,
  ERR_TOKEN_EXPIRED: 401,
  ERR_TOKEN_NOT_YET_VALID: 401,
  ERR_TOKEN_REPLAYED: 401,
  ERR_CLAIM_MISSING: 401,
  ERR_CLAIM_INVALID: 401,
  ERR_CLAIM_MISMATCH: 401,
  ERR_QSH_MISSING: 401,
  ERR_QSH_MISMATCH: 401,
  ERR_INSTALLATION_UNKNOWN: 401,
  ERR_INSTALLATION_LOOKUP: 503,
  ERR_LIFECYCLE_BODY: 400,
  ERR_KEY_ID: 401,
  ERR_KEY_NOT_FOUND: 401,
  ERR_KEY_FETCH: 503,
  ERR_KEY_RATE_LIMIT: 503,
  ERR_KEY_INVALID: 500,
  ERR_EXCHANGE_REJECTED: 502,
  ERR_EXCHANGE_MALFORMED: 502,
  ERR_EXCHANGE_UNREACHABLE: 502,
  ERR_OAUTH1_PROBLEM: 502,
  ERR_OAUTH1_RESPONSE: 502,
  ERR_ORIGIN_NOT_ALLOWED: 500,
  ERR_UNSUPPORTED_RUNTIME: 500,
};

/** True for every error of this library, whichever realm or copy it came from: it goes by the code. */
export function isAuthError(value: unknown): value is AuthError {
  if (typeof value !== "object" || value === null) return false;
  const { code } = value as { code?: unknown };
  return typeof code === "string" && Object.hasOwn(errorStatus, code);
}
