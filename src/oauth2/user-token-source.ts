/**
 * Access tokens of a user, by the JWT bearer grant.
 */
import type { BoundedFailure, BoundedResponse } from "../bounded-fetch.ts";
import { argumentError } from "../errors.ts";
import { fetchOrGlobal } from "../http.ts";
import { readClock } from "../jwt/claims.ts";
import { optionalFunction, ownOptions, seconds } from "../jwt/options.ts";
import type { FetchLike, TokenCache } from "../types.ts";
import { readUserGrant, signUserAssertion } from "./assertion.ts";
import type { UserGrant, UserGrantOptions } from "./assertion.ts";
import { userTokenRequest } from "./exchange.ts";
import { readUpperScopes } from "./scopes.ts";
import type { SharedTokens } from "./shared-tokens.ts";
import { createTokenSource } from "./token-source.ts";
import type { TokenSource } from "./token-source.ts";
import type { AccessToken } from "./access-token.ts";

/** Options of {@link createUserTokenSource}. Times are seconds. */
export interface UserTokenSourceOptions extends UserGrantOptions {
  /** What to ask for: `READ`, `WRITE` and so on; all that the app may have unless told. */
  scopes?: readonly string[];
  /** A cache that other isolates share. What is put there is sealed under a key derived from the shared secret. */
  cache?: TokenCache;
  /** How long before its end a token is replaced behind the callers' backs; 120 unless told, 0 for never. */
  refreshAhead?: number;
  /** How long before its end a token is no longer handed out; 10 unless told. */
  expirySkew?: number;
  /** How long an exchange may take; 10 unless told. */
  timeout?: number;
  /** How long a call of the cache may take before it counts as a miss; 2 unless told. */
  cacheTimeout?: number;
  /**
   * Keeps the runtime alive for an exchange that outlives its request: on Workers that of `cloudflare:workers`. Without
   * it such an exchange is lost there, and made again by whoever needs it.
   */
  waitUntil?: (promise: Promise<unknown>) => void;
  /** The fetch underneath; the global one unless told. */
  fetch?: FetchLike;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

/**
 * Makes a source of access tokens for acting as a user.
 *
 * Keep one per user and set of scopes, for as long as the process lives: it holds the token in memory, replaces it
 * before it runs out while the old one still serves, and makes one exchange for all who ask at a time, failures
 * included. While the server is unwell, a token that has not expired goes on serving; after a 429 or a 503 it is left
 * alone for as long as it asks, five seconds if it does not say, five minutes at most. When the server finds our clock
 * to be off, the assertion is signed once more by the server's. Nothing but values is shared between callers, so it is
 * safe on Workers too.
 *
 * @example
 * ```ts
 * import { createSignedFetch } from "jwt-qsh/fetch";
 * import { createBearerSigner, createUserTokenSource } from "jwt-qsh/oauth2";
 *
 * const installation = { baseUrl: "https://example.atlassian.net", oauthClientId: "client-id", sharedSecret };
 * const source = createUserTokenSource({ installation, accountId: "5b10a2844c20165700ede21g", scopes: ["READ"] });
 * const jira = createSignedFetch({ baseUrl: installation.baseUrl, sign: createBearerSigner(source) });
 * const me = await (await jira("/rest/api/3/myself")).json();
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense: no
 *   `oauthClientId`, a URN as `accountId`, an empty secret, a base URL that is not https. The returned source rejects
 *   with an {ExchangeError}
 * @throws {KeyError} ERR_KEY_INVALID for a secret that must not be used
 * @see https://developer.atlassian.com/cloud/jira/software/user-impersonation-for-connect-apps/
 */
export function createUserTokenSource(options: UserTokenSourceOptions): TokenSource {
  const own = ownOptions(options);
  const grant = readUserGrant(own);
  const scopes = readUpperScopes(own.scopes, '"options.scopes"');
  const send = fetchOrGlobal(own.fetch);
  const { refreshAhead = 120, expirySkew = 10, timeout = 10, cacheTimeout = 2, waitUntil } = own;
  seconds(0, 86400)(refreshAhead, '"options.refreshAhead"');
  seconds(0, 86400)(expirySkew, '"options.expirySkew"');
  seconds(0.001, 3600)(timeout, '"options.timeout"');
  seconds(0.001, 3600)(cacheTimeout, '"options.cacheTimeout"');
  optionalFunction(waitUntil, '"options.waitUntil"');
  optionalFunction(own.now, '"options.now"');
  const now = (): number => readClock(own.now);
  const cache = readTokenCache(own.cache, '"options.cache"');

  /** What to add to our clock to have the server's. */
  let offset = 0;

  async function ask(signal: AbortSignal): Promise<BoundedResponse | BoundedFailure> {
    const signed = signUserAssertion(grant, now() + offset);
    const [{ exchange }, assertion] = await Promise.all([import("./token-answer.ts"), signed]);
    return exchange(userTokenRequest(assertion, grant.authorizationServer, scopes), { fetch: send, timeout, signal });
  }

  async function mint(startedAt: number, signal: AbortSignal): Promise<AccessToken> {
    const answer = await ask(signal);
    const { readTokenAnswer, skewOf } = await import("./token-answer.ts");
    try {
      return readTokenAnswer(answer, startedAt);
    } catch (error) {
      const skew = skewOf(answer, error, now());
      if (skew === undefined) throw error;
      offset = skew;
      return readTokenAnswer(await ask(signal), startedAt);
    }
  }

  const identity = { grant: "jwt-bearer", ...identityOf(grant), scopes: scopes ?? [] };
  let kept: SharedTokens | undefined;
  async function openCache(): Promise<SharedTokens | undefined> {
    if (kept !== undefined || cache === undefined) return kept;
    const { SharedTokens } = await import("./shared-tokens.ts");
    return (kept ??= new SharedTokens({ cache, identity, cacheTimeout, lockTimeout: timeout }));
  }
  const takeOver = timeout + cacheTimeout + 1;
  const shared = cache === undefined ? undefined : openCache;
  return createTokenSource({ mint, shared, refreshAhead, expirySkew, takeOver, waitUntil, now });
}

/** Checks a cache at the door. */
function readTokenCache(cache: unknown, label: string): TokenCache | undefined {
  if (cache === undefined) return undefined;
  for (const name of ["get", "set", "delete"] as const) {
    if (typeof (cache as Partial<TokenCache> | null)?.[name] !== "function") {
      throw argumentError(label, `must have the methods "get", "set" and "delete"`, "ERR_INVALID_ARG_TYPE");
    }
  }
  return cache as TokenCache;
}

function identityOf({ key, issuer, subject, tenant, authorizationServer }: UserGrant): {
  authorizationServer: string;
  tenant: string;
  client: string;
  user: string;
  secret: Uint8Array;
} {
  return { authorizationServer, tenant, client: issuer, user: subject, secret: key.secret() };
}
