import { describe, expect, test } from "vitest";
import type { TokenCache, TokenSource } from "../../../src/oauth2/index.ts";
import { cacheKeyOf } from "../../../src/oauth2/shared-tokens.ts";
import type { TokenIdentity } from "../../../src/oauth2/shared-tokens.ts";
import { MapCache, NOW, pause, startRig } from "./rig.ts";

const tokenOf = async (source: TokenSource): Promise<string> => (await source.getToken()).accessToken;

describe("the key", () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const IDENTITY: TokenIdentity = {
    grant: "g",
    authorizationServer: "a",
    tenant: "t",
    client: "c",
    user: "u",
    scopes: ["READ", "WRITE"],
    secret: bytes("s"),
  };

  test("is another one for whatever differs", () => {
    const others: Partial<TokenIdentity>[] = [
      { grant: "x" },
      { authorizationServer: "x" },
      { tenant: "x" },
      { client: "x" },
      { user: "x" },
      { scopes: [] },
      { scopes: ["READ"] },
      { secret: bytes("x") },
      // The parts keep their borders.
      { client: "cu", user: "" },
      { client: "", user: "cu" },
      { tenant: "t1:c", client: "" },
    ];
    const keys = [IDENTITY, ...others.map((change) => ({ ...IDENTITY, ...change }))].map(cacheKeyOf);
    expect(new Set(keys).size).toBe(others.length + 1);
  });

  test("does not depend on the order of the scopes", () => {
    expect(cacheKeyOf({ ...IDENTITY, scopes: ["WRITE", "READ"] })).toBe(cacheKeyOf(IDENTITY));
  });
});

describe("the value", () => {
  test("is opened by the same secret alone, and in its own place alone", async () => {
    const rig = startRig();
    const cache = new MapCache();
    await rig.source({ cache }).getToken();
    await rig.source({ cache, scopes: ["READ"] }).getToken();
    const [[first, value], [second, other]] = [...cache.entries] as [[string, string], [string, string]];
    // Changed places: whoever can write to the cache can only make misses.
    cache.entries.set(first, other).set(second, value);
    await rig.source({ cache }).getToken();
    expect(rig.exchanges()).toBe(3);

    const rotated = { ...rig.installation, sharedSecret: "another-shared-secret-of-at-least-32-bytes" };
    const foreign = rig.source({ cache, installation: rotated });
    await expect(foreign.getToken()).rejects.toMatchObject({ status: 400 });
  });

  test.each(["", "v1.", "v1.AAAA", "v2.AAAA", "{}", "v1.====", `v1.${"A".repeat(200)}`])("%j is a miss", async (garbage) => {
    const rig = startRig();
    const cache = new MapCache();
    const token = await tokenOf(rig.source({ cache }));
    for (const key of cache.entries.keys()) cache.entries.set(key, garbage);
    expect(await tokenOf(rig.source({ cache }))).not.toBe(token);
    expect(rig.exchanges()).toBe(2);
  });

  test("is never handed out after its end, however late the cache deletes it", async () => {
    const rig = startRig();
    const cache = new MapCache();
    await rig.source({ cache }).getToken();
    rig.clock.now += 891;
    await rig.source({ cache }).getToken();
    expect([rig.exchanges(), cache.ttls]).toEqual([2, [900, 900]]);
  });

  test("keeps expiry and scopes", async () => {
    const rig = startRig();
    const body = JSON.stringify({ access_token: "t1", token_type: "Bearer", expires_in: 600, scope: "READ" });
    rig.host.misbehave(rig.tokenUrl, { kind: "status", status: 200, body });
    const cache = new MapCache();
    await rig.source({ cache }).getToken();
    rig.clock.now += 100;
    const token = await rig.source({ cache }).getToken();
    expect({ ...token, accessToken: token.accessToken }).toEqual({
      accessToken: "t1",
      tokenType: "Bearer",
      expiresAt: NOW + 600,
      scopes: ["READ"],
    });
  });
});

describe("what another isolate fetched", () => {
  test("is taken in the soft window instead of an exchange", async () => {
    const rig = startRig();
    const cache = new MapCache();
    const [one, two] = [rig.source({ cache }), rig.source({ cache })];
    const old = await tokenOf(one);
    expect(await tokenOf(two)).toBe(old);
    rig.clock.now += 800;
    await one.getToken();
    await pause(0.1);
    const fresh = await tokenOf(one);
    expect([fresh === old, rig.exchanges()]).toEqual([false, 2]);
    expect(await tokenOf(two)).toBe(old);
    await pause(0.1);
    expect([await tokenOf(two), rig.exchanges()]).toEqual([fresh, 2]);
  });
});

