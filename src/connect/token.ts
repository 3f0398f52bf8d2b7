/**
 * The token that an app puts on its requests to a product.
 */
import { webEngine } from "../crypto/engine.ts";
import type { MacEngine } from "../crypto/engine.ts";
import { SecretKey, secretKey } from "../crypto/keys.ts";
import { argumentError, OriginError, requireText, requireType } from "../errors.ts";
import { basePathOf, isWithin, readBaseUrl } from "../http.ts";
import type { JwtClaims } from "../jwt/claims.ts";
import { checkClaimTypes, readClock } from "../jwt/claims.ts";
import { optionalFunction, ownOptions, seconds } from "../jwt/options.ts";
import { signJwtWith } from "../jwt/sign.ts";
import { hashTarget } from "../qsh/hash.ts";
import { readQshOptions, readTargetBy } from "../qsh/request.ts";
import type { QshRequest, TargetRules } from "../qsh/request.ts";
import type { WebRequest, WebUrl } from "../types.ts";
import { checkEngine } from "./engine.ts";
import { hasFormBody, readFormBody } from "./form-body.ts";

/** Claims that an app may add: all but those that the signer sets. */
export interface ExtraClaims extends JwtClaims {
  readonly iss?: never;
  readonly sub?: never;
  readonly qsh?: never;
  readonly iat?: never;
  readonly exp?: never;
}

