/**
 * Changes of one thing, one after the other.
 */

/** By name: who runs, and behind it who waits, in the order they came. */
export type Turns = Map<string, object[]>;

/**
 * Runs a task when all that came before it under the same name are done. Whoever waits does so by a timer of its own:
 * on Workers the promise of another request may never settle.
 *
 * @param takeOver seconds after which a task that does not end holds up the next one no longer
 */
export async function inTurn<T>(turns: Turns, name: string, takeOver: number, task: () => Promise<T>): Promise<T> {
  const turn = {};
  const line = turns.get(name) ?? [];
  turns.set(name, line);
  line.push(turn);
  let first = line[0];
  for (let waited = 0; line[0] !== turn; ) {
    const delay = Math.min(1 + waited / 10, 50);
    await new Promise<void>((resolve) => void setTimeout(resolve, delay));
    waited += delay;
    if (line[0] !== first) [first, waited] = [line[0], 0];
    else if (waited >= takeOver * 1000) line.shift();
  }
  try {
    return await task();
  } finally {
    // Whoever was taken for lost has no place any more.
    if (line[0] === turn) line.shift();
    if (line.length === 0 && turns.get(name) === line) turns.delete(name);
  }
}
