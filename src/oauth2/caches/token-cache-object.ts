import type { WebRequest, WebResponse } from "../../types.ts";
import type { DurableStateLike, TokenCacheStorage } from "./token-cache-storage.ts";

export type { DurableStateLike };

/**
 * The Durable Object behind `durableTokenCache`: one sealed token, and the lock under which it is fetched.
 *
 * Export it from the Worker and name it in the bindings; nothing else is to be done with it. It deletes itself when
 * the token has expired.
 *
 * @example
 * ```ts
 * export { TokenCacheObject } from "jwt-qsh/oauth2";
 * ```
 */
export class TokenCacheObject {
  readonly #state: DurableStateLike;
  #kept: TokenCacheStorage | undefined;

  constructor(state: DurableStateLike) {
    this.#state = state;
  }

  /** Answers `durableTokenCache`. */
  async fetch(request: WebRequest): Promise<WebResponse> {
    const { TokenCacheStorage } = await import("./token-cache-storage.ts");
    return (this.#kept ??= new TokenCacheStorage(this.#state)).fetch(request);
  }

  /** The token has expired. */
  async alarm(): Promise<void> {
    await this.#state.storage.deleteAll();
  }
}
