/**
 * `jwt-qsh/oauth2`: act as a user, with access tokens that renew themselves.
 *
 * @module jwt-qsh/oauth2
 */
export { buildUserAssertion } from "./assertion.ts";
export type { UserAssertionOptions, UserGrantOptions, UserInstallation } from "./assertion.ts";
export { createBearerSigner } from "./bearer-signer.ts";
export { createBitbucketTokenSource } from "./bitbucket.ts";
export type { BitbucketTokenSourceOptions } from "./bitbucket.ts";
export { denoKvTokenCache } from "./caches/deno-kv.ts";
export type { DenoKvLike } from "./caches/deno-kv.ts";
export { durableTokenCache } from "./caches/durable.ts";
export type { DurableNamespaceLike } from "./caches/durable.ts";
export { kvTokenCache } from "./caches/kv.ts";
export type { KvNamespaceLike } from "./caches/kv.ts";
export { TokenCacheObject } from "./caches/token-cache-object.ts";
export type { DurableStateLike } from "./caches/token-cache-object.ts";
export { unstorageTokenCache } from "./caches/unstorage.ts";
export type { UnstorageLike } from "./caches/unstorage.ts";
export { buildTokenRequest } from "./exchange.ts";
export type { TokenRequestOptions } from "./exchange.ts";
export { parseTokenResponse } from "./token-response.ts";
export type { AccessToken, TokenResponseOptions } from "./token-response.ts";
export type { GetTokenOptions, TokenSource } from "./token-source.ts";
export type { TokenCache } from "../types.ts";
export { createUserTokenSource } from "./user-token-source.ts";
export type { UserTokenSourceOptions } from "./user-token-source.ts";