describe("a cache that is unwell is a miss, and no failure", () => {
  const broken: [name: string, change: Partial<TokenCache>][] = [
    ["get rejects", { get: () => Promise.reject(new Error("down")) }],
    ["get throws", { get: () => { throw new Error("down"); } }],
    ["get hangs", { get: () => new Promise<never>(() => {}) }],
    ["get answers nonsense", { get: () => 1 as never }],
    ["set rejects", { set: () => Promise.reject(new Error("down")) }],
    ["set throws", { set: () => { throw new Error("down"); } }],
    ["set hangs", { set: () => new Promise<never>(() => {}) }],
    ["lock rejects", { lock: () => Promise.reject(new Error("down")) }],
    ["lock throws", { lock: () => { throw new Error("down"); } }],
    ["lock hangs", { lock: () => new Promise<never>(() => {}) }],
  ];

  test.each(broken)("%s", async (_name, change) => {
    const rig = startRig();
    const cache = Object.assign(new MapCache(), change);
    const source = rig.source({ cache, cacheTimeout: 0.02, timeout: 0.2 });
    const token = await tokenOf(source);
    expect([await tokenOf(source), rig.exchanges()]).toEqual([token, 1]);
  });

  test.each([
    ["delete rejects", { delete: () => Promise.reject(new Error("down")) }],
    ["delete hangs", { delete: () => new Promise<never>(() => {}) }],
    ["get hangs", { get: () => new Promise<never>(() => {}) }],
  ] as [string, Partial<TokenCache>][])("invalidate, when %s", async (_name, change) => {
    const rig = startRig();
    const cache = new MapCache();
    const source = rig.source({ cache, cacheTimeout: 0.02 });
    const token = await tokenOf(source);
    Object.assign(cache, change);
    await source.invalidate(token);
    expect(await tokenOf(source)).not.toBe(token);
  });

  test("rejections that come too late are nobody's", async () => {
    const rig = startRig();
    const late = async (): Promise<never> => {
      await pause(0.05);
      throw new Error("late");
    };
    const cache = Object.assign(new MapCache(), { get: late, set: late, lock: late });
    await rig.source({ cache, cacheTimeout: 0.01, timeout: 0.01 }).getToken();
    // vitest fails the run on an unhandled rejection.
    await pause(0.1);
    expect(rig.exchanges()).toBe(1);
  });
});

describe("the lock", () => {
  /** One holder at a time, as a good lock has it. */
  class LockingCache extends MapCache {
    #last: Promise<unknown> = Promise.resolve();
    held = 0;

    lock<T>(_key: string, task: () => Promise<T>): Promise<T> {
      this.held++;
      const mine = this.#last.then(task);
      this.#last = mine.then(
        () => undefined,
        () => undefined,
      );
      return mine;
    }
  }

  test("makes one exchange of many isolates' many callers", async () => {
    const rig = startRig();
    rig.host.misbehave(rig.tokenUrl, { kind: "slow", after: 0.05 });
    const cache = new LockingCache();
    const sources = Array.from({ length: 5 }, () => rig.source({ cache }));
    const tokens = await Promise.all(sources.flatMap((source) => Array.from({ length: 20 }, () => tokenOf(source))));
    expect([new Set(tokens).size, rig.exchanges(), cache.held, cache.sets]).toEqual([1, 1, 5, 1]);
  });

  test("that is never granted costs the timeout, and the task is not run again when it is granted late", async () => {
    const rig = startRig();
    let grant: () => void = () => {};
    const cache: TokenCache = Object.assign(new MapCache(), {
      lock: async <T>(_key: string, task: () => Promise<T>): Promise<T> => {
        await new Promise<void>((resolve) => (grant = resolve));
        return task();
      },
    });
    const source = rig.source({ cache, timeout: 0.1 });
    await source.getToken();
    grant();
    await pause(0.02);
    expect(rig.exchanges()).toBe(1);
  });

  test("whose release fails does not fail the caller, nor make a second exchange", async () => {
    const rig = startRig();
    const cache: TokenCache = Object.assign(new MapCache(), {
      lock: async <T>(_key: string, task: () => Promise<T>): Promise<T> => {
        await task();
        throw new Error("release failed");
      },
    });
    await rig.source({ cache }).getToken();
    expect(rig.exchanges()).toBe(1);
  });

  test("whose release hangs is not waited for once the token is there", async () => {
    const rig = startRig();
    const cache: TokenCache = Object.assign(new MapCache(), {
      lock: async <T>(_key: string, task: () => Promise<T>): Promise<T> => {
        await task();
        return new Promise<never>(() => {});
      },
    });
    const start = performance.now();
    await rig.source({ cache, timeout: 15, cacheTimeout: 0.05 }).getToken();
    expect(performance.now() - start).toBeLessThan(5000);
    expect(rig.exchanges()).toBe(1);
  });

  test("whose release hangs does not hold up the server's refusal", async () => {
    const rig = startRig();
    rig.host.misbehave(rig.tokenUrl, { kind: "status", status: 500 });
    const cache: TokenCache = Object.assign(new MapCache(), {
      lock: <T>(_key: string, task: () => Promise<T>): Promise<T> => {
        // One that drops the task's promise: its rejection is nobody's but the caller's.
        void task();
        return new Promise<never>(() => {});
      },
    });
    const start = performance.now();
    const source = rig.source({ cache, timeout: 15, cacheTimeout: 0.05 });
    await expect(source.getToken()).rejects.toMatchObject({ status: 500 });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(rig.exchanges()).toBe(1);
  });

  test("that is slow to let go is waited for, so that no runtime cuts it off", async () => {
    const rig = startRig();
    let released = false;
    const cache: TokenCache = Object.assign(new MapCache(), {
      lock: async <T>(_key: string, task: () => Promise<T>): Promise<T> => {
        const answer = await task();
        await pause(0.05);
        released = true;
        return answer;
      },
    });
    await rig.source({ cache }).getToken();
    expect(released).toBe(true);
  });

  test("that answers without having run the task does not keep the token from the caller", async () => {
    const rig = startRig();
    const cache: TokenCache = Object.assign(new MapCache(), { lock: async () => undefined as never });
    expect(await tokenOf(rig.source({ cache }))).toMatch(/./);
    expect(rig.exchanges()).toBe(1);
  });

  test("hands the server's refusal through, after one exchange", async () => {
    const rig = startRig();
    rig.host.misbehave(rig.tokenUrl, { kind: "status", status: 500 });
    await expect(rig.source({ cache: new LockingCache() }).getToken()).rejects.toMatchObject({ status: 500 });
    expect(rig.exchanges()).toBe(1);
  });
});
