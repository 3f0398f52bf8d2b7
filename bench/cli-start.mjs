// How long the command takes to start, beyond what Node itself takes: npm run build && node bench/cli-start.mjs [runs]
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const runs = Number(process.argv[2] ?? 30);
const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const lines = {
  "node -e 0": ["-e", "0"],
  "jwt-qsh --version": [cli, "--version"],
  "jwt-qsh --help": [cli, "--help"],
  "jwt-qsh qsh GET /a?b=c": [cli, "qsh", "GET", "/a?b=c"],
  "jwt-qsh decode --help": [cli, "decode", "--help"],
  "jwt-qsh oauth1 dance --help": [cli, "oauth1", "dance", "--help"],
  "jwt-qsh whoami --help": [cli, "whoami", "--help"],
};

// Interleaved, so that a busy moment of the machine hits all alike.
const times = Object.fromEntries(Object.keys(lines).map((name) => [name, []]));
for (let run = 0; run < runs; run++) {
  for (const [name, args] of Object.entries(lines)) {
    const start = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
    times[name].push(performance.now() - start);
    if (status !== 0) throw new Error(`${name} ended with ${status}`);
  }
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const floor = median(times["node -e 0"]);
console.log(`node ${process.version}, ${runs} runs, medians`);
for (const [name, list] of Object.entries(times)) {
  const value = median(list);
  console.log(`${name.padEnd(30)} ${value.toFixed(0).padStart(5)} ms  +${(value - floor).toFixed(0)} ms`);
}
