import type { TokenCache } from "../../types.ts";
import { LEASE, underLease } from "./lease.ts";
import type { Leases } from "./lease.ts";

interface DenoKvEntry {
  readonly value: unknown;
  readonly versionstamp: string | null;
}
interface DenoKvAtomic {
  check(condition: { key: readonly string[]; versionstamp: string | null }): DenoKvAtomic;
  set(key: readonly string[], value: unknown, options?: { expireIn?: number }): DenoKvAtomic;
  delete(key: readonly string[]): DenoKvAtomic;
  commit(): Promise<{ readonly ok: boolean }>;
}

/** The part of a `Deno.Kv` that is used. */
export interface DenoKvLike {
  get(key: readonly string[]): Promise<DenoKvEntry>;
  set(key: readonly string[], value: unknown, options?: { expireIn?: number }): Promise<unknown>;
  delete(key: readonly string[]): Promise<void>;
  atomic(): DenoKvAtomic;
}

/** What a lock's entry holds. Deno KV deletes late, so the end stands in it as well. */
interface LockEntry {
  readonly lease: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Keeps tokens in Deno KV, with a lock: however many processes are cold at the same time, one makes the exchange.
 *
 * @example
 * ```ts
 * import { denoKvTokenCache } from "jwt-qsh/oauth2";
 *
 * const cache = denoKvTokenCache(await Deno.openKv());
 * ```
 */
export function denoKvTokenCache(kv: DenoKvLike): TokenCache {
  const place = (key: string): readonly string[] => ["jwt-qsh", key];
  return {
    async get(key) {
      const { value } = await patiently(() => kv.get(place(key)));
      return typeof value === "string" ? value : undefined;
    },
    async set(key, value, ttl) {
      await patiently(() => kv.set(place(key), value, { expireIn: ttl * 1000 }));
    },
    delete: (key) => patiently(() => kv.delete(place(key))),
    lock: (key, task) => underLease(leasesOf(kv, ["jwt-qsh", "lock", key]), task),
  };
}

function leasesOf(kv: DenoKvLike, key: readonly string[]): Leases {
  const lease = crypto.randomUUID();

  async function acquire(): Promise<string | undefined> {
    const { value, versionstamp } = await kv.get(key);
    const held = versionstamp === null ? undefined : (value as LockEntry);
    // Ours already, when the answer to a write was lost.
    if (held?.lease === lease) return lease;
    const now = Date.now();
    if (held !== undefined && held.until > now) return undefined;
    const entry: LockEntry = { lease, until: now + LEASE * 1000 };
    const write = kv.atomic().check({ key, versionstamp }).set(key, entry, { expireIn: LEASE * 1000 });
    return (await write.commit()).ok ? lease : undefined;
  }

  async function release(): Promise<void> {
    const { value, versionstamp } = await kv.get(key);
    if (versionstamp === null || (value as LockEntry).lease !== lease) return;
    await kv.atomic().check({ key, versionstamp }).delete(key).commit();
  }

  return { acquire: () => patiently(acquire), release: () => patiently(release) };
}

/** Over a local file Deno KV fails with "database is locked" while another process writes: that passes. */
async function patiently<T>(task: () => Promise<T>): Promise<T> {
  for (let delay = 10; ; delay *= 2) {
    try {
      return await task();
    } catch (error) {
      if (delay > 320) throw error;
      await new Promise<void>((resolve) => void setTimeout(resolve, delay * (0.5 + Math.random())));
    }
  }
}
