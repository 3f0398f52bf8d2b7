/**
 * The measuring: many rounds, in each of which every case runs once, in a new random order, for about the same time.
 *
 * A neighbour on the machine slows a whole round, and not one case; so two cases are compared within each round, and
 * the median of those ratios is what counts. A batch is shorter than the turn that a busy system gives a program, so
 * that most are not interrupted. mitata's barrier keeps an engine from leaving work undone.
 */
import { do_not_optimize } from "mitata";

/** How many calls are under way at a time in a case that is called concurrent. */
export const WIDTH = 64;

let sink = 0;

/** Uses a result. Reading a character makes the engine join a string of parts: whoever made it pays for that. */
function use(value) {
  if (typeof value === "string") sink = (sink + value.charCodeAt(value.length - 1)) | 0;
  do_not_optimize(value);
}

const batches = {
  sync(run, count) {
    for (let i = 0; i < count; i++) use(run(i));
  },
  async sequential(run, count) {
    for (let i = 0; i < count; i++) use(await run(i));
  },
  async concurrent(run, count) {
    for (let i = 0; i < count; i += WIDTH) {
      const calls = Array.from({ length: WIDTH }, (_, k) => run(i + k));
      for (const value of await Promise.all(calls)) use(value);
    }
  },
};

/** Nanoseconds of a batch. A synchronous one is not awaited: the wait would be measured. */
async function time({ kind, run }, count) {
  const start = performance.now();
  const batch = batches[kind](run, count);
  if (batch !== undefined) await batch;
  return (performance.now() - start) * 1e6;
}

/** Milliseconds until an engine has compiled a case as well as it will. */
const WARM_UP = 120;

/** Warms a case up and finds how many calls fill a batch. */
async function calibrate(one, batchMs) {
  const unit = one.kind === "concurrent" ? WIDTH : 1;
  let count = unit;
  let best = Infinity;
  for (let spent = 0; spent < WARM_UP; ) {
    const took = (await time(one, count)) / 1e6;
    spent += took;
    if (took < batchMs) count *= 2;
    else best = Math.min(best, took / count);
  }
  return Math.max(unit, Math.round(batchMs / best / unit) * unit);
}

/**
 * Races some cases against each other.
 *
 * @param cases by name: `{ kind: "sync" | "sequential" | "concurrent", run(i), check(result) }`; what throws, or fails
 *   its check, is reported with its error and does not run
 * @returns by name: nanoseconds per call in each round, or the error
 */
export async function race(cases, { rounds, batchMs }) {
  const results = {};
  const running = [];
  for (const [name, one] of Object.entries(cases)) {
    try {
      const result = await one.run(0);
      if (one.check !== undefined && !(await one.check(result))) throw new Error("wrong result");
      running.push({ name, ...one, count: await calibrate(one, batchMs) });
      results[name] = { kind: one.kind, ns: [] };
    } catch (error) {
      results[name] = { error: String(error?.message ?? error) };
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const one of shuffle(running)) results[one.name].ns.push(Math.round((await time(one, one.count)) / one.count * 10) / 10);
  }
  return results;
}

function shuffle(items) {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}
