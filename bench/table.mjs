/** Numbers out of rounds, and tables out of numbers. */

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** How many times as fast `ours` is as `theirs`: the median of the ratios within each round. */
export const ratio = (ours, theirs) => median(ours.ns.map((ns, round) => theirs.ns[round] / ns));

export function formatTime(ns) {
  if (ns < 1000) return `${ns.toFixed(0)} ns`;
  if (ns < 1e6) return `${(ns / 1000).toPrecision(3)} µs`;
  return `${(ns / 1e6).toPrecision(3)} ms`;
}

/** The rows of a scenario, the fastest first, with how much slower than our first door each is. */
export function scenarioRows(rows) {
  const [own] = Object.entries(rows).find(([name, row]) => name.startsWith("jwt-qsh") && row.ns) ?? [];
  const timed = Object.entries(rows).filter(([, row]) => row.ns).map(([name, row]) => ({ name, ns: median(row.ns), ratio: own && ratio(rows[own], row) }));
  return timed.sort((a, b) => a.ns - b.ns);
}

export function printScenario(name, rows) {
  console.log(`\n## ${name}`);
  for (const row of scenarioRows(rows)) {
    console.log(`${row.name.padEnd(40)} ${formatTime(row.ns).padStart(9)}  ${row.ratio?.toFixed(2) ?? ""}`);
  }
  for (const [other, { error }] of Object.entries(rows)) if (error !== undefined) console.log(`${other.padEnd(40)} ${error}`);
}
