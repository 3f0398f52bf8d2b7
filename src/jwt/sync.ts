import { syncEngine } from "../crypto/engine.ts";
import { SecretKey } from "../crypto/keys.ts";
import { argumentError } from "../errors.ts";
import { checkAlgorithm } from "../jws/compact.ts";
import { assertSignature } from "../jws/verify.ts";
import { checkClaims } from "./claims.ts";
import type { JwtClaims } from "./claims.ts";
import { checkVerifyOptions } from "./options.ts";
import type { VerifyOptions } from "./options.ts";
import { prepareSigningInput } from "./sign.ts";
import type { SignOptions } from "./sign.ts";
import { readJwt } from "./verify.ts";
import type { VerifiedJwt } from "./verify.ts";

/**
 * Signs a claims set with HS256, at once.
 *
 * The synchronous twin of `signJwt` for hot paths: native HMAC where the runtime has one, else plain JavaScript with
 * the key already absorbed. No thread is asked and no promise is made.
 *
 * @example
 * ```ts
 * import { secretKey } from "jwt-qsh";
 * import { signJwtSync } from "jwt-qsh/sync";
 *
 * const token = signJwtSync({ iss: "my-app" }, secretKey(sharedSecret), { lifetime: 180 });
 * ```
 *
 * @throws {TypeError} as `signJwt` does
 * @throws {UnsupportedError} ERR_UNSUPPORTED_RUNTIME for a key that is not HS256
 */
export function signJwtSync(claims: JwtClaims, key: SecretKey, options?: SignOptions): string {
  const input = prepareSigningInput(claims, assertSecretKey(key).algorithm.name, options);
  return `${input}.${syncEngine.signText(key, input)}`;
}

/**
 * Verifies an HS256 token, at once.
 *
 * The synchronous twin of `verifyJwt`, with the same checks in the same order.
 *
 * @example
 * ```ts
 * import { secretKey } from "jwt-qsh";
 * import { verifyJwtSync } from "jwt-qsh/sync";
 *
 * const { claims } = verifyJwtSync(token, secretKey(sharedSecret), { issuer: "my-app" });
 * ```
 *
 * @throws {TokenError | ClaimError | KeyError | TypeError} as `verifyJwt` does
 * @throws {UnsupportedError} ERR_UNSUPPORTED_RUNTIME for a key that is not HS256
 */
export function verifyJwtSync(token: string, key: SecretKey, options?: VerifyOptions): VerifiedJwt {
  const checked = checkVerifyOptions(options);
  assertSecretKey(key);
  const { jws, jwt } = readJwt(token, checked);
  checkAlgorithm(jws.header, key.algorithm.name);
  assertSignature(syncEngine.verifyText(key, jws.signingInput, jws.encodedSignature));
  checkClaims(jwt.claims, checked);
  return jwt;
}

function assertSecretKey(key: unknown): SecretKey {
  if (key instanceof SecretKey) return key;
  throw argumentError('"key"', "must be made by secretKey()", "ERR_INVALID_ARG_TYPE");
}
