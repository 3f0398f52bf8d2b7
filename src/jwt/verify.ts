import { webEngine } from "../crypto/engine.ts";
import type { MacEngine } from "../crypto/engine.ts";
import { SecretKey } from "../crypto/keys.ts";
import { PublicKey } from "../crypto/rsa-keys.ts";
import { argumentError } from "../errors.ts";
import { checkHeader, parseCompact, parsePayload } from "../jws/compact.ts";
import type { CompactJws, JwsHeader } from "../jws/compact.ts";
import { assertSignature, judgeSignature } from "../jws/verify.ts";
import type { Awaitable } from "../types.ts";
import { checkClaims } from "./claims.ts";
import type { JwtClaims, Unverified } from "./claims.ts";
import { checkVerifyOptions } from "./options.ts";
import type { CheckedOptions, VerifyOptions } from "./options.ts";

/** A token whose signature and claims hold. */
export interface VerifiedJwt {
  readonly header: JwsHeader;
  readonly claims: JwtClaims;
}

/** Chooses the key by what the token says of itself, which is not proven yet. */
export type KeyResolver = (unverified: {
  readonly header: JwsHeader;
  readonly claims: Unverified<JwtClaims>;
}) => Awaitable<SecretKey | PublicKey>;

/**
 * Verifies a token: its form, its signature, its times, and who it is from and for.
 *
 * The key decides the algorithm; the token's `alg` is compared, never obeyed. The rules of docs/security.md are in
 * force unless an option says otherwise. The signature is checked before any claim is judged.
 *
 * @example
 * ```ts
 * import { secretKey, verifyJwt } from "jwt-qsh";
 *
 * const key = secretKey(sharedSecret);
 * const { claims } = await verifyJwt(token, key, { issuer: "my-app", leeway: 10 });
 * ```
 *
 * @param token the compact serialisation
 * @param key a secret for HS256, HS384 or HS512, a public key for RS256, or a function that chooses one
 * @throws {TokenError} ERR_TOKEN_MALFORMED, ERR_TOKEN_TOO_LARGE, ERR_TOKEN_HEADER, ERR_TOKEN_ALGORITHM,
 *   ERR_TOKEN_SIGNATURE, ERR_TOKEN_EXPIRED, ERR_TOKEN_NOT_YET_VALID
 * @throws {ClaimError} ERR_CLAIM_MISSING, ERR_CLAIM_INVALID, ERR_CLAIM_MISMATCH
 * @throws {KeyError} ERR_KEY_ID when `kid` is no well-formed string, ERR_KEY_INVALID when the runtime refuses the key
 * @throws {UnsupportedError} ERR_UNSUPPORTED_RUNTIME without `crypto.subtle`, for all but HS256
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for a key or an option that makes no sense
 * @see RFC 7519 section 7.2, RFC 8725
 */
export function verifyJwt(
  token: string,
  key: SecretKey | PublicKey | KeyResolver,
  options?: VerifyOptions,
): Promise<VerifiedJwt> {
  return verifyJwtWith(webEngine, token, key, options);
}

/** {@link verifyJwt} on a given engine. */
export async function verifyJwtWith(
  engine: MacEngine,
  token: string,
  key: SecretKey | PublicKey | KeyResolver,
  options?: VerifyOptions,
): Promise<VerifiedJwt> {
  const checked = checkVerifyOptions(options);
  if (typeof key !== "function") assertVerifyKey(key);
  const { jws, jwt } = readJwt(token, checked);
  assertSignature(await judgeSignature(jws, typeof key === "function" ? await resolveKey(key, jwt) : key, engine));
  checkClaims(jwt.claims, checked);
  return jwt;
}

/** Reads a token once: what is verified and what is returned come from the same characters. */
export function readJwt(token: string, options: CheckedOptions): { jws: CompactJws; jwt: VerifiedJwt } {
  const jws = parseCompact(token, options.maxTokenLength);
  const claims = parsePayload(jws);
  if (!jws.isUsual || options.typ !== undefined) checkHeader(jws.header, options.typ);
  return { jws, jwt: { header: jws.header, claims } };
}

async function resolveKey(resolver: KeyResolver, { header, claims }: VerifiedJwt): Promise<SecretKey | PublicKey> {
  return assertVerifyKey(await resolver({ header, claims: claims as unknown as Unverified<JwtClaims> }));
}

function assertVerifyKey(key: unknown): SecretKey | PublicKey {
  if (key instanceof SecretKey || key instanceof PublicKey) return key;
  throw argumentError('"key"', "must be made by secretKey() or publicKey()", "ERR_INVALID_ARG_TYPE");
}
