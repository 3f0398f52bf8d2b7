// Mutation testing: `npm run mutate` for all folders, `npm run mutate -- src/jws` for some, or for files of them.
//
// Each folder is judged by the tests that are about it, so that a mutant costs little. What survived, and why, is told
// in SURVIVORS.md. Reports: coverage/mutation.
import { Stryker } from "@stryker-mutator/core";

/** By folder: the tests that judge it. */
const FOLDERS = {
  "src/jws": ["test/unit/jws/*.test.ts", "test/unit/jwt/{decode,sign,usual-headers,verify}.test.ts"],
  "src/jwt": ["test/unit/jwt/*.test.ts", "test/unit/connect/replay.test.ts"],
  "src/qsh": ["test/unit/qsh/*.test.ts", "test/vectors/qsh.test.ts"],
  "src/connect": [
    "test/unit/connect/**/*.test.ts",
    "test/vectors/tokens-inbound.test.ts",
    "test/security/inbound-attacks.test.ts",
  ],
};

const asked = process.argv.slice(2);

for (const part of asked.length > 0 ? asked : Object.keys(FOLDERS)) {
  const name = Object.keys(FOLDERS).find((folder) => part === folder || part.startsWith(`${folder}/`));
  if (name === undefined) throw new Error(`not a part that is mutated: ${part} (${Object.keys(FOLDERS).join(", ")})`);
  const tests = FOLDERS[name];
  process.env.MUTATED_TESTS = tests.join(",");
  console.log(`\n${part}, judged by ${tests.join(", ")}`);
  const results = await new Stryker({
    mutate: [part.endsWith(".ts") ? part : `${part}/**/*.ts`],
    testRunner: "vitest",
    vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
    concurrency: Number(process.env.MUTATE_WORKERS ?? 1),
    ignorePatterns: ["test/runtimes", "test/corpus", "test/mutation/node_modules", "bench", "docs", "dist", "coverage"],
    tempDirName: "coverage/mutation-sandbox",
    reporters: ["progress-append-only", "clear-text", "html", "json"],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, allowEmojis: false },
    htmlReporter: { fileName: `coverage/mutation/${name.slice(4)}.html` },
    jsonReporter: { fileName: `coverage/mutation/${name.slice(4)}.json` },
    allowConsoleColors: false,
    timeoutMS: 20_000,
    disableTypeChecks: false,
    ignoreStatic: true,
  }).runMutationTest();
  const counted = results.filter(({ status }) => !["Ignored", "CompileError", "RuntimeError"].includes(status));
  const killed = counted.filter(({ status }) => status === "Killed" || status === "Timeout").length;
  const reached = (killed / counted.length) * 100;
  console.log(`${part}: ${killed} of ${counted.length} mutants killed, ${reached.toFixed(1)} %`);
}
