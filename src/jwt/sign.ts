import { webEngine } from "../crypto/engine.ts";
import type { MacEngine } from "../crypto/engine.ts";
import { SecretKey } from "../crypto/keys.ts";
import { PrivateKey } from "../crypto/rsa-keys.ts";
import { argumentError, ClaimError } from "../errors.ts";
import { joinSigningInput } from "../jws/compact.ts";
import type { JwsHeader } from "../jws/compact.ts";
import { signJws } from "../jws/sign.ts";
import { checkClaimTypes, isText, readClock } from "./claims.ts";
import type { JwtClaims } from "./claims.ts";
import { ownOptions, seconds } from "./options.ts";

/** Options of {@link signJwt}. */
export interface SignOptions {
  /** The `kid` of the header. */
  kid?: string;
  /** The `typ` of the header; `JWT` unless told. */
  typ?: string;
  /** Seconds from `iat` to `exp`. */
  lifetime?: number;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

/**
 * Signs a claims set with the algorithm of its key.
 *
 * `iat` is set to now unless the claims have one, and `exp` to `iat + lifetime`. A token that never expires is not
 * made: without a lifetime the claims must bring their own `exp`.
 *
 * @example
 * ```ts
 * import { secretKey, signJwt } from "jwt-qsh";
 *
 * const token = await signJwt({ iss: "my-app", sub: "42" }, secretKey(sharedSecret), { lifetime: 180 });
 * ```
 *
 * @param claims the claims set; times in seconds since the epoch
 * @param key a secret for HS256, HS384 or HS512, a private key for RS256
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for claims or options that no verifier would accept,
 *   with neither lifetime nor `exp`, and with both
 * @throws {KeyError} ERR_KEY_INVALID when the runtime refuses the key
 * @throws {UnsupportedError} ERR_UNSUPPORTED_RUNTIME without `crypto.subtle`, for all but HS256
 * @see RFC 7519 section 7.1
 */
export function signJwt(claims: JwtClaims, key: SecretKey | PrivateKey, options?: SignOptions): Promise<string> {
  return signJwtWith(webEngine, claims, key, options);
}

/** {@link signJwt} on a given engine. */
export async function signJwtWith(
  engine: MacEngine,
  claims: JwtClaims,
  key: SecretKey | PrivateKey,
  options?: SignOptions,
): Promise<string> {
  if (!(key instanceof SecretKey || key instanceof PrivateKey)) {
    throw argumentError('"key"', "must be made by secretKey() or privateKey()", "ERR_INVALID_ARG_TYPE");
  }
  return await signJws(prepareSigningInput(claims, key.algorithm.name, options), key, engine);
}

/** Everything of a token but its signature. */
export function prepareSigningInput(claims: JwtClaims, alg: string, options: SignOptions = NO_OPTIONS): string {
  if (typeof claims !== "object" || claims === null || Array.isArray(claims)) {
    throw argumentError('"claims"', "must be an object", "ERR_INVALID_ARG_TYPE");
  }
  const { lifetime, now, typ = "JWT", kid } = options === NO_OPTIONS ? options : ownOptions(options);
  if (lifetime !== undefined) seconds(0, 253402300799)(lifetime, '"options.lifetime"');
  checkHeaderText("typ", typ);
  checkHeaderText("kid", kid);
  const time = Math.floor(readClock(now));
  let hasOneEnd = true;
  try {
    const iat = own(claims, "iat");
    const exp = own(claims, "exp");
    hasOneEnd = (exp === undefined) !== (lifetime === undefined);
    const start = iat === undefined ? time : iat;
    // Claims that are whole are not copied: on Node 20 that takes as long as to sign them.
    const isWhole = iat !== undefined && exp !== undefined && !("toJSON" in claims);
    const payload = isWhole ? claims : { ...claims, iat: start, exp: exp ?? start + (lifetime as number) };
    checkClaimTypes(payload);
    // A member that is undefined is none, in JSON.
    if (hasOneEnd) return joinSigningInput({ typ, alg, kid } as JwsHeader, JSON.stringify(payload));
  } catch (error) {
    // A cycle, a bigint, a getter that throws: a foreign message may quote a value.
    if (hasOneEnd) {
      throw argumentError(
        '"claims"',
        error instanceof ClaimError ? "must have registered claims of their registered types" : "must be JSON",
      );
    }
  }
  throw argumentError('"options.lifetime"', 'or "claims.exp" must be given, and not both');
}

const NO_OPTIONS = { __proto__: null } as SignOptions;

/** An own member: a polluted prototype brings no time. */
function own(claims: JwtClaims, name: "iat" | "exp"): number | undefined {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

function checkHeaderText(name: "typ" | "kid", value: unknown): void {
  if (value === undefined || (isText(value) && value !== "")) return;
  throw argumentError(`"options.${name}"`, "must be a non-empty string", "ERR_INVALID_ARG_TYPE");
}
