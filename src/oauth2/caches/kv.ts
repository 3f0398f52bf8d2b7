import type { TokenCache } from "../../types.ts";

/** The part of a Cloudflare KV namespace that is used. */
export interface KvNamespaceLike {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The shortest time to live that KV accepts, in seconds. */
const MIN_TTL = 60;

/**
 * Keeps tokens in Cloudflare KV.
 *
 * KV is eventually consistent and has no lock: isolates that are cold at the same time make an exchange each, all later
 * ones find the token. Where there must be exactly one, use {@link durableTokenCache}.
 *
 * @example
 * ```ts
 * import { kvTokenCache } from "jwt-qsh/oauth2";
 *
 * const cache = kvTokenCache(env.TOKENS);
 * ```
 */
export function kvTokenCache(namespace: KvNamespaceLike): TokenCache {
  return {
    get: async (key) => (await namespace.get(key)) ?? undefined,
    async set(key, value, ttl) {
      // A token with less to live is not worth a write, of which KV allows one per second and key.
      if (ttl >= MIN_TTL) await namespace.put(key, value, { expirationTtl: Math.floor(ttl) });
    },
    delete: (key) => namespace.delete(key),
  };
}
