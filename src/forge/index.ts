/**
 * `jwt-qsh/forge`: verify what the Forge platform sends to a remote.
 *
 * @module jwt-qsh/forge
 */
export type { ForgeApp, ForgeClaims, ForgeContext } from "./claims.ts";
export { createForgeVerifier } from "./invocation.ts";
export type { ForgeEnvironment, ForgeIdentity, ForgeTrace, ForgeVerifierOptions } from "./invocation.ts";
export type { OpaqueToken } from "./opaque-token.ts";
