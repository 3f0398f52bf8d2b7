/**
 * `jwt-qsh/stores`: where the tenants are kept. Every platform's store is taken by its shape; none is imported.
 *
 * @module jwt-qsh/stores
 */
export { cachedInstallations } from "./cached.ts";
export type { CachedInstallationsOptions } from "./cached.ts";
export { denoKvInstallations } from "./deno-kv.ts";
export type { DenoKvLike } from "./deno-kv.ts";
export { durableInstallations } from "./durable.ts";
export type { DurableNamespaceLike } from "./durable.ts";
export { encryptedInstallations } from "./encrypted.ts";
export type { EncryptionSecret } from "./encrypted.ts";
export { InstallationsObject } from "./installations-object.ts";
export type { DurableStateLike } from "./installations-object.ts";
export { kvInstallations } from "./kv.ts";
export type { KvNamespaceLike } from "./kv.ts";
export { sqlInstallations, sqlInstallationsSchema } from "./sql.ts";
export type { SqlDatabaseLike, SqlInstallationsOptions } from "./sql.ts";
export { unstorageInstallations } from "./unstorage.ts";
export type { UnstorageLike } from "./unstorage.ts";
