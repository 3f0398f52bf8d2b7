import { deepStrictEqual } from "node:assert/strict";

/** What an example's comment says that a call returns. */
export function check<T>(actual: T, expected: unknown): void {
  deepStrictEqual(actual, expected);
}
