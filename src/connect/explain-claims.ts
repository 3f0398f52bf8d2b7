/**
 * What the claims say about when, from whom and for whom, held against what is known.
 */
import type { JwtClaims } from "../jwt/claims.ts";
import type { TokenKind } from "./identity.ts";
import type { TokenFindingCode } from "./explain-findings.ts";

/** The kind of a token, as its claims and header tell it; nothing of it is proven. */
export type SeenKind = TokenKind | "lifecycle" | "forge" | "unknown";

/** A finding before it has words. */
export interface Found {
  readonly code: TokenFindingCode;
  /** By how many seconds, where time is at fault. */
  readonly seconds?: number;
  /** The claim's name, where the text does not name one. */
  readonly claim?: string;
}

/** What the claims are held against. */
export interface Expectations {
  readonly kind: SeenKind;
  readonly outbound: boolean;
  readonly appKey?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly leeway: number;
  readonly now: number;
}

/** What lies beyond is in milliseconds: as seconds it is after the year 2286. */
const MILLISECONDS = 1e10;

/** The times of a token, those that are numbers. */
export interface TokenTimes {
  readonly issuedAt?: number;
  readonly notBefore?: number;
  readonly expiresAt?: number;
  /** Seconds from `iat` to `exp`. */
  readonly lifetime?: number;
  /** Seconds from now to `exp`; negative once it has passed. */
  readonly remaining?: number;
}

export function readTimes({ iat, nbf, exp }: JwtClaims, now: number): TokenTimes {
  return {
    ...(isNumber(iat) && { issuedAt: iat }),
    ...(isNumber(nbf) && { notBefore: nbf }),
    ...(isNumber(exp) && { expiresAt: exp, remaining: exp - now }),
    ...(isNumber(iat) && isNumber(exp) && { lifetime: exp - iat }),
  };
}

export function* findTimeFaults(claims: JwtClaims, { leeway, now }: Expectations): Generator<Found> {
  for (const claim of ["exp", "iat", "nbf"] as const) {
    const value: unknown = claims[claim];
    if (value !== undefined && !isNumber(value)) yield { code: "claim-malformed", claim };
    else if (isNumber(value) && value > MILLISECONDS) return yield { code: "times-in-milliseconds", claim };
  }
  const { issuedAt, notBefore, expiresAt, lifetime } = readTimes(claims, now);
  if (claims.exp === undefined) yield { code: "expiry-missing" };
  if (claims.iat === undefined) yield { code: "issued-at-missing" };
  const start = Math.max(issuedAt ?? 0, notBefore ?? 0);
  if (start > now + leeway) yield { code: "not-yet-valid", seconds: start - now, claim: start === issuedAt ? "iat" : "nbf" };
  if (expiresAt === undefined) return;
  if (now >= expiresAt + leeway) yield { code: "expired", seconds: now - expiresAt };
  else if (now >= expiresAt) yield { code: "expires-soon", seconds: now - expiresAt };
  if (lifetime !== undefined && lifetime <= 0) yield { code: "lifetime-none" };
  if (lifetime !== undefined && lifetime > 3600) yield { code: "lifetime-long", seconds: lifetime };
}

export function* findIssuerFaults(claims: JwtClaims, { kind, outbound, appKey, clientKey }: Expectations): Generator<Found> {
  const { iss } = claims as { iss?: unknown };
  if (iss === undefined || iss === "") return yield { code: "issuer-missing" };
  if (typeof iss !== "string") return yield { code: "claim-malformed", claim: "iss" };
  const ours = outbound || kind === "session";
  const [wanted, other] = ours ? [appKey, clientKey] : [clientKey, appKey];
  if (iss === wanted) return;
  if (iss === other) yield { code: ours ? "issuer-is-client-key" : "issuer-is-app-key" };
  else if (wanted === undefined) return;
  else yield { code: iss.trim().toLowerCase() === wanted.trim().toLowerCase() ? "issuer-differs-in-case" : "issuer-unexpected" };
}

export function* findAudienceFaults(claims: JwtClaims, { kind, clientKey, baseUrl }: Expectations): Generator<Found> {
  const { aud } = claims as { aud?: unknown };
  const list: unknown[] = Array.isArray(aud) ? aud : [aud];
  if (aud !== undefined && !list.every((item) => typeof item === "string")) return yield { code: "claim-malformed", claim: "aud" };
  const wanted = kind === "lifecycle" ? baseUrl : kind === "session" ? clientKey : undefined;
  if (wanted === undefined) return;
  if (aud === undefined) yield { code: "audience-missing" };
  else if (list.includes(wanted)) return;
  else if (list.some((item) => trimSlash(String(item)) === trimSlash(wanted))) yield { code: "audience-differs-in-slash" };
  else yield { code: "audience-unexpected" };
}

function trimSlash(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
