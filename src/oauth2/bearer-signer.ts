/**
 * Puts access tokens on requests (RFC 6750 section 2.1).
 */
import { argumentError } from "../errors.ts";
import type { RequestSigner, WebRequest, WebResponse } from "../types.ts";
import type { TokenSource } from "./token-source.ts";

/**
 * Makes a signer that puts a source's access token on each request.
 *
 * A 401 makes `createSignedFetch` send once more, with a new token, when the body can be sent twice. A token that lacks
 * a scope is not thrown away: the next would lack it too. The caller's own `Authorization` is overwritten; tokens stay
 * within the origin and path that the fetch is locked to.
 *
 * @example
 * ```ts
 * import { createSignedFetch } from "jwt-qsh/fetch";
 * import { createBearerSigner } from "jwt-qsh/oauth2";
 *
 * const jira = createSignedFetch({ baseUrl: "https://example.atlassian.net", sign: createBearerSigner(source) });
 * ```
 *
 * @param source made by `createUserTokenSource` or `createBitbucketTokenSource`, or anything of that shape
 * @throws {TypeError} ERR_INVALID_ARG_TYPE when `source` is none. The returned signer rejects as the source does
 */
export function createBearerSigner(source: TokenSource): RequestSigner {
  const given: Partial<TokenSource> | null | undefined = source;
  if (typeof given?.getToken !== "function" || typeof given.invalidate !== "function") {
    throw argumentError('"source"', 'must have the methods "getToken" and "invalidate"', "ERR_INVALID_ARG_TYPE");
  }

  async function sign(request: WebRequest): Promise<WebRequest> {
    const { accessToken } = await source.getToken({ signal: request.signal }).catch(async (error: unknown) => {
      // Nobody else will read it: a stream that feeds it must learn that it is over.
      if (!request.bodyUsed) await request.body?.cancel(error);
      throw error;
    });
    const signed = new Request(request);
    signed.headers.set("authorization", `Bearer ${accessToken}`);
    return signed;
  }

  async function retry(response: WebResponse, request: WebRequest): Promise<boolean> {
    if (response.status !== 401) return false;
    const { isAboutScope } = await import("./scope-refusal.ts");
    if (await isAboutScope(response)) return false;
    const [, accessToken] = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
    if (accessToken === undefined) return false;
    await source.invalidate(accessToken);
    return true;
  }

  return Object.assign(sign, { retry });
}
