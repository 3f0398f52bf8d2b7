/**
 * Signs requests with an access token.
 */
import { OriginError } from "../errors.ts";
import { isWithin } from "../http.ts";
import type { RequestSigner, WebRequest, WebResponse } from "../types.ts";
import { readAuthorization } from "./authorization.ts";
import { readFormBody } from "./form-body.ts";
import { readBeginning, readReport } from "./problem.ts";
import { authorize, readSettings, readToken } from "./settings.ts";
import type { OAuth1Options, OAuth1Token, Settings } from "./settings.ts";

/** Options of {@link createOAuth1Signer}. */
export interface OAuth1SignerOptions extends OAuth1Options {
  /** The access token. An empty `token` signs for the consumer alone (two-legged), where the server allows that. */
  token: OAuth1Token;
}

/**
 * Makes a signer that puts an `Authorization: OAuth` header on each request.
 *
 * A form body is signed with the query. Each call signs with a fresh timestamp and nonce; requests outside the origin
 * and path of `baseUrl` are refused (ERR_ORIGIN_NOT_ALLOWED), so that no signature travels elsewhere. When the server
 * refuses the timestamp, the signer sets its clock by the server's, and remembers.
 *
 * @example
 * ```ts
 * import { createOAuth1Signer } from "jwt-qsh/oauth1";
 * import { createSignedFetch } from "jwt-qsh/fetch";
 *
 * const baseUrl = "https://jira.example.com";
 * const sign = createOAuth1Signer({ baseUrl, consumerKey: "my-consumer", privateKey: pem, token });
 * const jira = createSignedFetch({ baseUrl, sign });
 * const me = await (await jira("/rest/api/2/myself")).json();
 * ```
 *
 * @throws {KeyError} ERR_KEY_INVALID for a key that cannot be used
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 * @see RFC 5849 section 3
 */
export function createOAuth1Signer(options: OAuth1SignerOptions): RequestSigner {
  const settings = readSettings(options);
  return signerOf(settings, options.token);
}

/** A signer that shares its settings, and so its clock, with others. */
export function signerOf(settings: Settings, accessToken: OAuth1Token): RequestSigner {
  const { token, tokenSecret } = readToken(accessToken, "options.token");

  async function sign(request: WebRequest): Promise<WebRequest> {
    const url = new URL(request.url);
    if (!isWithin(settings.base, url)) throw new OriginError();
    const form = await readFormBody(request);
    const signable = { method: request.method, url, ...(form !== undefined && { form }) };
    const { header } = await authorize(signable, settings, [["oauth_token", token]], tokenSecret);
    const signed = new Request(request);
    signed.headers.set("authorization", header);
    return signed;
  }

  async function retry(response: WebResponse, request: WebRequest): Promise<boolean> {
    if (response.status !== 400 && response.status !== 401) return false;
    const report = readReport(response.headers.get("www-authenticate"), await readBeginning(response));
    if (report === undefined) return false;
    const parameters = readAuthorization(request.headers.get("authorization") ?? "") ?? [];
    const sent = Number(parameters.find(([name]) => name === "oauth_timestamp")?.[1]);
    return settings.clock.correct(report, response.headers.get("date"), sent);
  }

  return Object.assign(sign, { retry });
}
