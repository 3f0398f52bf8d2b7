/**
 * The consumer: three steps from a key to an access token (RFC 5849 section 2), known as the dance.
 */
import type { BoundedFailure } from "../bounded-fetch.ts";
import { equalBytes } from "../crypto/engine.ts";
import { encodePercent } from "../encoding/percent.ts";
import { decodeUtf8Lossy, encodeUtf8 } from "../encoding/utf8.ts";
import { argumentError } from "../errors.ts";
import { basePathOf, fetchOrGlobal, isWithin, parseUrl } from "../http.ts";
import type { FetchLike, RequestSigner, WebAbortSignal, WebUrl } from "../types.ts";
import { parseParameters } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";
import { problemError, readReport } from "./problem.ts";
import { authorize, readSettings, readToken } from "./settings.ts";
import type { OAuth1Options, OAuth1Token } from "./settings.ts";
import { requireWellFormed } from "./signature.ts";
import { signerOf } from "./signer.ts";
import { badResponse, parseAccessToken, parseRequestToken, uniqueParameters } from "./token-response.ts";
import type { AccessToken, RequestToken } from "./token-response.ts";

/** Paths below the base URL. */
export interface OAuth1Endpoints {
  /** `/plugins/servlet/oauth/request-token` unless told. */
  requestToken?: string;
  /** `/plugins/servlet/oauth/authorize` unless told. */
  authorize?: string;
  /** `/plugins/servlet/oauth/access-token` unless told. */
  accessToken?: string;
}

/** Options of {@link createOAuth1Consumer}. */
export interface OAuth1ConsumerOptions extends OAuth1Options {
  /** Where the three steps are taken; those of Jira and Confluence Data Center unless told. */
  endpoints?: OAuth1Endpoints;
  /** Seconds until a token endpoint must have answered; 10 unless told. */
  timeout?: number;
  fetch?: FetchLike;
}

/** An option of each call that goes to the server. */
export interface CallOptions {
  signal?: WebAbortSignal;
}

/** What {@link createOAuth1Consumer} makes. */
export interface OAuth1Consumer {
  /** Step one. `callback` is where the user's browser goes afterwards, or `oob` to be shown a code. */
  requestToken(options: { callback: string } & CallOptions): Promise<RequestToken>;
  /** Step two: where the user approves. */
  authorizeUrl(requestToken: OAuth1Token): string;
  /** Reads the callback: it must be for this request token, and the user must not have refused. */
  parseCallback(url: string | WebUrl, requestToken: OAuth1Token): { verifier: string };
  /** Step three. The request token is used up by it. */
  accessToken(requestToken: OAuth1Token, verifier: string, options?: CallOptions): Promise<AccessToken>;
  /** Experimental: trades an access token with a `sessionHandle` for a new one. Few servers support it. */
  renew(accessToken: AccessToken, options?: CallOptions): Promise<AccessToken>;
  /** Signs requests with the access token; shares the clock that the consumer has set by the server's. */
  signer(accessToken: OAuth1Token): RequestSigner;
}

/** A token answer is a line; a page of errors is a few. */
const MAX_BYTES = 65_536;

/**
 * Makes a consumer of an OAuth 1.0a server.
 *
 * It always sends `oauth_callback` and `oauth_verifier` (1.0a), so that nobody can have a user approve somebody else's
 * request. A refused timestamp sets the clock by the server's, once, and the step is taken again.
 *
 * @example
 * ```ts
 * import { createOAuth1Consumer } from "jwt-qsh/oauth1";
 *
 * const baseUrl = "https://jira.example.com";
 * const consumer = createOAuth1Consumer({ baseUrl, consumerKey: "my-consumer", privateKey: pem });
 * const requestToken = await consumer.requestToken({ callback: "oob" });
 * console.log(consumer.authorizeUrl(requestToken)); // the user approves there and reads off a code
 * const accessToken = await consumer.accessToken(requestToken, code);
 * const sign = consumer.signer(accessToken);
 * ```
 *
 * The calls reject with {OAuth1Error} ERR_OAUTH1_PROBLEM when the server refuses, `problem` saying why, and with
 * ERR_OAUTH1_RESPONSE when its answer cannot be used or there is none (`status` 0).
 *
 * @throws {KeyError} ERR_KEY_INVALID for a key that cannot be used
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 * @see RFC 5849 section 2
 */
