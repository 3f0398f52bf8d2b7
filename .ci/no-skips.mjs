// Reads vitest's JSON report and fails when a test was skipped, or left to be written.
//
// The one exception: suites of others that are read from a folder beside the project and never copied into it. Where
// that folder is absent, their tests say so in their names (test/support/shared.ts), and are told here.
import { readFileSync } from "node:fs";

const ABSENT = /shared\/\S+ \(absent on this machine\)/;

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const tests = report.testResults.flatMap((file) => file.assertionResults);
const skipped = tests.filter((one) => one.status !== "passed" && one.status !== "failed");
const excused = skipped.filter((one) => ABSENT.test(one.fullName));

for (const { status, fullName } of skipped) console.log(`${status}: ${fullName}`);
console.log(`${tests.length} tests, ${skipped.length} skipped, ${excused.length} of them for want of the suites of others`);
process.exitCode = tests.length > 0 && skipped.length === excused.length ? 0 : 1;
