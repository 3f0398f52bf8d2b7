/**
 * The door to what reads an access token from an answer.
 */
import type { WebResponse } from "../types.ts";
import type { AccessToken } from "./access-token.ts";
import type { TokenResponseOptions } from "./token-answer.ts";

export type { AccessToken, TokenResponseOptions };

/**
 * Reads the answer of a token endpoint.
 *
 * Strict where a mistake would do harm: an error in a 200 is an error, an access token that is missing or no header
 * could carry is none, a type other than Bearer is refused, and a lifetime is bounded. Lenient where servers differ:
 * the content type, a lifetime that is a string, or none at all. A lifetime of zero or less makes a token to use once:
 * its `expiresAt` is now.
 *
 * @example
 * ```ts
 * import { buildTokenRequest, parseTokenResponse } from "jwt-qsh/oauth2";
 *
 * const authorizationServer = "https://oauth-2-authorization-server.services.atlassian.com";
 * const response = await fetch(buildTokenRequest(assertion, { authorizationServer }));
 * const { accessToken, expiresAt } = await parseTokenResponse(response);
 * ```
 *
 * @param options.defaultLifetime seconds
 * @param options.maxLifetime seconds
 * @throws {ExchangeError} ERR_EXCHANGE_REJECTED with `status`, `problem` and `retryAfter` when the server refused or
 *   sent a redirect, ERR_EXCHANGE_MALFORMED when its answer makes no sense or is larger than 1 MiB,
 *   ERR_EXCHANGE_UNREACHABLE when the answer breaks off
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense, or a response that
 *   was read already
 */
export async function parseTokenResponse(response: WebResponse, options: TokenResponseOptions = {}): Promise<AccessToken> {
  return (await import("./token-answer.ts")).parseTokenResponse(response, options);
}
