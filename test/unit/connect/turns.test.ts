import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { inTurn } from "../../../src/connect/turns.ts";
import type { Turns } from "../../../src/connect/turns.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, milliseconds));

test("tasks of one name run one after the other, in the order they came", async () => {
  const turns: Turns = new Map();
  const seen: string[] = [];
  const task = (name: string, milliseconds: number) => async (): Promise<string> => {
    seen.push(`${name} begins`);
    await wait(milliseconds);
    seen.push(`${name} ends`);
    return name;
  };
  const first = inTurn(turns, "x", 5, task("first", 150));
  await vi.advanceTimersByTimeAsync(1);
  const second = inTurn(turns, "x", 5, task("second", 1));
  // Whoever waits for long asks less often, and is served first all the same.
  await vi.advanceTimersByTimeAsync(130);
  const third = inTurn(turns, "x", 5, task("third", 1));
  await vi.runAllTimersAsync();
  expect(await Promise.all([first, second, third])).toEqual(["first", "second", "third"]);
  expect(seen).toEqual(["first begins", "first ends", "second begins", "second ends", "third begins", "third ends"]);
  expect(turns.size).toBe(0);
});

test("tasks of two names do not wait for each other", async () => {
  const turns: Turns = new Map();
  void inTurn(turns, "x", 5, () => wait(1000));
  expect(await inTurn(turns, "y", 5, async () => "at once")).toBe("at once");
});

test("a task that fails makes room, and its error is its own", async () => {
  const turns: Turns = new Map();
  const failed = inTurn(turns, "x", 5, () => Promise.reject(new Error("broken"))).catch((error: Error) => error.message);
  const next = inTurn(turns, "x", 5, async () => "next");
  await vi.runAllTimersAsync();
  expect(await failed).toBe("broken");
  expect(await next).toBe("next");
  expect(turns.size).toBe(0);
});

test("a task that does not end is passed over, by one after the other", async () => {
  const turns: Turns = new Map();
  let end = (): void => {};
  const lost = inTurn(turns, "x", 5, () => new Promise<void>((resolve) => (end = resolve)));
  const started: number[] = [];
  const start = Date.now();
  const task = async (): Promise<void> => {
    started.push(Date.now() - start);
    await wait(3000);
  };
  const both = Promise.all([inTurn(turns, "x", 5, task), inTurn(turns, "x", 5, task)]);
  await vi.advanceTimersByTimeAsync(20_000);
  await both;
  const [second = 0, third = 0] = started;
  expect(second).toBeGreaterThanOrEqual(5000);
  expect(second).toBeLessThan(5100);
  // Counted anew from when the second began, which was not lost.
  expect(third).toBeGreaterThanOrEqual(second + 3000);
  expect(third).toBeLessThan(second + 3100);
  expect(turns.size).toBe(0);

  // What was lost may come to its end while others are at work.
  const later = inTurn(turns, "x", 5, () => wait(1000));
  end();
  await lost;
  expect(turns.size).toBe(1);
  await vi.runAllTimersAsync();
  await later;
  expect(turns.size).toBe(0);
});
