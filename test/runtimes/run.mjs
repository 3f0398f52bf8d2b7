/**
 * npm run test:runtimes: the portable cases against the built package in every engine, as one table.
 *
 * An engine that is not on this machine is named and skipped; with CI in the environment it is a failure. Words after
 * the command choose engines: `npm run test:runtimes -- deno bun`. With `--markdown` the results follow as Markdown;
 * as data they are in `coverage/runtimes/report.json`.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { Missing } from "./engine.mjs";
import { judgeReport } from "./judgement.mjs";
import { cellsOf, HEAD, line, markdown } from "./rendering.mjs";
import { prepare, stage } from "./stage.mjs";
import { classes, engines, families } from "./table.mjs";

const SHOWN = 20;

const words = process.argv.slice(2).filter((word) => word !== "--markdown");
const rows = engines.filter(([name]) => words.length === 0 || words.some((word) => name.includes(word)));

prepare();
// The staged cases, listed and not run: how many an engine with these features has.
const staged = (path) => import(pathToFileURL(`${stage}test/runtimes/${path}`).href);
const [{ countCases, listCases }, { vectors }] = [await staged("cases/index.mjs"), await staged("vectors.mjs")];
const countFor = (features) => countCases(listCases(vectors, features));

let failed = 0;
function fail(faults) {
  failed++;
  for (const fault of faults.slice(0, SHOWN)) console.log(`  ${fault}`);
  if (faults.length > SHOWN) console.log(`  and ${faults.length - SHOWN} more`);
}

const whole = countFor(classes.server.features);
const astray = Object.keys({ ...whole, ...families }).filter((family) => whole[family] !== families[family]);
if (astray.length > 0) fail(astray.map((one) => `${one}: there are ${whole[one]} cases, the table says ${families[one]}`));

/** Runs one engine; answers what is known of it and what is wrong with it. */
async function runEngine([runtime, launcher, options, className]) {
  const start = performance.now();
  const { launch } = await import(`./engines/${launcher}.mjs`);
  const launched = await launch(options);
  const { version, reports = { script: launched.report } } = launched;
  const seconds = (performance.now() - start) / 1000;
  const realms = Object.keys(reports);
  const all = Object.values(reports);
  const fatal = all.find((one) => one.fatal !== undefined);
  if (fatal !== undefined) throw new Error(fatal.fatal);
  const counts = countFor(classes[className].features);
  const faults = Object.entries(reports).flatMap(([realm, report]) => {
    const found = judgeReport(report, className, counts);
    if (realms.length > 1 && report.realm !== realm) found.push(`this is no ${realm}, but a ${report.realm}`);
    return realms.length > 1 ? found.map((fault) => `${realm}: ${fault}`) : found;
  });
  const cases = all.reduce((sum, { total }) => sum + total, 0);
  const passed = cases - all.reduce((sum, { failures }) => sum + failures.length, 0);
  const [{ mac, sync, features, abilities }] = all;
  const engine = { async: mac, sync };
  const facts = { runtime, version, class: className, realms, engine, cases, passed, seconds, features, abilities };
  return { ...facts, families: all[0].families, faults };
}

if (rows.length === 0) fail([`no engine is called ${words.join(" or ")}`]);
const results = [];
console.log(line(HEAD));
for (const row of rows) {
  const [runtime] = row;
  try {
    const result = await runEngine(row);
    results.push(result);
    console.log(line([...cellsOf(result), result.faults.length === 0 ? "" : "FAIL"]));
    if (result.faults.length > 0) fail(result.faults);
  } catch (error) {
    if (error instanceof Missing) {
      results.push({ runtime, skipped: error.message });
      console.log(line([runtime, "", `skipped: not installed (${error.message})`]));
      if (process.env.CI !== undefined) fail([`${runtime} must be here: CI is set`]);
    } else {
      results.push({ runtime, faults: [String(error.message)], seconds: 0 });
      console.log(line([runtime, "", "FAIL"]));
      fail([error.stack]);
    }
  }
}

const total = results.reduce((sum, { cases = 0 }) => sum + cases, 0);
const seconds = results.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
const ran = results.filter(({ cases }) => cases > 0).length;
console.log(`engines: ${ran} of ${rows.length}, cases: ${total}, ${seconds.toFixed(0)} s`);
writeFileSync(`${stage}report.json`, `${JSON.stringify({ total, classes, families, engines: results }, undefined, 2)}\n`);
if (process.argv.includes("--markdown")) console.log(`\n${markdown(results)}`);
process.exitCode = failed === 0 ? 0 : 1;
