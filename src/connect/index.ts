/**
 * `jwt-qsh/connect`: sign as an app, and verify what products send to one.
 */
export { createConnectSigner, signUrl } from "./signer.ts";
export type { SignUrlOptions } from "./signer.ts";
export { signConnectToken } from "./token.ts";
export type { ConnectTokenOptions, ExtraClaims } from "./token.ts";
