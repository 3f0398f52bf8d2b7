/**
 * A `fetch` that signs.
 */
import { argumentError, OriginError, requireType } from "../errors.ts";
import { basePathOf, fetchOrGlobal, isWithin, readBaseUrl } from "../http.ts";
import type { FetchLike, RequestSigner, WebRequest, WebRequestInit, WebResponse, WebUrl } from "../types.ts";
import { firstAttempt, redirectAttempt } from "./attempt.ts";
import type { Attempt } from "./attempt.ts";
import { peek } from "./peek.ts";

/** Options of {@link createSignedFetch}. */
export interface SignedFetchOptions {
  /** The site, context path included. Nothing outside its origin and path is requested. */
  baseUrl: string | WebUrl;
  /** What proves who we are: made by `createConnectSigner`, `createBearerSigner` or `createOAuth1Signer`. */
  sign: RequestSigner;
  /** The fetch underneath; the global one unless told. */
  fetch?: FetchLike;
  /** Weakens security: lets `baseUrl` be http on a host that is not this machine. */
  unsafeHttp?: boolean;
}

/** A `fetch`: same arguments, same result. */
export type SignedFetch = (input: string | WebUrl | WebRequest, init?: WebRequestInit) => Promise<WebResponse>;

/** As many as browsers follow. */
const MAX_REDIRECTS = 20;

/**
 * Makes a `fetch` that signs each request and is locked to one site.
 *
 * It takes what `fetch` takes and answers what `fetch` answers. A relative reference is appended to the path of
 * `baseUrl`, so that a context path such as `/wiki` stays; an absolute URL is used as it is, and refused outside the
 * origin and path of `baseUrl`. A redirect is followed inside that lock, signed anew, and returned as it is when it
 * leads outside (in browsers always: they do not show where it leads). When the signer sees in a refusal that another
 * try makes sense, the request is signed and sent once more; a body that is a stream is never sent twice.
 *
 * @example
 * ```ts
 * import { createConnectSigner } from "jwt-qsh/connect";
 * import { createSignedFetch } from "jwt-qsh/fetch";
 *
 * const baseUrl = "https://example.atlassian.net";
 * const sign = createConnectSigner({ appKey: "com.example.app", sharedSecret, baseUrl });
 * const jira = createSignedFetch({ baseUrl, sign });
 * const response = await jira("/rest/api/3/search?jql=project%20%3D%20ABC");
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense. The returned
 *   function rejects with an {OriginError} ERR_ORIGIN_NOT_ALLOWED for a URL outside the lock, and as `fetch` and the
 *   signer do
 */
export function createSignedFetch(options: SignedFetchOptions): SignedFetch {
  requireType(options, "object", '"options"');
  // Own members alone: a polluted prototype must not choose who gets the requests.
  const { baseUrl, sign, fetch, unsafeHttp = false } = { __proto__: null, ...options } as SignedFetchOptions;
  requireType(sign, "function", '"options.sign"');
  const base = readBaseUrl(baseUrl, '"options.baseUrl"', { unsafeHttp });
  const send = fetchOrGlobal(fetch);

  return async function signedFetch(input, init) {
    let attempt = firstAttempt(input, resolveReference(input, base), init);
    for (let redirects = 0; ; redirects++) {
      const response = await sendSigned(attempt, base, sign, send);
      const next = redirects < MAX_REDIRECTS ? redirectAttempt(attempt, response, (url) => isWithin(base, url)) : undefined;
      if (next === undefined) return response;
      drop(response);
      attempt = next;
    }
  };
}

/** Signs and sends; after a refusal that the signer could mend, once more. */
async function sendSigned(attempt: Attempt, base: URL, sign: RequestSigner, send: FetchLike): Promise<Response> {
  const signed = await signWithin(attempt, base, sign);
  const response = await send(signed);
  const { status } = response;
  // No copy can be made of a status beyond 599, and no server that could be understood answers with one.
  if (sign.retry === undefined || status < 400 || status > 599) return response;
  const refusal = peek(response);
  try {
    if (!(await sign.retry(refusal.response, signed)) || !attempt.replayable) return response;
  } finally {
    refusal.close();
  }
  drop(response);
  return send(await signWithin(attempt, base, sign));
}

/** Nobody reads it. Not awaited: a body that broke on its way rejects. */
function drop(response: Response): void {
  response.body?.cancel().catch(() => {});
}

async function signWithin(attempt: Attempt, base: URL, sign: RequestSigner): Promise<Request> {
  if (!isWithin(base, attempt.url)) throw new OriginError();
  const signed = await sign(await attempt.request());
  // A signer may write the URL anew; what it made must not leave either.
  if (!isWithin(base, new URL(signed.url))) throw new OriginError();
  return signed;
}

/** An absolute URL as it is; anything else behind the path of the base, as text. */
function resolveReference(input: string | WebUrl | WebRequest, base: URL): URL {
  const { href, url } = (typeof input === "string" ? { href: input } : input ?? {}) as { href?: unknown; url?: unknown };
  const text = href ?? url;
  if (typeof text !== "string") throw argumentError('"input"', "must be a string, a URL or a Request", "ERR_INVALID_ARG_TYPE");
  const separator = /^[/?#]/.test(text) || text === "" ? "" : "/";
  const isAbsolute = /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text);
  try {
    return new URL(isAbsolute ? text : base.origin + basePathOf(base) + separator + text);
  } catch {
    throw argumentError('"input"', "must be a URL or a relative reference");
  }
}
