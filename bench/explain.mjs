// How long explainQsh takes over the corpus of mismatches: `npm run build && node bench/explain.mjs`.
// Processor time of this process, not the clock on the wall, so that a busy machine measures the same.
import { fileURLToPath, pathToFileURL } from "node:url";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { explainQsh } from "jwt-qsh";

const folder = await mkdtemp(join(tmpdir(), "explain-"));
const outfile = join(folder, "corpus.mjs");
const tests = new URL("../test/", import.meta.url);
await build({
  entryPoints: [fileURLToPath(new URL("unit/qsh/mismatch-corpus.ts", tests))],
  bundle: true,
  format: "esm",
  platform: "node",
  outfile,
  // The corpus finds its data from where its source is.
  define: { "import.meta.url": JSON.stringify(new URL("unit/qsh/mismatch-corpus.ts", tests).href) },
  logLevel: "error",
});
const { peerMismatches, singleMistakes, pairedMistakes } = await import(pathToFileURL(outfile).href);
await rm(folder, { recursive: true });

const kinds = { "other implementations": [...peerMismatches()], "single mistakes": [...singleMistakes()], "two mistakes": [...pairedMistakes(2)] };
for (const [kind, mismatches] of Object.entries(kinds)) {
  const times = [];
  let named = 0;
  for (const { claimed, request, body } of mismatches) {
    const { method, url, form, baseUrl } = request;
    const start = process.cpuUsage().user;
    const { match } = explainQsh(claimed, { method, url, ...(form !== undefined && { form }) }, { ...(baseUrl && { baseUrl }), ...(body !== undefined && { body }) });
    times.push((process.cpuUsage().user - start) / 1000);
    if (match === "variant") named++;
  }
  times.sort((a, b) => a - b);
  const at = (share) => `${times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(2)} ms`;
  const share = ((100 * named) / mismatches.length).toFixed(1);
  process.stdout.write(`${kind.padEnd(22)} ${String(mismatches.length).padStart(5)}  named ${share}%  median ${at(0.5)}  p99 ${at(0.99)}  worst ${at(1)}\n`);
}
