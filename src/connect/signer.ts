/**
 * Signs requests, and URLs, as an app.
 */
import { argumentError } from "../errors.ts";
import { ownOptions } from "../jwt/options.ts";
import type { RequestSigner, WebRequest, WebResponse, WebUrl } from "../types.ts";
import { onWire, readTokenOptions, signToken } from "./token.ts";
import type { ConnectTokenOptions } from "./token.ts";

/** A clock that is off by less is within what products tolerate (30 s): then it is not the clock. */
const MIN_SKEW = 20;
/** A clock that is off by more is not skewed but wrong, or the answer's `Date` is. */
const MAX_SKEW = 86400;

/**
 * Makes a signer that puts a fresh token on each request to a product.
 *
 * The request is signed as it goes on the wire, and for a POST of a form its pairs too. Requests outside the origin
 * and path of `baseUrl` are refused, so that no token travels elsewhere. When a refusal shows that our clock is off,
 * the signer corrects itself by the server's `Date`, once per refusal.
 *
 * @example
 * ```ts
 * import { createConnectSigner } from "jwt-qsh/connect";
 * import { createSignedFetch } from "jwt-qsh/fetch";
 *
 * const baseUrl = "https://example.atlassian.net";
 * const sign = createConnectSigner({ appKey: "com.example.app", sharedSecret, baseUrl });
 * const jira = createSignedFetch({ baseUrl, sign });
 * const me = await (await jira("/rest/api/3/myself")).json();
 * ```
 *
 * @throws {KeyError} ERR_KEY_INVALID for a secret that must not be used
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 * @see https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/
 */
export function createConnectSigner(options: ConnectTokenOptions): RequestSigner {
  const settings = readTokenOptions(options);
  let offset = 0;
  // By request: one that was signed before the clock was corrected is refused for what it was signed with.
  const offsets = new WeakMap<WebRequest, number>();
  const corrected = { ...settings, now: () => settings.now() + offset };

  async function sign(request: WebRequest): Promise<WebRequest> {
    const used = offset;
    const token = await signToken(request, corrected);
    const signed = new Request(request);
    offsets.set(signed, used);
    signed.headers.set("authorization", `JWT ${token}`);
    return signed;
  }

  async function retry(response: WebResponse, request: WebRequest): Promise<boolean> {
    if (response.status !== 401) return false;
    const date = Date.parse(response.headers.get("date") ?? "") / 1000;
    const off = date - settings.now();
    const used = offsets.get(request) ?? offset;
    // Also false without a date: NaN compares with nothing.
    if (!(Math.abs(off - used) > MIN_SKEW && Math.abs(off) < MAX_SKEW)) return false;
    offset = off;
    return true;
  }

  return Object.assign(sign, { retry });
}

/** Options of {@link signUrl}. */
export interface SignUrlOptions extends ConnectTokenOptions {
  /** The method that the URL will be requested with; GET unless told. */
  method?: string;
}

/**
 * Puts a fresh token into a URL, as its `jwt` parameter.
 *
 * For links that a browser follows and downloads that no header can be set on. The URL is a credential until the token
 * expires: keep it out of logs, and its lifetime short.
 *
 * @example
 * ```ts
 * import { signUrl } from "jwt-qsh/connect";
 *
 * const baseUrl = "https://example.atlassian.net/wiki";
 * const link = await signUrl(`${baseUrl}/rest/api/content/42`, {
 *   appKey: "com.example.app",
 *   sharedSecret,
 *   baseUrl,
 *   lifetime: 60,
 * });
 * ```
 *
 * @param url absolute, or a target that starts with a slash
 * @throws {OriginError} ERR_ORIGIN_NOT_ALLOWED when the URL is outside the origin and path of `baseUrl`
 * @throws {KeyError} ERR_KEY_INVALID for a secret that must not be used
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense, or a URL that holds
 *   a `jwt` parameter already
 */
export async function signUrl(url: string | WebUrl, options: SignUrlOptions): Promise<string> {
  const settings = readTokenOptions(options);
  const target = new URL(onWire(url, settings.site));
  if (target.searchParams.has("jwt")) throw argumentError('"url"', 'must not hold a "jwt" parameter already');
  const { href } = target;
  const token = await signToken({ method: ownOptions(options).method ?? "GET", url: href }, settings);
  // As text: `searchParams.append` would write the whole query anew, and it is the query as it stands that was signed.
  // The sign itself is looked for: a `hash` that is empty has one too.
  const bare = href.split("#", 1)[0] as string;
  const separator = !bare.includes("?") ? "?" : /[?&]$/.test(bare) ? "" : "&";
  return `${bare}${separator}jwt=${token}${href.slice(bare.length)}`;
}
