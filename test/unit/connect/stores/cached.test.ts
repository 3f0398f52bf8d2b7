import { describe, expect, test } from "vitest";
import { cachedInstallations } from "../../../../src/connect/stores/cached.ts";
import { memoryInstallations } from "../../../../src/connect/installations.ts";
import { installationStoreSuite } from "../../../../src/testing/installation-store-suite.ts";
import type { Installation } from "../../../../src/types.ts";
import { badType, badValue, failure, rejection } from "../../../support/failure.ts";

const one: Installation = { clientKey: "one", sharedSecret: "s".repeat(32) };

/** A store that counts its look-ups, and a clock. */
function counted(ttl = 10, limit = 1000) {
  const inner = memoryInstallations([one]);
  const clock = { now: 1000 };
  const looked: string[] = [];
  const store = {
    ...inner,
    async find(clientKey: string): Promise<Installation | undefined> {
      looked.push(clientKey);
      return inner.find(clientKey);
    },
  };
  return { clock, inner, looked, store, cached: cachedInstallations(store, { ttl, limit, now: () => clock.now }) };
}

for (const { name, run } of installationStoreSuite(() => cachedInstallations(memoryInstallations(), { ttl: 60 }))) test(name, run);

describe("a tenant that is known", () => {
  test("is looked up once within the ttl, and again after it", async () => {
    const { cached, clock, looked } = counted(10);
    await cached.find("one");
    clock.now += 9.9;
    expect(await cached.find("one")).toEqual(one);
    expect(looked).toEqual(["one"]);
    clock.now += 0.1;
    await cached.find("one");
    expect(looked).toEqual(["one", "one"]);
  });

  test("is looked up once for all who ask at a time", async () => {
    const { cached, looked } = counted();
    expect(await Promise.all([cached.find("one"), cached.find("one"), cached.find("one")])).toEqual([one, one, one]);
    expect(looked).toEqual(["one"]);
  });

  test("is handed out as a copy", async () => {
    const { cached } = counted();
    Object.assign((await cached.find("one")) as Installation, { sharedSecret: "changed" });
    expect(await cached.find("one")).toEqual(one);
  });

  test("makes room when there are more than the limit", async () => {
    const { cached, looked, inner } = counted(10, 1);
    inner.save({ ...one, clientKey: "two" });
    await cached.find("one");
    await cached.find("two");
    await cached.find("one");
    expect(looked).toEqual(["one", "two", "one"]);
  });
});

test("a tenant that is not known is asked for each time", async () => {
  const { cached, inner, looked } = counted();
  expect(await cached.find("late")).toBeUndefined();
  inner.save({ ...one, clientKey: "late" });
  expect(await cached.find("late")).toEqual({ ...one, clientKey: "late" });
  expect(looked).toEqual(["late", "late"]);
});

describe("a change", () => {
  test("counts at once", async () => {
    const { cached } = counted();
    await cached.find("one");
    await cached.save({ ...one, enabled: false });
    expect(await cached.find("one")).toEqual({ ...one, enabled: false });
    await cached.remove("one");
    expect(await cached.find("one")).toBeUndefined();
  });

  test("is not undone by a look-up that began before it", async () => {
    const { inner, store, clock } = counted();
    let answer: (found: Installation | undefined) => void = () => undefined;
    const slow = { ...store, find: () => new Promise<Installation | undefined>((resolve) => (answer = resolve)) };
    const cached = cachedInstallations(slow, { ttl: 10, now: () => clock.now });
    const early = cached.find("one");
    await cached.save({ ...one, enabled: false });
    answer(one);
    await early;
    const late = cached.find("one");
    answer(inner.find("one"));
    expect(await late).toEqual({ ...one, enabled: false });
  });

  test("that fails leaves nothing behind that may be wrong", async () => {
    const { store, looked } = counted();
    const cached = cachedInstallations({ ...store, save: () => Promise.reject(new Error("full")) }, { ttl: 10 });
    await cached.find("one");
    expect((await rejection(Promise.resolve(cached.save(one)))).message).toBe("full");
    await cached.find("one");
    expect(looked).toEqual(["one", "one"]);
  });
});

test("the look-up by Forge installation is there when the store has it", async () => {
  const inner = memoryInstallations([{ ...one, installationId: "ari:1" }]);
  expect(await cachedInstallations(inner, { ttl: 10 }).findByForgeInstallation("ari:1")).toEqual(inner.find("one"));
  const { find, save, remove } = inner;
  expect(cachedInstallations({ find, save, remove }, { ttl: 10 })).not.toHaveProperty("findByForgeInstallation");
});

test.each([
  ["no options", undefined, badType('"options" must be an object')],
  ["no ttl", {}, badType('"options.ttl" must be a number of seconds')],
  ["a ttl of nothing", { ttl: 0 }, badValue('"options.ttl" must be 0.001 to 3600 seconds')],
  ["a ttl of NaN", { ttl: NaN }, badValue('"options.ttl" must be 0.001 to 3600 seconds')],
  ["a ttl of a day", { ttl: 86400 }, badValue('"options.ttl" must be 0.001 to 3600 seconds')],
  ["a limit of nothing", { ttl: 1, limit: 0 }, badValue('"options.limit" must be a whole number above 0')],
  ["a clock that is none", { ttl: 1, now: 5 }, badType('"options.now" must be a function')],
])("refused: %s", (_what, options, expected) => {
  expect(failure(() => cachedInstallations(memoryInstallations(), options as never))).toEqual(expected);
});
