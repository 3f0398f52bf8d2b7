/**
 * Atlassian, played by a pure `fetch` handler, for tests and demos.
 *
 * @module jwt-qsh/testing
 */
export { createFakeHost } from "./host.ts";
export type { FakeHost, FakeHostOptions } from "./host.ts";
export type { IssuedToken } from "./access-tokens.ts";
export type { AppCallOptions, AppCalls, IframeOptions, QueryParameters, WebhookOptions } from "./app-calls.ts";
export type { AuthorizationControls, Exchange } from "./authorization-server.ts";
export type { FakePage } from "./confluence.ts";
export type { ConnectTokenOptions, ConnectTokens } from "./connect-tokens.ts";
export { createFakeDataCenter } from "./data-center.ts";
export type { FakeDataCenter, FakeDataCenterOptions } from "./data-center.ts";
export type { FakeLicense } from "./data-center-routes.ts";
export type { FakeEndpoints, FakeEnvironment } from "./endpoints.ts";
export type { Fault } from "./faults.ts";
export type { ForgePlatform, ForgeRequestOptions, InvocationTokenOptions } from "./forge.ts";
export type { TokenForgery } from "./forgery.ts";
export { installationStoreSuite } from "./installation-store-suite.ts";
export type { StoreCase } from "./installation-store-suite.ts";
export type { Judgement } from "./judgement.ts";
export type { Lifecycle, LifecycleEvent, LifecycleOptions } from "./lifecycle.ts";
export type { NetworkControls, Traffic } from "./network.ts";
export type { OAuth1ProblemName } from "./oauth1-problem.ts";
export type { Consent } from "./oauth1-provider.ts";
export type { BaseStringQuirks, Pair } from "./oauth1-request.ts";
export type { OAuth1Credentials, OAuth1SignatureMethod } from "./oauth1-signature.ts";
export type { FakeAccessToken, FakeConsumer, FakeRequestToken } from "./oauth1-store.ts";
export type { DataCenterQuirks } from "./oauth1-verifier.ts";
export type { FakeApp, FakeInstallation, FakeProduct, InstallOptions } from "./registry.ts";
export type { FakeUser } from "./users.ts";
