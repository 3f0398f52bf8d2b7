/**
 * npm run test:runtimes: the portable cases against the built package in every engine, as one table.
 *
 * An engine that is not on this machine is named and skipped; with CI in the environment it is a failure. Words after
 * the command choose engines: `npm run test:runtimes -- deno bun`.
 */
import { Missing } from "./engine.mjs";
import { prepare } from "./stage.mjs";

/** Who must make an HS256 signature there: in the asynchronous door, and in the synchronous one. */
const NATIVE = { mac: "webcrypto", sync: "native" };
const WEB = { mac: "webcrypto", sync: "noble" };
const WITHOUT = { mac: "noble", sync: "native" };
const BARE = { mac: "noble", sync: "noble" };

const ENGINES = [
  ["node", "node", {}, NATIVE],
  ["node 22", "node", { release: 22 }, NATIVE],
  ["node 24", "node", { release: 24 }, NATIVE],
  ["deno", "deno", {}, NATIVE],
  ["bun", "bun", {}, NATIVE],
  ["workerd", "workerd", {}, WEB],
  ["workerd (miniflare)", "miniflare", {}, WEB],
  ["edge-runtime", "edge-runtime", {}, WEB],
  ["happy-dom", "happy-dom", {}, WEB],
  ["node, no crypto", "node", { noCrypto: true }, WITHOUT],
  ["deno, no crypto", "deno", { noCrypto: true }, WITHOUT],
  // Its node:crypto needs the global.
  ["bun, no crypto", "bun", { noCrypto: true }, BARE],
  ["quickjs", "quickjs", { variant: "quickjs" }, BARE],
  ["quickjs-ng", "quickjs", { variant: "quickjs-ng" }, BARE],
  ["hermes", "hermes", {}, BARE],
  ["jsc", "shell", { shell: "jsc" }, BARE],
  ["gjs", "shell", { shell: "gjs" }, BARE],
  ...["chromium", "firefox", "webkitgtk", "wpe"].flatMap((browser) => [
    [browser, "browser", { browser }, WEB],
    [`${browser}, insecure`, "browser", { browser, insecure: true }, BARE],
  ]),
];

const wanted = process.argv.slice(2);
const rows = ENGINES.filter(([name]) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const widths = [24, 14, 22, 7, 7, 9];
const write = (...cells) =>
  console.log(
    cells
      .map((cell, index) => String(cell).padEnd(widths[index] ?? 0))
      .join(" ")
      .trimEnd(),
  );

prepare();
write("runtime", "version", "engine (async, sync)", "cases", "passed", "time");
let failed = 0;
for (const [name, module, options, expected] of rows) {
  const start = performance.now();
  try {
    const { launch } = await import(`./engines/${module}.mjs`);
    const { version, report } = await launch(options);
    if (report.fatal !== undefined) throw new Error(report.fatal);
    const { total, failures, mac, sync } = report;
    const faults = [...failures];
    if (mac !== expected.mac || sync !== expected.sync)
      faults.push(`engine: expected ${expected.mac}, ${expected.sync}`);
    if (total < 300) faults.push("too few cases ran");
    const time = `${((performance.now() - start) / 1000).toFixed(2)} s`;
    write(name, version, `${mac}, ${sync}`, total, total - failures.length, time, faults.length === 0 ? "" : "FAIL");
    for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
    if (faults.length > 0) failed++;
  } catch (error) {
    const missing = error instanceof Missing;
    if (!missing || process.env.CI !== undefined) failed++;
    write(name, "", missing ? `skipped: not installed (${error.message})` : "FAIL");
    if (!missing) console.log(`  ${error.stack}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
