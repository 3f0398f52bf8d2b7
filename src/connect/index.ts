/**
 * `jwt-qsh/connect`: sign as an app, and verify what products send to one.
 *
 * @module jwt-qsh/connect
 */
export { createConnectSigner, signUrl } from "./signer.ts";
export type { SignUrlOptions } from "./signer.ts";
export { signConnectToken } from "./token.ts";
export type { ConnectTokenOptions, ExtraClaims } from "./token.ts";
export type {
  ConfluenceContext,
  ConnectClaims,
  ConnectContext,
  ConnectUser,
  ContextClaims,
  InstalledPayload,
  JiraContext,
  LifecycleClaims,
  LifecycleEvent,
  LifecyclePayload,
  RequestClaims,
  SessionClaims,
} from "./claims.ts";
export { explainToken } from "./explain.ts";
export type {
  ExplainTokenContext,
  FindingLevel,
  SeenKind,
  TokenExplanation,
  TokenFinding,
  TokenFindingCode,
  TokenTimes,
} from "./explain.ts";
export type {
  ConnectIdentity,
  ContextIdentity,
  IdentityByKind,
  LifecycleIdentity,
  RequestIdentity,
  SessionIdentity,
  TenantIdentity,
  TokenKind,
} from "./identity.ts";
export { memoryInstallations } from "./installations.ts";
export type { MemoryInstallations } from "./installations.ts";
export type { ConnectEnvironment } from "./key-servers.ts";
export { createLifecycleHandler } from "./lifecycle-handler.ts";
export type { LifecycleHandlerOptions } from "./lifecycle-handler.ts";
export { createLifecycleVerifier } from "./lifecycle.ts";
export type { LifecycleIdentities, LifecycleVerifierOptions } from "./lifecycle.ts";
export { qshPeers } from "./peers.ts";
export { memoryReplayGuard } from "./replay.ts";
export type { MemoryReplayGuardOptions } from "./replay.ts";
export { signSessionToken } from "./session.ts";
export type { SessionExtraClaims, SessionTokenOptions } from "./session.ts";
export { createConnectVerifier } from "./verifier.ts";
export type { ConnectVerifierOptions } from "./verifier.ts";