/** Options of {@link signConnectToken} and everything that signs as an app. */
export interface ConnectTokenOptions {
  /** The app's key from its descriptor: the token's issuer. Not the tenant's `clientKey`. */
  appKey: string;
  /** The tenant's shared secret, verbatim, or a key made of it once. */
  sharedSecret: string | SecretKey;
  /** Where the product lives, context path included: `https://example.atlassian.net/wiki`. */
  baseUrl: string | WebUrl;
  /** Seconds until the token expires, 1 to 3600; 180 unless told. */
  lifetime?: number;
  /** The `sub` claim. Bitbucket wants the tenant's `clientKey` here; Jira and Confluence want none. */
  subject?: string;
  /** Further claims, for example `aud`. */
  claims?: ExtraClaims;
  /** What computes the HMAC: WebCrypto unless told; `syncEngine` of `jwt-qsh/sync` saves a thread hop per request. */
  engine?: MacEngine;
  /** Weakens security: lets the shared secret be shorter than 32 bytes. */
  allowShortSecret?: boolean;
  /** Weakens security: lets `baseUrl` be http on a host that is not this machine. */
  unsafeHttp?: boolean;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

/** Where a product lives. */
export interface Site {
  readonly base: URL;
  /** What a URL begins with that needs no parsing to be known as within. */
  readonly prefix: string;
  readonly rules: TargetRules;
}

/** Checked options. */
export interface TokenSettings {
  readonly issuer: string;
  readonly key: SecretKey;
  readonly site: Site;
  readonly lifetime: number;
  readonly claims: JwtClaims | undefined;
  readonly engine: MacEngine;
  readonly now: () => number;
}

const SET_BY_SIGNER = ["iss", "sub", "qsh", "iat", "exp"] as const;

/** Checks the options once, at the door. */
export function readTokenOptions(options: ConnectTokenOptions): TokenSettings {
  const own = ownOptions(options);
  const {
    appKey, sharedSecret, subject, claims = {}, lifetime = 180, engine = webEngine, allowShortSecret = false, now,
  } = own;
  requireText(appKey, '"options.appKey"');
  if (subject !== undefined) requireText(subject, '"options.subject"');
  requireType(claims, "object", '"options.claims"');
  for (const name of SET_BY_SIGNER) {
    if (Object.hasOwn(claims, name)) throw argumentError('"options.claims"', `must not hold "${name}", which is set by the signer`);
  }
  checkClaimTypes(claims);
  seconds(1, 3600)(lifetime, '"options.lifetime"');
  checkEngine(engine);
  optionalFunction(now, '"options.now"');
  const key = sharedSecret instanceof SecretKey ? sharedSecret : secretKey(sharedSecret, { allowShortSecret });
  if (key.algorithm.name !== "HS256") throw argumentError('"options.sharedSecret"', "must be an HS256 key");
  return {
    issuer: appKey,
    key,
    site: readSite(own),
    lifetime,
    claims: subject === undefined ? own.claims : { sub: subject, ...claims },
    engine,
    now: () => readClock(now),
  };
}

/**
 * Signs the token of one request to a product, without the request.
 *
 * For clients that build requests of their own; where `fetch` is at hand, `createSignedFetch` with
 * `createConnectSigner` does more. The token is bound to method, path and query, and to the pairs of a form body: pass
 * the URL that goes on the wire.
 *
 * @example
 * ```ts
 * import { signConnectToken } from "jwt-qsh/connect";
 *
 * const url = "https://example.atlassian.net/rest/api/3/myself";
 * const token = await signConnectToken(
 *   { method: "GET", url },
 *   { appKey: "com.example.app", sharedSecret, baseUrl: "https://example.atlassian.net" },
 * );
 * await fetch(url, { headers: { authorization: `JWT ${token}` } });
 * ```
 *
 * @param request a fetch `Request`, or method, URL and form
 * @throws {OriginError} ERR_ORIGIN_NOT_ALLOWED when the URL is outside the origin and path of `baseUrl`
 * @throws {KeyError} ERR_KEY_INVALID for a secret that must not be used
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options or a request that make no sense
 * @see https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/
 */
export async function signConnectToken(request: QshRequest | WebRequest, options: ConnectTokenOptions): Promise<string> {
  requireType(request, "object", '"request"');
  return await signToken(request, readTokenOptions(options));
}

/** {@link signConnectToken} with checked options. */
export async function signToken(request: QshRequest | WebRequest, settings: TokenSettings): Promise<string> {
  const url = onWire(request.url, settings.site);
  const form = "clone" in request ? (hasFormBody(request) ? await readFormBody(request) : undefined) : ownForm(request);
  const bound: QshRequest = form === undefined ? { method: request.method, url } : { method: request.method, url, form };
  const { issuer: iss, claims: extra } = settings;
  const qsh = hashTarget(readTargetBy(bound, settings.site.rules));
  const iat = Math.floor(settings.now());
  const exp = iat + settings.lifetime;
  // Without a spread where there is nothing to spread: with it the object takes as long as the hash.
  const claims: JwtClaims = extra === undefined ? { iss, qsh, iat, exp } : { iss, ...extra, qsh, iat, exp };
  return await signJwtWith(settings.engine, claims, settings.key);
}

/** The form, by an own member: a polluted prototype must not change what is signed. */
function ownForm(request: QshRequest): QshRequest["form"] {
  return Object.hasOwn(request, "form") ? request.form : undefined;
}

let lastSite: { readonly baseUrl: string; readonly site: Site } | undefined;

/** Reads the base URL, which is mostly the same text as the last time: to parse it takes longer than to sign. */
function readSite(options: ConnectTokenOptions): Site {
  const { baseUrl } = options;
  if (lastSite !== undefined && lastSite.baseUrl === baseUrl) return lastSite.site;
  const base = readBaseUrl(baseUrl, '"options.baseUrl"', options);
  const site = { base, prefix: `${base.origin}${basePathOf(base)}/`, rules: readQshOptions({ baseUrl: base }) };
  // One that needs permission is read anew, with the permission.
  if (typeof baseUrl === "string" && base.protocol === "https:") lastSite = { baseUrl, site };
  return site;
}

/** What `fetch` sends as it is written: nothing in it is escaped, cut off or resolved by the URL parser. */
const PLAIN = /^[\w.~:/?@!$&()*+,;=%-]*$/;

/** The URL as `fetch` sends it. A raw target is joined to the base as text. */
export function onWire(url: string | WebUrl, { base, prefix }: Site): string {
  const text: unknown = typeof url === "string" ? url : (url as Partial<WebUrl> | null | undefined)?.href;
  if (typeof text !== "string") throw argumentError('"request.url"', "must be a string or a URL", "ERR_INVALID_ARG_TYPE");
  if (text.startsWith(prefix) && PLAIN.test(text) && !text.includes("/.") && !text.includes("/%2")) return text;
  let absolute: URL;
  try {
    absolute = new URL(text.startsWith("/") ? base.origin + text : text);
  } catch {
    throw argumentError('"request.url"', "must be an absolute URL or start with a slash");
  }
  if (!isWithin(base, absolute)) throw new OriginError();
  return absolute.href;
}
