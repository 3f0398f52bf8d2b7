/**
 * The request to a token endpoint (RFC 7523 section 2.1).
 */
import { argumentError, requireType } from "../errors.ts";
import { ownOptions } from "../jwt/options.ts";
import type { WebRequest, WebUrl } from "../types.ts";
import { readServer } from "./assertion.ts";
import { readUpperScopes } from "./scopes.ts";

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** Options of {@link buildTokenRequest}. */
export interface TokenRequestOptions {
  /** The authorization server, which is also the assertion's audience. */
  authorizationServer: string | WebUrl;
  /** What to ask for: `READ`, `WRITE` and so on; all that the app may have unless told. */
  scopes?: readonly string[];
  /** Weakens security: lets the server be http on a host that is not this machine. */
  unsafeHttp?: boolean;
}

/** A request in its parts: a bounded fetch sets the rest. */
export interface TokenRequest {
  readonly url: string;
  readonly init: { readonly method: "POST"; readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

/**
 * Builds the request that exchanges an assertion for an access token.
 *
 * Scopes are upper-cased, said once each, and joined by a space, which a form writes as `+`. (golang.org/x/oauth2/jira
 * joins them by a plus that is then encoded: the server sees one scope that it does not know.)
 *
 * @example
 * ```ts
 * import { buildTokenRequest } from "jwt-qsh/oauth2";
 *
 * const authorizationServer = "https://oauth-2-authorization-server.services.atlassian.com";
 * const response = await fetch(buildTokenRequest(assertion, { authorizationServer, scopes: ["read", "write"] }));
 * ```
 *
 * @param assertion made by {@link buildUserAssertion}
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for an assertion that is no compact JWS, for scopes
 *   that the wire cannot carry, and for a server that is not https
 * @see RFC 7523 section 2.1
 */
export function buildTokenRequest(assertion: string, options: TokenRequestOptions): WebRequest {
  requireType(assertion, "string", '"assertion"');
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(assertion)) throw argumentError('"assertion"', "must be a signed compact JWS");
  const own = ownOptions(options);
  const { url, init } = userTokenRequest(assertion, readServer(own), readUpperScopes(own.scopes, '"options.scopes"'));
  return new Request(url, { ...init, redirect: "manual" });
}

/** The same of checked parts. */
export function userTokenRequest(assertion: string, server: string, scopes: readonly string[] | undefined): TokenRequest {
  return formRequest(`${server}/oauth2/token`, { grant_type: JWT_BEARER, assertion }, scopes);
}

/** A token request of any grant. */
export function formRequest(
  url: string,
  fields: Readonly<Record<string, string>>,
  scopes: readonly string[] | undefined,
): TokenRequest {
  const form = new URLSearchParams(fields);
  if (scopes !== undefined) form.set("scope", scopes.join(" "));
  const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
  return { url, init: { method: "POST", headers, body: form.toString() } };
}
