import { sha256Hex } from "../crypto/digest.ts";
import { nativeCrypto } from "../crypto/native.ts";
import type { WebRequest } from "../types.ts";
import { canonicalBytes, writeHead } from "./bytes.ts";
import { readTarget } from "./request.ts";
import type { QshOptions, QshRequest, Target } from "./request.ts";

/**
 * Computes the query string hash of a request: what a token's `qsh` claim must be.
 *
 * Synchronous everywhere. The URL is hashed as it is written: pass the one that goes on the wire. To find out why two
 * hashes differ, use `explainQsh`.
 *
 * @example
 * ```ts
 * import { qsh } from "jwt-qsh";
 *
 * qsh({ method: "GET", url: "/rest/api/3/search?jql=project%20%3D%20ABC" }); // 64 lower-case hex digits
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for a method or URL that is none
 * @see https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#qsh
 */
export function qsh(request: QshRequest | WebRequest, options?: QshOptions): string {
  return hashTarget(readTarget(request, options));
}

/** {@link qsh} of a request that is read already. */
export function hashTarget(target: Target): string {
  // Text where the platform takes it: bytes would be made first. In noble it is the other way round.
  const isText = target.query === "" && target.form === "" && nativeCrypto()?.hash;
  return sha256Hex(isText ? writeHead(target) : canonicalBytes(target));
}
