/** What an engine cannot be made to do on demand; the adapters meet their engines in test/token-caches. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { denoKvTokenCache, kvTokenCache, TokenCacheObject } from "../../../src/oauth2/index.ts";
import type { DenoKvLike } from "../../../src/oauth2/index.ts";
import { LEASE, underLease } from "../../../src/oauth2/caches/lease.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("kvTokenCache", () => {
  test("writes nothing that lives shorter than KV accepts", async () => {
    const puts: unknown[] = [];
    const cache = kvTokenCache({
      get: async () => null,
      put: async (...args) => void puts.push(args),
      delete: async () => {},
    });
    await cache.set("key", "value", 59.9);
    await cache.set("key", "value", 60.9);
    expect(puts).toEqual([["key", "value", { expirationTtl: 60 }]]);
    expect(await cache.get("key")).toBe(undefined);
  });
});

describe("denoKvTokenCache", () => {
  /** A database that is locked for so many calls, then answers. */
  function lockedFor(times: number): { kv: DenoKvLike; calls: () => number } {
    let calls = 0;
    const busy = async <T>(value: T): Promise<T> => {
      if (calls++ < times) throw new TypeError("database is locked");
      return value;
    };
    const atomic = { check: () => atomic, set: () => atomic, delete: () => atomic, commit: () => busy({ ok: true }) };
    const kv: DenoKvLike = {
      get: () => busy({ value: null, versionstamp: null }),
      set: () => busy(undefined),
      delete: () => busy(undefined),
      atomic: () => atomic,
    };
    return { kv, calls: () => calls };
  }

  test.each(["get", "set", "delete", "lock"] as const)("%s waits for another process to have written", async (method) => {
    const { kv } = lockedFor(6);
    const cache = denoKvTokenCache(kv);
    const calls = {
      get: () => cache.get("key"),
      set: () => cache.set("key", "value", 60),
      delete: () => cache.delete("key"),
      lock: () => cache.lock?.("key", async () => undefined),
    };
    const done = calls[method]();
    await vi.advanceTimersByTimeAsync(3000);
    expect(await done).toBe(undefined);
  });

  test("a database that stays locked is an error in the end", async () => {
    const { kv, calls } = lockedFor(Infinity);
    const refused = expect(denoKvTokenCache(kv).get("key")).rejects.toThrow("database is locked");
    await vi.advanceTimersByTimeAsync(3000);
    await refused;
    expect(calls()).toBe(7);
  });

  test("a lease whose write was answered by an error is ours all the same", async () => {
    let entry: unknown;
    let failed = false;
    const atomic = {
      check: () => atomic,
      set(_key: readonly string[], value: unknown) {
        entry = value;
        return atomic;
      },
      delete() {
        entry = undefined;
        return atomic;
      },
      async commit() {
        if (failed) return { ok: true };
        failed = true;
        throw new TypeError("connection reset");
      },
    };
    const get = async (): Promise<{ value: unknown; versionstamp: string | null }> => ({
      value: entry,
      versionstamp: entry === undefined ? null : "1",
    });
    const kv = { get, set: async () => {}, delete: async () => {}, atomic: () => atomic };
    const done = denoKvTokenCache(kv).lock?.("key", async () => "done");
    await vi.advanceTimersByTimeAsync(100);
    expect([await done, entry]).toEqual(["done", undefined]);
  });
});

describe("underLease", () => {
  test("asks again until it has the lease, and gives it back whatever happens", async () => {
    const released: string[] = [];
    let asked = 0;
    const leases = {
      acquire: async () => (++asked < 4 ? undefined : "mine"),
      release: async (lease: string) => void released.push(lease),
    };
    const done = underLease(leases, async () => "done");
    await vi.advanceTimersByTimeAsync(1000);
    expect([await done, asked, released]).toEqual(["done", 4, ["mine"]]);
    await expect(underLease(leases, () => Promise.reject(new Error("task")))).rejects.toThrow("task");
    expect(released).toEqual(["mine", "mine"]);
  });

  test("goes on without one when none is to be had for longer than one can last", async () => {
    const release = vi.fn(async () => {});
    let result: string | undefined;
    void underLease({ acquire: async () => undefined, release }, async () => (result = "done"));
    await vi.advanceTimersByTimeAsync(LEASE * 1000 - 1000);
    expect(result).toBe(undefined);
    await vi.advanceTimersByTimeAsync(1500);
    expect([result, release.mock.calls.length]).toEqual(["done", 0]);
  });
});

describe("TokenCacheObject", () => {
  function start(): { ask: (method: string, path?: string, init?: RequestInit) => Promise<[number, string]>; alarms: number[]; object: TokenCacheObject } {
    const entries = new Map<string, unknown>();
    const alarms: number[] = [];
    const storage = {
      get: async (key: string) => entries.get(key),
      put: async (key: string, value: unknown) => void entries.set(key, value),
      deleteAll: async () => entries.clear(),
      setAlarm: async (time: number) => void alarms.push(time),
    };
    const object = new TokenCacheObject({ storage });
    return {
      alarms,
      object,
      async ask(method, path = "/", init = {}) {
        const response = await object.fetch(new Request(`https://token-cache.invalid${path}`, { ...init, method }));
        return [response.status, await response.text()];
      },
    };
  }
  const put = { body: "v1.value", headers: { "x-ttl": "60" } };

  test("keeps a value until its end, then deletes itself", async () => {
    const { ask, alarms, object } = start();
    expect(await ask("GET")).toEqual([404, ""]);
    expect(await ask("PUT", "/", put)).toEqual([204, ""]);
    expect(alarms).toEqual([Date.now() + 60_000]);
    expect(await ask("GET")).toEqual([200, "v1.value"]);
    vi.advanceTimersByTime(59_999);
    expect(await ask("GET")).toEqual([200, "v1.value"]);
    vi.advanceTimersByTime(1);
    // The alarm may be late.
    expect(await ask("GET")).toEqual([404, ""]);
    await object.alarm();
    vi.setSystemTime(1_800_000_000_000);
    expect(await ask("GET")).toEqual([404, ""]);
  });

  test("deletes on demand", async () => {
    const { ask } = start();
    await ask("PUT", "/", put);
    expect([await ask("DELETE"), await ask("GET")]).toEqual([[204, ""], [404, ""]]);
  });

  test("has one lease at a time, which its holder alone gives back, and which ends", async () => {
    const { ask } = start();
    const [status, lease] = await ask("POST", "/lock");
    expect([status, await ask("POST", "/lock")]).toEqual([200, [409, ""]]);
    await ask("DELETE", "/lock", { headers: { "x-lease": "another" } });
    expect(await ask("POST", "/lock")).toEqual([409, ""]);
    await ask("DELETE", "/lock", { headers: { "x-lease": lease } });
    expect((await ask("POST", "/lock"))[0]).toBe(200);
    vi.advanceTimersByTime(LEASE * 1000 - 1);
    expect((await ask("POST", "/lock"))[0]).toBe(409);
    vi.advanceTimersByTime(1);
    expect((await ask("POST", "/lock"))[0]).toBe(200);
  });

  test.each(["PATCH", "POST"])("%s is nothing that it does", async (method) => {
    expect(await start().ask(method)).toEqual([405, ""]);
  });
});
