import type { TokenCache } from "../../types.ts";

/** The part of an unstorage `Storage` that is used. */
export interface UnstorageLike {
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: string, options?: { ttl?: number }): Promise<void>;
  removeItem(key: string): Promise<void>;
}

/**
 * Keeps tokens in an unstorage `Storage`, over any of its drivers.
 *
 * There is no lock: processes that are cold at the same time make an exchange each. Drivers that know no time to live
 * keep the sealed value until it is written again; a token that has expired is never handed out.
 *
 * @example
 * ```ts
 * import { unstorageTokenCache } from "jwt-qsh/oauth2";
 *
 * const cache = unstorageTokenCache(storage); // createStorage() of unstorage
 * ```
 */
export function unstorageTokenCache(storage: UnstorageLike): TokenCache {
  return {
    async get(key) {
      const value = await storage.getItem(key);
      return typeof value === "string" ? value : undefined;
    },
    set: (key, value, ttl) => storage.setItem(key, value, { ttl: Math.floor(ttl) }),
    delete: (key) => storage.removeItem(key),
  };
}
