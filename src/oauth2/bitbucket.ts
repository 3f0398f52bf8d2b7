/**
 * Bitbucket Cloud's own exchange: an app's JWT for an access token.
 */
import type { BoundedFailure, BoundedResponse } from "../bounded-fetch.ts";
import { requireType } from "../errors.ts";
import { fetchOrGlobal } from "../http.ts";
import { readClock } from "../jwt/claims.ts";
import { optionalFunction, ownOptions } from "../jwt/options.ts";
import type { FetchLike, RequestSigner } from "../types.ts";
import { formRequest } from "./exchange.ts";
import { readScopes } from "./scopes.ts";
import { createTokenSource } from "./token-source.ts";
import type { TokenSource } from "./token-source.ts";
import type { AccessToken } from "./access-token.ts";

/** Options of {@link createBitbucketTokenSource}. */
export interface BitbucketTokenSourceOptions {
  /** What proves who we are: a `createConnectSigner` with the tenant's `clientKey` as `subject`. */
  sign: RequestSigner;
  /** What to ask for: `repository:write` and so on; all that the app may have unless told. */
  scopes?: readonly string[];
  /** The fetch underneath; the global one unless told. */
  fetch?: FetchLike;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

const TOKEN_ENDPOINT = "https://bitbucket.org/site/oauth2/access_token";
const GRANT = "urn:bitbucket:oauth2:jwt";
/** Seconds. */
const TIMEOUT = 10;

/**
 * Makes a source of access tokens for an app on Bitbucket Cloud.
 *
 * Some of Bitbucket's resources take no app JWT but an access token, which stands for the app and the tenant. The
 * source caches and replaces it as `createUserTokenSource` does.
 *
 * @example
 * ```ts
 * import { createConnectSigner } from "jwt-qsh/connect";
 * import { createSignedFetch } from "jwt-qsh/fetch";
 * import { createBearerSigner, createBitbucketTokenSource } from "jwt-qsh/oauth2";
 *
 * const { clientKey, sharedSecret } = installation;
 * const baseUrl = "https://bitbucket.org";
 * const sign = createConnectSigner({ appKey: "com.example.app", sharedSecret, baseUrl, subject: clientKey });
 * const source = createBitbucketTokenSource({ sign, scopes: ["repository"] });
 * const api = createSignedFetch({ baseUrl: "https://api.bitbucket.org/2.0", sign: createBearerSigner(source) });
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense. The returned source
 *   rejects with an {ExchangeError}, and as the signer does
 * @see https://developer.atlassian.com/cloud/bitbucket/oauth-2/
 */
export function createBitbucketTokenSource(options: BitbucketTokenSourceOptions): TokenSource {
  const { sign, scopes, fetch, now } = ownOptions(options);
  requireType(sign, "function", '"options.sign"');
  const send = fetchOrGlobal(fetch);
  const { url, init } = formRequest(TOKEN_ENDPOINT, { grant_type: GRANT }, readScopes(scopes, '"options.scopes"'));
  optionalFunction(now, '"options.now"');

  async function ask(signal: AbortSignal, canRetry: boolean): Promise<BoundedResponse | BoundedFailure> {
    const signed = await sign(new Request(url, init));
    const request = { url: signed.url, init: { ...init, headers: Object.fromEntries(signed.headers) } };
    const { exchange, isFailure } = await import("./token-answer.ts");
    const answer = await exchange(request, { fetch: send, timeout: TIMEOUT, signal });
    // The signer may know better after a refusal: that our clock is off, for one.
    if (!canRetry || isFailure(answer) || answer.status < 400 || sign.retry === undefined) return answer;
    const { status, headers, body } = answer;
    const refusal = new Response(body.slice(0, 4096), { status, headers });
    return (await sign.retry(refusal, signed)) ? ask(signal, false) : answer;
  }

  async function mint(startedAt: number, signal: AbortSignal): Promise<AccessToken> {
    const answer = await ask(signal, true);
    return (await import("./token-answer.ts")).readTokenAnswer(answer, startedAt);
  }

  const times = { refreshAhead: 120, expirySkew: 10, takeOver: TIMEOUT + 1 };
  return createTokenSource({ mint, ...times, now: () => readClock(now) });
}
