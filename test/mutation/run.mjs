// Mutation testing: `npm run mutate` for all folders, `npm run mutate -- src/jws` for some, or for files of them.
//
// Each folder is judged by the tests that are about it, so that a mutant costs little. What survived, and why, is told
// in SURVIVORS.md. Reports: coverage/mutation.
import { Stryker } from "@stryker-mutator/core";

/** By part: its files, and the tests that judge them. */
const PARTS = {
  "src/jws": {
    files: "src/jws/**/*.ts",
    tests: ["test/unit/jws/*.test.ts", "test/unit/jwt/{decode,sign,usual-headers,verify}.test.ts"],
  },
  "src/jwt": { files: "src/jwt/**/*.ts", tests: ["test/unit/jwt/*.test.ts", "test/unit/connect/replay.test.ts"] },
  "src/qsh": {
    files: "src/qsh/!(explain)*.ts",
    tests: ["test/unit/qsh/!(explain)*.test.ts", "test/vectors/qsh.test.ts"],
  },
  "src/qsh/explain": { files: "src/qsh/explain*.ts", tests: ["test/unit/qsh/explain!(-limits).test.ts"] },
  "src/connect": {
    files: "src/connect/**/!(explain)*.ts",
    tests: [
      "test/unit/connect/**/!(explain)*.test.ts",
      "test/vectors/tokens-inbound.test.ts",
      "test/security/inbound-attacks.test.ts",
    ],
  },
  "src/connect/explain": { files: "src/connect/explain*.ts", tests: ["test/unit/connect/explain*.test.ts"] },
};

const asked = process.argv.slice(2);

for (const asking of asked.length > 0 ? asked : Object.keys(PARTS)) {
  // The longest name wins: a file of src/qsh/explain is judged by the tests of explanations.
  const part = Object.keys(PARTS).findLast((name) => asking === name || asking.startsWith(name));
  if (part === undefined) throw new Error(`not a part that is mutated: ${asking} (${Object.keys(PARTS).join(", ")})`);
  const { files, tests } = PARTS[part];
  process.env.MUTATED_TESTS = JSON.stringify(tests);
  const report = asking.replace(/^src\//, "").replaceAll("/", "-");
  console.log(`\n${asking}, judged by ${tests.join(", ")}`);
  const results = await new Stryker({
    mutate: [asking === part ? files : asking],
    testRunner: "vitest",
    vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
    concurrency: Number(process.env.MUTATE_WORKERS ?? 1),
    ignorePatterns: ["test/runtimes", "test/mutation/node_modules", "bench", "docs", "dist", "coverage"],
    tempDirName: "coverage/mutation-sandbox",
    reporters: ["progress-append-only", "clear-text", "html", "json"],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, allowEmojis: false },
    htmlReporter: { fileName: `coverage/mutation/${report}.html` },
    jsonReporter: { fileName: `coverage/mutation/${report}.json` },
    allowConsoleColors: false,
    timeoutMS: 20_000,
    disableTypeChecks: false,
    ignoreStatic: true,
  }).runMutationTest();
  const counted = results.filter(({ status }) => !["Ignored", "CompileError", "RuntimeError"].includes(status));
  const killed = counted.filter(({ status }) => status === "Killed" || status === "Timeout").length;
  const reached = (killed / counted.length) * 100;
  console.log(`${asking}: ${killed} of ${counted.length} mutants killed, ${reached.toFixed(1)} %`);
}
