/** All scenarios, in whatever runtime this runs in. */
import { race } from "./race.mjs";
import { scenarios } from "./scenarios.mjs";

/**
 * @param node the peers and the floor on `node:crypto`, where there is one
 * @param noble our doors once more, bundled without a way to native crypto
 */
export async function runSuite({ node, noble, only, rounds, batchMs }) {
  const results = {};
  for (const [name, make] of Object.entries(scenarios)) {
    if (only.length > 0 && !only.some((word) => name.startsWith(word))) continue;
    results[name] = await race(await make({ node, noble }), { rounds, batchMs });
  }
  return results;
}
