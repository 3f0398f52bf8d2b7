/**
 * What the Durable Object of the token cache does. Loaded with its first request.
 */
import type { WebRequest } from "../../types.ts";
import { LEASE } from "./lease.ts";

/** The part of a Durable Object's state that is used. */
export interface DurableStateLike {
  readonly storage: {
    get(key: string): Promise<unknown>;
    put(key: string, value: unknown): Promise<void>;
    deleteAll(): Promise<void>;
    setAlarm(scheduledTime: number): Promise<void>;
  };
}

interface Kept {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** One sealed token, and the lock under which it is fetched. */
export class TokenCacheStorage {
  readonly #storage: DurableStateLike["storage"];
  /** In memory alone: an object that was evicted has lost it, and at worst a second exchange is made. */
  #lease: { readonly name: string; readonly until: number } | undefined;

  constructor(state: DurableStateLike) {
    this.#storage = state.storage;
  }

  /** Answers `durableTokenCache`. */
  async fetch(request: WebRequest): Promise<Response> {
    const isLock = new URL(request.url).pathname === "/lock";
    switch (`${request.method}${isLock ? " lock" : ""}`) {
      case "GET":
        return this.#get();
      case "PUT":
        return this.#put(await request.text(), Number(request.headers.get("x-ttl")));
      case "DELETE":
        await this.#storage.deleteAll();
        return new Response(null, { status: 204 });
      case "POST lock":
        return this.#acquire();
      case "DELETE lock":
        if (request.headers.get("x-lease") === this.#lease?.name) this.#lease = undefined;
        return new Response(null, { status: 204 });
      default:
        return new Response(null, { status: 405 });
    }
  }

  async #get(): Promise<Response> {
    const kept = (await this.#storage.get("token")) as Kept | undefined;
    return kept !== undefined && kept.until > Date.now() ? new Response(kept.value) : new Response(null, { status: 404 });
  }

  async #put(value: string, ttl: number): Promise<Response> {
    const until = Date.now() + ttl * 1000;
    const kept: Kept = { value, until };
    await this.#storage.put("token", kept);
    await this.#storage.setAlarm(until);
    return new Response(null, { status: 204 });
  }

  #acquire(): Response {
    const now = Date.now();
    if (this.#lease !== undefined && this.#lease.until > now) return new Response(null, { status: 409 });
    this.#lease = { name: crypto.randomUUID(), until: now + LEASE * 1000 };
    return new Response(this.#lease.name);
  }
}
