import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { within } from "../../src/http.ts";

describe("within", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("answers what is no promise as it is, without a timer", async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- that it is none is the point
    for (const value of [undefined, null, 0, "text", { then: "no function" }]) expect(await within(value, 1)).toBe(value);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("answers or rejects as the promise does, and leaves no timer behind", async () => {
    expect(await within(Promise.resolve("a"), 1)).toBe("a");
    await expect(within(Promise.reject(new Error("mine")), 1)).rejects.toThrow("mine");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("rejects when time is up, and minds no rejection after", async () => {
    let reject: (reason: Error) => void = () => undefined;
    const late = new Promise<never>((_, no) => {
      reject = no;
    });
    const refused = expect(within(late, 2)).rejects.toThrow("no answer in time");
    await vi.advanceTimersByTimeAsync(2000);
    await refused;
    reject(new Error("too late"));
    await vi.advanceTimersByTimeAsync(1);
  });
});
