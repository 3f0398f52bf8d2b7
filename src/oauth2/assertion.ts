/**
 * The assertion of the JWT bearer grant (RFC 7523 section 3): this installation asks to act as that user.
 */
import { secretKey } from "../crypto/keys.ts";
import type { SecretKey } from "../crypto/keys.ts";
import { argumentError, requireText } from "../errors.ts";
import { hasControl } from "../encoding/printable.ts";
import { isWellFormed } from "../encoding/utf8.ts";
import { basePathOf, readBaseUrl } from "../http.ts";
import type { HttpOptions } from "../http.ts";
import { readClock } from "../jwt/claims.ts";
import { ownOptions } from "../jwt/options.ts";
import { signJwt } from "../jwt/sign.ts";
import type { Installation, WebUrl } from "../types.ts";
import { authorizationServerOf } from "./environments.ts";

/** The part of an installation that acts as a user: the payload of `installed` fits as it is. */
export type UserInstallation = Pick<Installation, "sharedSecret" | "baseUrl" | "oauthClientId">;

/** Who is asked for, and by whom. */
export interface UserGrantOptions {
  /** The tenant; `baseUrl` and `oauthClientId` must be there. Products send the latter to apps that may act as users. */
  installation: UserInstallation;
  /** The user's bare account id. */
  accountId?: string;
  /** The user's key, where the account id is not known. Atlassian has deprecated it; `accountId` wins. */
  userKey?: string;
  /** The authorization server: the assertion's audience. The one of the site's cloud unless told. */
  authorizationServer?: string | WebUrl;
  /** Weakens security: lets the shared secret be shorter than 32 bytes. */
  allowShortSecret?: boolean;
  /** Weakens security: lets the site and the server be http on a host that is not this machine. */
  unsafeHttp?: boolean;
}

/** Options of {@link buildUserAssertion}. */
export interface UserAssertionOptions extends UserGrantOptions {
  /** Seconds until the assertion expires: whole, 1 to 60; 59 unless told. */
  lifetime?: number;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

/** A checked {@link UserGrantOptions}. */
export interface UserGrant {
  readonly key: SecretKey;
  readonly issuer: string;
  readonly subject: string;
  /** The site, without a trailing slash. */
  readonly tenant: string;
  readonly authorizationServer: string;
}

const URN = "urn:atlassian:connect:";
const DEFAULT_LIFETIME = 59;
/** The server's own limit. */
const MAX_LIFETIME = 60;

/**
 * Signs the assertion that is exchanged for a user's access token.
 *
 * It is one of three pieces that can be used alone: sign the assertion, build the request with {@link
 * buildTokenRequest}, read the answer with {@link parseTokenResponse}. `createUserTokenSource` puts them together, with
 * a cache. Whatever the server could only refuse is refused here, before anything is sent.
 *
 * @example
 * ```ts
 * import { buildUserAssertion } from "jwt-qsh/oauth2";
 *
 * const installation = { baseUrl: "https://example.atlassian.net", oauthClientId: "client-id", sharedSecret };
 * const assertion = await buildUserAssertion({ installation, accountId: "5b10a2844c20165700ede21g" });
 * ```
 *
 * @param options.lifetime seconds, 59 unless told; the server accepts 60 at most
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense: no
 *   `oauthClientId`, a URN as `accountId`, an empty secret, a base URL that is not https
 * @throws {KeyError} ERR_KEY_INVALID for a secret that must not be used
 * @see https://developer.atlassian.com/cloud/jira/software/user-impersonation-for-connect-apps/
 */
export async function buildUserAssertion(options: UserAssertionOptions): Promise<string> {
  const grant = readUserGrant(options);
  const { lifetime = DEFAULT_LIFETIME, now } = ownOptions(options);
  if (!Number.isInteger(lifetime) || lifetime < 1 || lifetime > MAX_LIFETIME) {
    throw argumentError('"options.lifetime"', `must be 1 to ${MAX_LIFETIME} whole seconds`);
  }
  return signUserAssertion(grant, readClock(now), lifetime);
}

/** Signs for a checked grant. */
export function signUserAssertion(grant: UserGrant, now: number, lifetime: number = DEFAULT_LIFETIME): Promise<string> {
  const claims = { iss: grant.issuer, sub: grant.subject, tnt: grant.tenant, aud: grant.authorizationServer };
  return signJwt(claims, grant.key, { lifetime, now: () => now });
}

/** Checks the options once, at the door. */
export function readUserGrant(options: UserGrantOptions): UserGrant {
  const own = ownOptions(options);
  const { accountId, userKey, authorizationServer, allowShortSecret = false } = own;
  const { sharedSecret, baseUrl, oauthClientId } = ownOptions(own.installation, '"options.installation"');
  if (typeof sharedSecret !== "string" || sharedSecret === "") {
    throw argumentError('"options.installation.sharedSecret"', "must be the secret of the install, not empty");
  }
  if (oauthClientId === undefined) {
    throw argumentError(
      '"options.installation.oauthClientId"',
      "must be there: products send it when the app has the ACT_AS_USER scope and is installed again",
    );
  }
  const site = readBaseUrl(baseUrl, '"options.installation.baseUrl"', own);
  return {
    key: secretKey(sharedSecret, { allowShortSecret }),
    issuer: `${URN}clientid:${readName(oauthClientId, '"options.installation.oauthClientId"')}`,
    subject: readSubject(accountId, userKey),
    tenant: withoutSlash(site),
    authorizationServer: authorizationServer === undefined ? authorizationServerOf(site) : readServer(own),
  };
}

/** The base URL of an authorization server, without a trailing slash. */
export function readServer(options: HttpOptions & { authorizationServer?: unknown }): string {
  return withoutSlash(readBaseUrl(options.authorizationServer, '"options.authorizationServer"', options));
}

function readSubject(accountId: string | undefined, userKey: string | undefined): string {
  if (accountId !== undefined || userKey === undefined) {
    return `${URN}useraccountid:${readName(accountId, '"options.accountId"')}`;
  }
  return `${URN}userkey:${readName(userKey, '"options.userKey"')}`;
}

/** A bare id. White space around it, or a prefix, is how ids get mangled on their way. */
function readName(given: string | undefined, label: string): string {
  requireText(given, label);
  const value = given as string;
  if (/^urn:/i.test(value)) throw argumentError(label, 'must be the bare id, without "urn:atlassian:connect:..."');
  if (value !== value.trim() || hasControl(value) || !isWellFormed(value)) {
    throw argumentError(label, "must have no white space around it and no control characters");
  }
  return value;
}

function withoutSlash(url: URL): string {
  return url.origin + basePathOf(url);
}
