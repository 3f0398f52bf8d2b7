/**
 * npm run bench: races us against our peers, in every engine that is there.
 *
 * `npm run bench -- node24 bun` chooses engines (`processes` is cold start, memory and size), `--only=sign,qsh` scenarios by how their names begin, `--rounds=51` and
 * `--batch=2` (milliseconds) how long it takes, and `--source` measures `src` as it is. The data of a whole race goes to
 * `bench/results`. The peers: `npm ci --prefix bench/compare`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Missing } from "../test/runtimes/engine.mjs";
import { measureProcesses } from "./processes/measure.mjs";
import { printScenario } from "./table.mjs";

const ENGINES = {
  node20: ["node", {}],
  node24: ["node", { release: 24 }],
  deno: ["deno", {}],
  bun: ["bun", {}],
  workerd: ["workerd", {}],
  chromium: ["chromium", {}],
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "101" },
    batch: { type: "string", default: "1" },
    source: { type: "boolean", default: false },
  },
});
const settings = {
  only: values.only.split(",").filter(Boolean),
  rounds: Number(values.rounds),
  batchMs: Number(values.batch),
  source: values.source,
};
const results = new URL("results/", import.meta.url);
mkdirSync(results, { recursive: true });
for (const [engine, [module, options]] of Object.entries(ENGINES)) {
  if (positionals.length > 0 && !positionals.includes(engine)) continue;
  try {
    const { launch } = await import(`./engines/${module}.mjs`);
    const { version, report } = await launch({ engine, ...options, settings, timeout: 1_200_000 });
    console.log(`\n# ${engine} (${version})`);
    for (const [name, rows] of Object.entries(report)) printScenario(name, rows);
    if (settings.only.length === 0 && !settings.source) {
      writeFileSync(new URL(`${engine}.json`, results), `${JSON.stringify({ engine, version, settings, report })}\n`);
    }
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.log(`\n# ${engine}: skipped, not installed (${error.message})`);
  }
}

if (positionals.length === 0 || positionals.includes("processes")) {
  const report = await measureProcesses(15);
  console.log("\n# processes", report);
  writeFileSync(new URL("processes.json", results), `${JSON.stringify(report)}\n`);
}
