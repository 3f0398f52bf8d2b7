/**
 * Runs properties, more of them where there is more time: `FUZZ_RUNS` says how many each of the main ones gets, and
 * `FUZZ_SEED` where chance starts. The seed is fixed where neither is set, so that a build is the same each time; a
 * long run starts anywhere, and names its seed when it fails.
 */
import * as fc from "fast-check";
import { it } from "vitest";

const asked = process.env["FUZZ_RUNS"];
const RUNS = readNumber("FUZZ_RUNS", 20_000);
const SEED = readNumber("FUZZ_SEED", asked === undefined ? 20_261_127 : Date.now() % 0x7fff_ffff);

/** So many at once: between two batches the test runner hears that we are alive. */
const BATCH = 5000;

function readNumber(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined) return otherwise;
  if (!/^\d{1,10}$/.test(text) || Number(text) === 0) throw new Error(`${name} must be a whole number above 0`);
  return Number(text);
}

/** How many runs a property gets that costs so many times what the cheapest does. */
export function runsFor(cost: number): number {
  return Math.max(1, Math.round(RUNS / cost));
}

/**
 * A test of one property.
 *
 * @param cost 1 for a property of the main ones; 10 for one that gets a tenth of the runs
 * @param afterwards judges the whole: a net that nothing gets through, or everything, is none
 */
export function fuzz<Values extends [unknown, ...unknown[]]>(
  name: string,
  cost: number,
  arbitraries: { [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  check: (...values: Values) => void | Promise<void>,
  afterwards?: (runs: number) => void,
): void {
  const runs = runsFor(cost);
  // Ten milliseconds a run is far more than any takes: what hangs is to be seen.
  it(name, { timeout: 60_000 + runs * 10 }, async () => {
    const property = fc.asyncProperty(...arbitraries, async (...values: Values) => {
      await check(...values);
    });
    for (let done = 0, seed = SEED; done < runs; done += BATCH, seed++) {
      const numRuns = Math.min(BATCH, runs - done);
      try {
        await fc.assert(property, { numRuns, seed });
      } catch (error) {
        const again = `FUZZ_SEED=${seed} FUZZ_RUNS=${Math.ceil(numRuns * cost)} npm run fuzz -- -t ${
          JSON.stringify(name)
        }`;
        throw new Error(`once more: ${again}\n${(error as Error).message}`, { cause: error });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    // A few runs say little about the whole.
    if (runs >= 1000) afterwards?.(runs);
  });
}
