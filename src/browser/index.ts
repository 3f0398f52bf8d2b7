/**
 * `jwt-qsh/browser`: a page of an app within a product, and the token that proves who looks at it. Nothing here can
 * hold a shared secret.
 *
 * @module jwt-qsh/browser
 */
export { createContextTokenClient } from "./context-token-client.ts";
export type { ContextTokenClient, ContextTokenClientOptions, PageClaims } from "./context-token-client.ts";
export type { ContextHost } from "./host.ts";
