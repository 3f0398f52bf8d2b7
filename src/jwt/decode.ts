import { MAX_TOKEN_LENGTH, parseCompact, parsePayload } from "../jws/compact.ts";
import type { JwsHeader } from "../jws/compact.ts";
import type { JwtClaims, Unverified } from "./claims.ts";

/** What {@link decodeJwt} reads. */
export interface DecodedJwt {
  readonly header: JwsHeader;
  readonly claims: Unverified<JwtClaims>;
}

/**
 * Reads a token without verifying anything.
 *
 * For logs, for tools, and for choosing a key. The form is checked as strictly as {@link verifyJwt} does; who made the
 * token is not known, so the claims do not fit where verified ones are asked for.
 *
 * @example
 * ```ts
 * import { decodeJwt } from "jwt-qsh";
 *
 * const { header, claims } = decodeJwt(token);
 * console.log(header.alg, claims.iss);
 * ```
 *
 * @throws {TokenError} ERR_TOKEN_MALFORMED when the token is not three canonical base64url segments of JSON objects,
 *   ERR_TOKEN_TOO_LARGE beyond 16384 characters
 */
export function decodeJwt(token: string): DecodedJwt {
  const jws = parseCompact(token, MAX_TOKEN_LENGTH);
  return { header: jws.header, claims: parsePayload(jws) as Unverified<JwtClaims> };
}
