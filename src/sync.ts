/**
 * `jwt-qsh/sync`: the synchronous twins for hot paths. HS256 only.
 *
 * @module jwt-qsh/sync
 */
export { syncEngine } from "./crypto/engine.ts";
export type { MacEngine, SyncMacEngine } from "./crypto/engine.ts";
export { signJwtSync, verifyJwtSync } from "./jwt/sync.ts";
