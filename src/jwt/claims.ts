/**
 * The claims set (RFC 7519 section 4): its types, its times, and who it is from and for.
 */
import { isWellFormed } from "../encoding/utf8.ts";
import { argumentError, ClaimError, TokenError } from "../errors.ts";
import type { JsonObject } from "../types.ts";

declare const trust: unique symbol;

/** A claims set. Times are seconds since the epoch and may be fractional. */
export interface JwtClaims extends JsonObject {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
  /** Never there at run time: it keeps {@link Unverified} claims out of places that ask for verified ones. */
  readonly [trust]?: "verified";
}

/** What was read but not proven: its type does not fit where verified claims are asked for. */
export type Unverified<Claims extends JwtClaims = JwtClaims> = Omit<Claims, typeof trust> & {
  readonly [name: string]: JsonObject[string];
  readonly [trust]: "unverified";
};

/** What is asked of a claims set. */
export interface ClaimRules {
  /** The accepted issuers, compared exactly; asking for one makes `iss` required. */
  issuer?: string | readonly string[];
  /** The accepted audiences, one of which must be in `aud`; asking for one makes `aud` required. */
  audience?: string | readonly string[];
  /** The accepted subject; asking for one makes `sub` required. */
  subject?: string;
  /** Seconds by which clocks may differ, 0 to 300; 30 unless told. */
  leeway?: number;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
  /** The greatest age in seconds, counted from `iat`, which it makes required. */
  maxAge?: number;
  /** The greatest `exp - iat` in seconds; makes both required. */
  maxLifetime?: number;
  /** `false` lets a token have no `exp`. */
  requireExp?: boolean;
  /** Further claims that must be there. */
  requiredClaims?: readonly string[];
}

/** The last second of the year 9999: beyond it a time is in milliseconds, or a mistake. */
const MAX_TIME = 253402300799;

/** Checks the types of the registered claims, whether or not anyone asked for them. */
export function checkClaimTypes(claims: JwtClaims): void {
  const { iss, sub, jti, qsh, exp, nbf, iat, aud } = claims;
  checkText(claims, "iss", iss);
  checkText(claims, "sub", sub);
  checkText(claims, "jti", jti);
  checkText(claims, "qsh", qsh);
  if (iss === "" && has(claims, "iss")) throw invalid("iss", "must not be empty");
  checkTime(claims, "exp", exp);
  checkTime(claims, "nbf", nbf);
  checkTime(claims, "iat", iat);
  if (aud !== undefined && !(isText(aud) || (Array.isArray(aud) && aud.every(isText))) && has(claims, "aud")) {
    throw invalid("aud", "must be a string or an array of strings");
  }
}

// Whether a claim is an own one is asked last, and only of one that is not right: it costs as much as all the rest.
function checkText(claims: JwtClaims, name: string, value: unknown): void {
  if (value !== undefined && !isText(value) && has(claims, name)) throw invalid(name, "must be a well-formed string");
}

function checkTime(claims: JwtClaims, name: string, value: unknown): void {
  if (value !== undefined && !isTime(value) && has(claims, name)) throw invalid(name, "must be seconds since the epoch");
}

/** Own members only: a polluted prototype brings no claim. An undefined member is none, as in JSON. */
function has(claims: JwtClaims, name: string): boolean {
  return claims[name] !== undefined && Object.hasOwn(claims, name);
}

/** Checks everything that a claims set says about when, from whom and for whom. The options are checked already. */
export function checkClaims(claims: JwtClaims, rules: ClaimRules): void {
  checkClaimTypes(claims);
  const { leeway = 30 } = rules;
  const now = readClock(rules.now);
  if (rules.requireExp !== false) required(claims, "exp");
  for (const name of rules.requiredClaims ?? []) required(claims, name);

  if (now >= (claims.exp as number) + leeway && has(claims, "exp")) {
    throw new TokenError("ERR_TOKEN_EXPIRED", '"exp" claim is in the past');
  }
  for (const name of ["nbf", "iat"] as const) {
    if ((claims[name] as number) > now + leeway && has(claims, name)) {
      throw new TokenError("ERR_TOKEN_NOT_YET_VALID", `"${name}" claim is in the future`);
    }
  }
  if (rules.maxAge !== undefined) {
    required(claims, "iat");
    if (now - (claims.iat as number) > rules.maxAge + leeway) {
      throw new TokenError("ERR_TOKEN_EXPIRED", '"iat" claim is further back than "maxAge"');
    }
  }
  if (rules.maxLifetime !== undefined) {
    required(claims, "iat");
    required(claims, "exp");
    if ((claims.exp as number) - (claims.iat as number) > rules.maxLifetime) {
      throw invalid("exp", 'is further from "iat" than "maxLifetime"');
    }
  }

  if (rules.issuer !== undefined) matches(claims, "iss", rules.issuer);
  if (rules.audience !== undefined) matches(claims, "aud", rules.audience);
  if (rules.subject !== undefined) matches(claims, "sub", rules.subject);
}

/** The clock's seconds. A clock that answers nonsense would make every token valid, or none. */
export function readClock(now: (() => number) | undefined): number {
  if (now === undefined) return Date.now() / 1000;
  const seconds = now();
  if (!isTime(seconds)) throw argumentError('"options.now"', "must return seconds since the epoch");
  return seconds;
}

/** Text without half a surrogate pair, which no UTF-8 has. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && isWellFormed(value);
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= MAX_TIME;
}

function invalid(claim: string, rule: string): ClaimError {
  return new ClaimError("ERR_CLAIM_INVALID", claim, `"${claim}" claim ${rule}`);
}

function required(claims: JwtClaims, name: string): void {
  if (!has(claims, name)) throw new ClaimError("ERR_CLAIM_MISSING", name, `"${name}" claim is required`);
}

function matches(claims: JwtClaims, name: "iss" | "aud" | "sub", expected: string | readonly string[]): void {
  required(claims, name);
  const given = typeof claims[name] === "string" ? [claims[name]] : (claims[name] as readonly string[]);
  const accepted = typeof expected === "string" ? [expected] : expected;
  if (!given.some((value) => accepted.includes(value))) {
    throw new ClaimError("ERR_CLAIM_MISMATCH", name, `"${name}" claim is not the expected one`);
  }
}