export function createOAuth1Consumer(options: OAuth1ConsumerOptions): OAuth1Consumer {
  const settings = readSettings(options);
  const { base, clock, now } = settings;
  const { timeout = 10, endpoints = {} } = options;
  if (!(typeof timeout === "number" && timeout > 0 && timeout <= 600)) {
    throw argumentError('"options.timeout"', "must be a number of seconds up to 600");
  }
  const fetch = fetchOrGlobal(options.fetch);
  const requestTokenUrl = endpoint(
    base,
    endpoints.requestToken ?? "/plugins/servlet/oauth/request-token",
    "requestToken",
  );
  const authorizeUrl = endpoint(base, endpoints.authorize ?? "/plugins/servlet/oauth/authorize", "authorize");
  const accessTokenUrl = endpoint(base, endpoints.accessToken ?? "/plugins/servlet/oauth/access-token", "accessToken");

  /** One step: a POST without body, signed; a second time when only the clock was wrong. */
  async function post(
    url: URL,
    extra: readonly Parameter[],
    tokenSecret: string,
    call: CallOptions = {},
  ): Promise<string> {
    for (let first = true; ; first = false) {
      const { header, timestamp } = await authorize({ method: "POST", url }, settings, extra, tokenSecret);
      const init = { method: "POST", headers: { authorization: header } };
      const { boundedFetch } = await import("../bounded-fetch.ts");
      const answer = await boundedFetch(url.href, init, { fetch, timeout, maxBytes: MAX_BYTES, signal: call.signal });
      if ("failure" in answer) throw badResponse(...FAILURES[answer.failure](answer.status));
      const { status, headers } = answer;
      const body = decodeUtf8Lossy(answer.body);
      if (status === 200) return body;
      const report = readReport(headers.get("www-authenticate"), body);
      if (report === undefined)
        throw badResponse("token endpoint refused without saying why", { status, ...hintFor(status) });
      if (!first || !clock.correct(report, headers.get("date"), timestamp)) throw problemError(report, status);
    }
  }

  return Object.freeze<OAuth1Consumer>({
    async requestToken({ callback, ...call }) {
      checkCallback(callback);
      return parseRequestToken(await post(requestTokenUrl, [["oauth_callback", callback]], "", call));
    },
    authorizeUrl(requestToken) {
      return `${authorizeUrl.href}?oauth_token=${encodePercent(readToken(requestToken, "requestToken").token)}`;
    },
    parseCallback(url, requestToken) {
      return { verifier: readCallback(String(url), readToken(requestToken, "requestToken").token) };
    },
    async accessToken(requestToken, verifier, call) {
      const { token, tokenSecret } = readToken(requestToken, "requestToken");
      requireWellFormed(verifier, '"verifier"');
      if (verifier === "") throw argumentError('"verifier"', "must not be empty");
      checkConsent(verifier);
      const extra: Parameter[] = [
        ["oauth_token", token],
        ["oauth_verifier", verifier],
      ];
      return parseAccessToken(await post(accessTokenUrl, extra, tokenSecret, call), now());
    },
    async renew(accessToken, call) {
      const { token, tokenSecret } = readToken(accessToken, "accessToken");
      const { sessionHandle } = accessToken;
      requireWellFormed(sessionHandle, '"accessToken.sessionHandle"');
      const extra: Parameter[] = [
        ["oauth_token", token],
        ["oauth_session_handle", sessionHandle],
      ];
      return parseAccessToken(await post(accessTokenUrl, extra, tokenSecret, call), now());
    },
    signer: (accessToken) => signerOf(settings, accessToken),
  });
}

/** A path below the base. Joined as text: a URL parser would drop the base's own path. */
function endpoint(base: URL, path: unknown, name: string): URL {
  const label = `"options.endpoints.${name}"`;
  if (typeof path !== "string") throw argumentError(label, "must be a string", "ERR_INVALID_ARG_TYPE");
  const url = new URL(`${base.origin}${basePathOf(base)}${path}`);
  if (!path.startsWith("/") || !isWithin(base, url) || url.search !== "" || url.hash !== "") {
    throw argumentError(label, "must be a path that starts with a slash");
  }
  return url;
}

function checkCallback(callback: unknown): void {
  if (callback === "oob") return;
  if (typeof callback !== "string" || !/^https?:\/\//i.test(callback) || parseUrl(callback) === undefined) {
    throw argumentError('"options.callback"', 'must be "oob" or an absolute http or https URL');
  }
}

/** The callback's query, from a URL or a bare target. */
function readCallback(url: string, token: string): string {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? "";
  const parameters = uniqueParameters(parseParameters(query), "callback");
  const problem = readReport(null, query);
  if (problem !== undefined) throw problemError(problem, 401);
  const theirs = parameters.get("oauth_token") ?? "";
  if (!equalBytes(encodeUtf8(token), encodeUtf8(theirs))) {
    throw badResponse("callback is for another request token", {
      hint: "the user opened the page of an earlier try, or somebody else's: start again",
    });
  }
  const verifier = parameters.get("oauth_verifier") ?? "";
  if (verifier === "")
    throw badResponse('callback lacks "oauth_verifier"', { hint: "the server does not speak OAuth 1.0a" });
  checkConsent(verifier);
  return verifier;
}

/** Data Center says with this word in place of a code that the user refused. */
function checkConsent(verifier: string): void {
  if (verifier === "denied") throw problemError({ problem: "permission_denied" });
}

type Failure = [message: string, facts: { status?: number; hint?: string }];

const FAILURES: Readonly<Record<BoundedFailure["failure"], (status: number | undefined) => Failure>> = {
  network: () => [
    "token endpoint could not be reached",
    { hint: "check the address, the network and the certificate" },
  ],
  timeout: () => ["token endpoint did not answer in time", {}],
  redirect: (status = 0) => [
    "token endpoint answered with a redirect, which is not followed",
    {
      status,
      hint: '"options.baseUrl" must be the address that the server calls its own: scheme, host and context path',
    },
  ],
  "too-large": (status = 0) => ["token answer is too large", { status }],
};

function hintFor(status: number): { hint?: string } {
  if (status === 404)
    return { hint: 'no such endpoint: "options.baseUrl" lacks the context path, or the server has no OAuth 1.0a' };
  if (status >= 500) return { hint: "the server is in trouble, or a proxy before it" };
  return {};
}
