/** A megabyte, which is what an attacker may send, and a sixteenth of it: linear is 16 times, quadratic 256 times. */
export const SIZES: readonly [small: number, large: number] = [1 << 16, 1 << 20];

/** Below this many milliseconds a clock measures itself. */
const FLOOR = 0.2;
const RUNS = 2;
const ROUNDS = 6;

export interface Growth {
  /** log T over log N: 1 for linear, 2 for quadratic. */
  readonly exponent: number;
  /** The time at the larger size, in milliseconds of this process's own. */
  readonly last: number;
}

/** The processor's time, not the wall's: other processes do not count. */
async function cpuTime<T>(input: T, run: (input: T) => unknown): Promise<number> {
  const start = process.cpuUsage();
  await run(input);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/**
 * Measures how the time of `run` grows with the size of what `make` makes: the least of several runs, each on an input of
 * its own. Noise only adds, so a measure above the bound is taken again; what is quadratic stays above it.
 */
export async function growth<T>(
  make: (size: number) => T,
  run: (input: T) => unknown,
  bound: number,
  [small, large]: readonly [number, number] = SIZES,
): Promise<Growth> {
  let least: [number, number] = [Infinity, Infinity];
  const exponent = () => Math.log(Math.max(least[1], FLOOR) / Math.max(least[0], FLOOR)) / Math.log(large / small);
  for (let round = 0; round === 0 || (round < ROUNDS && exponent() >= bound); round++) {
    for (let i = 0; i < RUNS; i++) {
      least = [
        Math.min(least[0], await cpuTime(make(small), run)),
        Math.min(least[1], await cpuTime(make(large), run)),
      ];
    }
  }
  return { exponent: exponent(), last: least[1] };
}
