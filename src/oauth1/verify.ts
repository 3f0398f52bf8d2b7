/**
 * The server's side: verifies a signed request (RFC 5849 section 3.2).
 */
import type { WebRequest } from "../types.ts";
import type { ConsumerRecord, OAuth1Identity, TokenRecord, VerifyOAuth1Options } from "./verification.ts";

export type { ConsumerRecord, OAuth1Identity, TokenRecord, VerifyOAuth1Options };

/** Kept: a server judges every request, and an import that is done is still waited for. */
let judge: typeof verifyOAuth1Request | undefined;

/**
 * Verifies a signed request, whether it carries its parameters in the header, the query or a form body.
 *
 * For webhooks, for a server of your own, and for tests. The request stays unread.
 *
 * @example
 * ```ts
 * import { verifyOAuth1Request } from "jwt-qsh/oauth1";
 *
 * const { consumerKey } = await verifyOAuth1Request(request, {
 *   findConsumer: (key) => (key === "my-consumer" ? { publicKey: pem } : undefined),
 *   findToken: (token) => tokens.get(token),
 *   replayGuard,
 * });
 * ```
 *
 * @throws {OAuth1Error} ERR_OAUTH1_PROBLEM when it is refused: `problem` says why, `status` what to answer with
 * @throws {KeyError} ERR_KEY_INVALID when the consumer's record holds no usable key
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 * @see RFC 5849 section 3.2
 */
export async function verifyOAuth1Request<Token extends TokenRecord = TokenRecord>(
  request: WebRequest,
  options: VerifyOAuth1Options<Token>,
): Promise<OAuth1Identity<Token>> {
  judge ??= (await import("./verification.ts")).verifyOAuth1Request;
  return judge(request, options);
}
