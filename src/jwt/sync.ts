import { signText, syncEngine } from "../crypto/engine.ts";
import { SecretKey } from "../crypto/keys.ts";
import { argumentError } from "../errors.ts";
import { checkAlgorithm, readUsualHeader } from "../jws/compact.ts";
import { parseJsonSegment } from "../jws/json.ts";
import { assertSignature } from "../jws/verify.ts";
import { checkClaims } from "./claims.ts";
import type { JwtClaims } from "./claims.ts";
import { checkVerifyOptions } from "./options.ts";
import type { CheckedOptions, VerifyOptions } from "./options.ts";
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
  return `${input}.${signText(key, input)}`;
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
  let jwt = readUsual(token, key, checked);
  if (jwt === undefined) {
    const read = readJwt(token, checked);
    checkAlgorithm(read.jws.header, key.algorithm.name);
    assertSignature(syncEngine.verify(key, read.jws.signingInput, read.jws.signature));
    ({ jwt } = read);
  }
  checkClaims(jwt.claims, checked);
  return jwt;
}

/**
 * The short way, for a token with a usual header and a good signature: neither is decoded, the one that we would have
 * made being canonical. Any other token is left to the long way, to be refused there, by the same rules.
 */
function readUsual(token: string, key: SecretKey, { maxTokenLength, typ }: CheckedOptions): VerifiedJwt | undefined {
  if (typeof token !== "string" || token.length > maxTokenLength || typ !== undefined) return undefined;
  const first = token.indexOf(".");
  const header = readUsualHeader(token.slice(0, first));
  if (header === undefined || key.algorithm.name !== "HS256") return undefined;
  const last = token.indexOf(".", first + 1);
  if (!endsWith(token, signText(key, token.slice(0, last)), last + 1)) return undefined;
  const claims = parseJsonSegment(token.slice(first + 1, last));
  return claims === undefined ? undefined : { header, claims };
}

/** Whether a signature is what stands in a token from there on. It looks at every character, whatever differs first. */
function endsWith(token: string, signature: string, start: number): boolean {
  let difference = token.length - start - signature.length;
  for (let i = 0; i < signature.length; i++) difference |= signature.charCodeAt(i) ^ token.charCodeAt(start + i);
  return difference === 0;
}

function assertSecretKey(key: unknown): SecretKey {
  if (key instanceof SecretKey) return key;
  throw argumentError('"key"', "must be made by secretKey()", "ERR_INVALID_ARG_TYPE");
}
