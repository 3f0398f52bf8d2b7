/**
 * node bench/report.mjs: writes RESULTS.md, results.json and chart.svg out of the data of the last whole race.
 *
 * `npm run bench` leaves that data in `bench/results`; every number is computed from it here, and none is typed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { cpus, release, type } from "node:os";
import { drawChart } from "./chart.mjs";
import { judgeGoals } from "./goals.mjs";
import { formatTime, median, scenarioRows } from "./table.mjs";

const here = (name) => new URL(name, import.meta.url);
const read = (name) => JSON.parse(readFileSync(here(name), "utf8"));

const ENGINES = ["node20", "node24", "deno", "bun", "workerd", "chromium"];
const raced = ENGINES.filter((engine) => existsSync(here(`results/${engine}.json`))).map((engine) => read(`results/${engine}.json`));
const processes = existsSync(here("results/processes.json")) ? read("results/processes.json") : undefined;
const peers = read("compare/package.json").dependencies;
const reports = Object.fromEntries(raced.map(({ engine, report }) => [engine, report]));
// What bundles pay is no matter of chance: it is measured now, as `npm run size` does it.
const limits = JSON.parse(execFileSync("npx", ["size-limit", "--json"], { cwd: here(".."), encoding: "utf8" }));
const goals = judgeGoals(reports, processes, limits);
const newest = Math.max(...readdirSync(here("results")).map((file) => statSync(here(`results/${file}`)).mtimeMs));
const date = new Date(newest).toISOString().slice(0, 10);

const machine = `${cpus().length} × ${cpus()[0].model.trim()}, ${type()} ${release().split("-")[0]}`;
const settings = raced[0].settings;

const line = (...cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [line(...head), line(...head.map(() => "---")), ...rows.map((row) => line(...row.flat()))].join("\n");
const shown = ({ value, unit }) => (value === undefined ? "not measured" : `${value.toFixed(2)}${unit}`);

function goalTable() {
  return table(
    ["goal", "what", "asked", "measured", ""],
    goals.map((row) => [row.number, row.name, `${row.sign} ${row.goal}${row.unit}`, shown(row), row.met ? "met" : "**not met**"]),
  );
}

function scenarioTable(rows) {
  const timed = scenarioRows(rows).map(({ name, ns, ratio }) => [name, formatTime(ns), ratio === undefined ? "" : ratio.toFixed(2)]);
  const failed = Object.entries(rows).filter(([, { error }]) => error !== undefined).map(([name, { error }]) => [name, error, ""]);
  return table(["", "time", "by ours"], [...timed, ...failed]);
}

function engineSection({ engine, version, report }) {
  const scenarios = Object.entries(report).map(([name, rows]) => `#### ${name}\n\n${scenarioTable(rows)}`);
  return `### ${engine} (${version})\n\n<details><summary>all scenarios</summary>\n\n${scenarios.join("\n\n")}\n\n</details>`;
}

function processSection({ cold, memory, size }) {
  const starts = Object.keys(cold.node20).map((name) => [
    name,
    Object.values(cold).flatMap((rows) => [rows[name].imported.toFixed(1), rows[name].first?.toFixed(1) ?? ""]),
  ]);
  const heaps = Object.keys(memory.node20).map((name) => [name, Object.values(memory).map((rows) => Math.round(rows[name]).toLocaleString("en"))]);
  return `### cold start, memory, size

Milliseconds from the start of a program to the end of the import, and to the first signed request; medians of fresh processes.

${table(["", ...Object.keys(cold).flatMap((engine) => [`import, ${engine}`, `first, ${engine}`])], starts)}

Bytes of heap.

${table(["", ...Object.keys(memory)], heaps)}

Bytes of a bundle, minified by esbuild.

${table(["", "minified", "gzipped"], Object.entries(size).map(([name, row]) => [name, row.minified, row.gzipped]))}`;
}

const missed = goals.filter(({ met }) => !met);
const byGoal = Object.entries(group(missed));

function group(rows) {
  const groups = {};
  for (const row of rows) (groups[row.number] ??= []).push(row);
  return groups;
}

function missedSection() {
  if (missed.length === 0) return "Every goal is met.";
  const notes = existsSync(here("misses.json")) ? read("misses.json") : {};
  return byGoal
    .map(([number, rows]) => {
      const by = rows.map((row) => `${row.name}: ${shown(row)} instead of ${row.sign} ${row.goal}${row.unit}`);
      return `- **Goal ${number}.** ${by.join("; ")}. ${notes[number] ?? ""}`.trim();
    })
    .join("\n");
}

const chart = (scenario, ours, against, label) => {
  const rows = Object.entries(reports).flatMap(([engine, report]) => {
    const cases = report[scenario];
    if (!cases?.[ours]?.ns || !cases[against]?.ns) return [];
    const value = median(cases[ours].ns.map((ns, round) => cases[against].ns[round] / ns));
    return [{ label: `${label}, ${engine}, by ${against.split(" ")[0]}`, value, against }];
  });
  return rows;
};

writeFileSync(
  here("chart.svg"),
  drawChart("How many times as fast", [
    ...chart("sign HS256, 64 at a time", "jwt-qsh", "jose", "sign, 64 at a time"),
    ...chart("verify HS256, 64 at a time", "jwt-qsh", "jose", "verify, 64 at a time"),
    ...chart("qsh, 3 parameters", "jwt-qsh", "atlassian-jwt", "qsh, 3 parameters"),
    ...chart("outbound", "jwt-qsh, sync engine", "atlassian-jwt", "outbound, synchronous"),
    ...chart("inbound", "jwt-qsh, sync engine", "atlassian-jwt", "inbound, synchronous"),
    ...chart("inbound", "jwt-qsh", "jose + URLSearchParams", "inbound, default"),
  ]),
);

const medians = Object.fromEntries(
  Object.entries(reports).map(([engine, report]) => [
    engine,
    Object.fromEntries(
      Object.entries(report).map(([scenario, rows]) => [
        scenario,
        Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row.ns === undefined ? row.error : median(row.ns)])),
      ]),
    ),
  ]),
);
const versions = Object.fromEntries(raced.map(({ engine, version }) => [engine, version]));
writeFileSync(here("results.json"), `${JSON.stringify({ date, machine, versions, peers, settings, goals, medians, processes }, null, 1)}\n`);

writeFileSync(
  here("RESULTS.md"),
  `# Results

Written by \`node bench/report.mjs\` out of the data of the last race in each engine; [results.json](results.json) has the medians.

- machine: ${machine}; a virtual one, whose neighbours are heard: ratios within a round count, times do not
- date: ${date}
- command: \`npm ci --prefix test/runtimes && npm ci --prefix bench/compare && npm run build && npm run bench -- --rounds=${settings.rounds} && node bench/report.mjs\`
- engines: ${raced.map(({ engine, version }) => `${engine} ${version}`).join(", ")}
- peers: ${Object.entries(peers).map(([name, version]) => `${name} ${version}`).join(", ")}
- method: ${settings.rounds} rounds in random order, each case for ${settings.batchMs} ms a round (in workerd, whose clock ticks in milliseconds, a sixth of the rounds for 25 ms); a ratio is the median of the ratios within a round

![how many times as fast](chart.svg)

## Goals

${goals.length - missed.length} of ${goals.length} are met.

${goalTable()}

## What is not met, by how much and why

${missedSection()}

## All numbers

"By ours" is how many times as long a case takes as our first row.

${raced.map(engineSection).join("\n\n")}
${processes === undefined ? "" : `\n${processSection(processes)}\n`}`,
);
console.log(`${goals.length - missed.length} of ${goals.length} goals are met`);
for (const row of missed) console.log(`  not met: ${row.number} ${row.name}: ${shown(row)}, ${row.sign} ${row.goal}${row.unit}`);
