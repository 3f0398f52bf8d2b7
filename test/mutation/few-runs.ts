// What the tests of a mutant know as fast-check: the same cases in the same order, but fewer, since each mutant pays for
// all of them.
import fc from "../../node_modules/fast-check/lib/fast-check.js";

const MOST_RUNS = 200;

export const assert: typeof fc.assert = (property, options) =>
  fc.assert(property as never, { ...options, numRuns: Math.min(options?.numRuns ?? 100, MOST_RUNS) } as never) as never;

export * from "../../node_modules/fast-check/lib/fast-check.js";
export default { ...fc, assert };
