import { describe, expect, test } from "vitest";
import { memoryReplayGuard } from "../../../src/connect/replay.ts";
import { badType, badValue, failure } from "../../support/failure.ts";

describe("memoryReplayGuard", () => {
  test("knows an id until its time is over", () => {
    let time = 100;
    const guard = memoryReplayGuard({ now: () => time });
    expect([guard.seen("a", 110), guard.seen("b", 110), guard.seen("a", 110)]).toEqual([false, false, true]);
    time = 109.9;
    expect(guard.seen("a", 110)).toBe(true);
    time = 110;
    expect(guard.seen("a", 120)).toBe(false);
  });

  test("at the limit forgets what is over, and else those that end first", () => {
    let time = 100;
    const guard = memoryReplayGuard({ limit: 3, now: () => time });
    guard.seen("short", 101);
    guard.seen("long", 200);
    guard.seen("middle", 150);
    time = 102;
    guard.seen("new", 190);
    expect([guard.seen("long", 200), guard.seen("middle", 150), guard.seen("new", 190)]).toEqual([true, true, true]);
    guard.seen("newer", 195);
    expect([guard.seen("long", 200), guard.seen("new", 190), guard.seen("newer", 195)]).toEqual([true, true, true]);
    expect(guard.seen("middle", 150)).toBe(false);
  });

  test.each([101, 102])("at the limit forgets what is over at %d, and nothing else where that is enough", (later) => {
    let time = 100;
    const guard = memoryReplayGuard({ limit: 11, now: () => time });
    const lasting = Array.from({ length: 10 }, (_, i) => `lasting-${i}`);
    guard.seen("short", 101);
    for (const id of lasting) guard.seen(id, 200);
    time = later;
    guard.seen("new", 200);
    expect(lasting.map((id) => guard.seen(id, 200))).toEqual(lasting.map(() => true));
  });

  test("never remembers more than the limit, which may be one", () => {
    const guard = memoryReplayGuard({ limit: 1, now: () => 1 });
    expect([guard.seen("a", 9), guard.seen("b", 9), guard.seen("b", 9), guard.seen("a", 9)]).toEqual([false, false, true, false]);
  });

  test("names of Object.prototype are plain ids", () => {
    const guard = memoryReplayGuard({ now: () => 1 });
    expect([guard.seen("__proto__", 9), guard.seen("__proto__", 9), guard.seen("constructor", 9)]).toEqual([false, true, false]);
  });

  test("uses the clock of the machine unless told", () => {
    const guard = memoryReplayGuard();
    const soon = Date.now() / 1000 + 60;
    expect([guard.seen("a", soon), guard.seen("a", soon)]).toEqual([false, true]);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("a limit of %d dies at the door", (limit) => {
    expect(failure(() => memoryReplayGuard({ limit }))).toEqual(badValue('"options.limit" must be a whole number of at least 1'));
  });

  test("so does a clock that is none", () => {
    expect(failure(() => memoryReplayGuard({ now: 5 as never }))).toEqual(badType('"options.now" must be a function'));
  });
});
