/**
 * Who a token says that it is from.
 */
import { ClaimError } from "../errors.ts";
import { checkClaimTypes } from "../jwt/claims.ts";
import type { JwtClaims } from "../jwt/claims.ts";

/** The issuer, which must be text before it can be looked up. */
export function readIssuer(claims: JwtClaims): string {
  if (!Object.hasOwn(claims, "iss")) throw new ClaimError("ERR_CLAIM_MISSING", "iss", '"iss" claim is required');
  const { iss } = claims as { iss: string };
  checkClaimTypes({ iss });
  return iss;
}
