/**
 * Atlassian, played by a pure `fetch` handler, for tests and demos.
 *
 * @module
 */
export { createFakeHost } from "./host.ts";
export type { FakeHost, FakeHostOptions } from "./host.ts";
export type { AppCallOptions, AppCalls, IframeOptions, QueryParameters, WebhookOptions } from "./app-calls.ts";
export type { FakePage } from "./confluence.ts";
export type { Judgement } from "./judgement.ts";
export type { FakeApp, FakeInstallation, FakeProduct, InstallOptions } from "./registry.ts";
export type { FakeUser } from "./users.ts";
