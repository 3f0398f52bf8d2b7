import type { TokenCache, WebRequest, WebResponse } from "../../types.ts";
import { underLease } from "./lease.ts";

/** The part of a Durable Object namespace that is used. */
export interface DurableNamespaceLike<Id = unknown> {
  idFromName(name: string): Id;
  get(id: Id): { fetch(request: WebRequest): Promise<WebResponse> };
}

/** Where {@link TokenCacheObject} listens. No host is behind it: a stub takes a whole URL. */
const PLACE = "https://token-cache.invalid/";
const LOCK = "https://token-cache.invalid/lock";
const TTL = "x-ttl";

/**
 * Keeps tokens in Durable Objects, one per token, with a lock: however many isolates are cold at the same time, in
 * however many places, one makes the exchange.
 *
 * The namespace's class is {@link TokenCacheObject}, which the Worker exports.
 *
 * @example
 * ```ts
 * import { durableTokenCache } from "jwt-qsh/oauth2";
 *
 * export { TokenCacheObject } from "jwt-qsh/oauth2";
 *
 * const cache = durableTokenCache(env.TOKENS);
 * ```
 */
export function durableTokenCache<Id>(namespace: DurableNamespaceLike<Id>): TokenCache {
  async function ask(key: string, method: string, url: string = PLACE, init: RequestInit = {}): Promise<Response> {
    return namespace.get(namespace.idFromName(key)).fetch(new Request(url, { ...init, method }));
  }
  return {
    async get(key) {
      const response = await ask(key, "GET");
      const text = await response.text();
      return response.status === 200 ? text : undefined;
    },
    async set(key, value, ttl) {
      await (await ask(key, "PUT", PLACE, { body: value, headers: { [TTL]: `${ttl}` } })).text();
    },
    async delete(key) {
      await (await ask(key, "DELETE")).text();
    },
    lock: (key, task) =>
      underLease(
        {
          async acquire() {
            const response = await ask(key, "POST", LOCK);
            const lease = await response.text();
            return response.status === 200 ? lease : undefined;
          },
          async release(lease) {
            await (await ask(key, "DELETE", LOCK, { headers: { "x-lease": lease } })).text();
          },
        },
        task,
      ),
  };
}
