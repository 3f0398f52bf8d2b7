import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Cache, LruMap } from "../../src/cache.ts";
import type { Loaded } from "../../src/cache.ts";

/** A promise that is settled from outside. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const young = (_value: string, age: number): boolean => age < 30;

describe("LruMap", () => {
  test("drops the least recently used, and reading is using", () => {
    const map = new LruMap<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    expect(map.get("a")).toBe(1);
    map.set("c", 3);
    expect([map.get("a"), map.get("b"), map.get("c"), map.size]).toEqual([1, undefined, 3, 2]);
  });

  test("writing again replaces and makes it the most recent", () => {
    const map = new LruMap<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    map.set("a", 3);
    map.set("c", 4);
    expect([map.get("a"), map.get("b"), map.get("c")]).toEqual([3, undefined, 4]);
  });

  test("deletes, and says whether there was something", () => {
    const map = new LruMap<string, number>(2);
    map.set("a", 1);
    expect([map.delete("a"), map.delete("a"), map.size]).toEqual([true, false, 0]);
  });

  test("names of Object.prototype are plain keys", () => {
    const map = new LruMap<string, number>(2);
    expect([map.get("__proto__"), map.get("constructor")]).toEqual([undefined, undefined]);
  });
});

describe("Cache", () => {
  let time = 1000;
  let loads = 0;
  const cacheOf = (limit = 10, takeOver = 5): Cache<string> => new Cache({ limit, now: () => time, takeOver });
  const load = (value: string, ttl = 60) => async (): Promise<Loaded<string>> => {
    loads++;
    return { value, ttl };
  };

  beforeEach(() => {
    time = 1000;
    loads = 0;
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("keeps a value for its time to live, counted from the start of the load", async () => {
    const cache = cacheOf();
    const slow = async (): Promise<Loaded<string>> => {
      time += 3;
      return load("one")();
    };
    expect(await cache.load("k", slow)).toBe("one");
    time = 1059.9;
    expect(await cache.load("k", load("two"))).toBe("one");
    time = 1060;
    expect(await cache.load("k", load("two"))).toBe("two");
    expect(loads).toBe(2);
  });

  test("a clock that was set back does not keep a value for longer", async () => {
    const cache = cacheOf();
    cache.set("k", "old", 60);
    time -= 1;
    expect(cache.get("k")).toBe(undefined);
  });

  test("is bounded", async () => {
    const cache = cacheOf(2);
    for (const key of ["a", "b", "c"]) await cache.load(key, load(key));
    expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([undefined, "b", "c"]);
  });

  test("accept judges a kept value by its age, which makes a cool-down", async () => {
    const cache = cacheOf();
    await cache.load("k", load("one", 600));
    time += 29;
    expect(await cache.load("k", load("two", 600), young)).toBe("one");
    time += 1;
    expect(await cache.load("k", load("two", 600), young)).toBe("two");
  });

  test("hands the last value to the load, good or not", async () => {
    const cache = cacheOf();
    cache.set("k", "old", 10);
    time += 11;
    const seen: (string | undefined)[] = [];
    const loader = async (last: string | undefined): Promise<Loaded<string>> => {
      seen.push(last);
      return { value: "new", ttl: 10 };
    };
    await cache.load("k", loader);
    await cache.load("other", loader);
    expect(seen).toEqual(["old", undefined]);
  });

  test("one load serves all who ask at a time, without a shared promise", async () => {
    const cache = cacheOf();
    const answer = deferred<Loaded<string>>();
    let started = 0;
    const loader = (): Promise<Loaded<string>> => {
      started++;
      return answer.promise;
    };
    const all = Promise.all(Array.from({ length: 20 }, () => cache.load("k", loader)));
    await vi.advanceTimersByTimeAsync(100);
    answer.resolve({ value: "one", ttl: 60 });
    await vi.advanceTimersByTimeAsync(100);
    expect(await all).toEqual(Array.from({ length: 20 }, () => "one"));
    expect(started).toBe(1);
  });

  test("a value with no time to live still goes to those who waited, and to nobody after", async () => {
    const cache = cacheOf();
    const answer = deferred<Loaded<string>>();
    const first = cache.load("k", () => answer.promise);
    const second = cache.load("k", load("never"));
    answer.resolve({ value: "failure", ttl: 0 });
    await vi.advanceTimersByTimeAsync(10);
    expect([await first, await second, loads]).toEqual(["failure", "failure", 0]);
    expect(await cache.load("k", load("later"))).toBe("later");
  });

  test("a load that rejects is its caller's alone; the next in line loads, once", async () => {
    const cache = cacheOf();
    const broken = deferred<Loaded<string>>();
    const first = cache.load("k", () => broken.promise);
    const others = Promise.all([cache.load("k", load("good")), cache.load("k", load("good"))]);
    const refused = expect(first).rejects.toThrow("mine");
    broken.reject(new Error("mine"));
    await vi.advanceTimersByTimeAsync(200);
    await refused;
    expect(await others).toEqual(["good", "good"]);
    expect(loads).toBe(1);
  });

  test("a load that never ends is taken over after the deadline, by one", async () => {
    const cache = cacheOf(10, 5);
    void cache.load("k", () => new Promise<never>(() => undefined));
    const others = Promise.all([cache.load("k", load("good")), cache.load("k", load("good"))]);
    await vi.advanceTimersByTimeAsync(4900);
    expect(loads).toBe(0);
    await vi.advanceTimersByTimeAsync(400);
    expect(await others).toEqual(["good", "good"]);
    expect(loads).toBe(1);
  });

  test("a load that was overtaken does not write over what is newer, and its caller still gets its value", async () => {
    const cache = cacheOf(10, 5);
    const late = deferred<Loaded<string>>();
    const first = cache.load("k", () => late.promise);
    const second = cache.load("k", load("new"));
    await vi.advanceTimersByTimeAsync(6000);
    expect(await second).toBe("new");
    late.resolve({ value: "old", ttl: 600 });
    expect(await first).toBe("old");
    expect(cache.get("k")).toBe("new");
  });

  test("what is deleted while it is loaded is loaded again by those who wait", async () => {
    const cache = cacheOf();
    const answer = deferred<Loaded<string>>();
    const first = cache.load("k", () => answer.promise);
    const second = cache.load("k", load("new"));
    cache.delete("k");
    await vi.advanceTimersByTimeAsync(10);
    answer.resolve({ value: "old", ttl: 60 });
    expect([await first, await second, cache.get("k")]).toEqual(["old", "new", "new"]);
  });

  test("an aborted caller does not abort the others", async () => {
    const cache = cacheOf();
    const answer = deferred<Loaded<string>>();
    const abort = new AbortController();
    const gone = new Promise<never>((_, reject) => {
      abort.signal.addEventListener("abort", () => reject(abort.signal.reason as Error));
    });
    const first = Promise.race([cache.load("k", () => answer.promise), gone]);
    const second = cache.load("k", load("never"));
    const aborted = expect(first).rejects.toThrow("gone");
    abort.abort(new Error("gone"));
    await aborted;
    answer.resolve({ value: "one", ttl: 60 });
    await vi.advanceTimersByTimeAsync(10);
    expect([await second, loads]).toEqual(["one", 0]);
  });
});
