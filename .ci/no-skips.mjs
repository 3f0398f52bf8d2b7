// Reads vitest's JSON report and fails when a test was skipped, or left to be written.
//
// The one exception: suites of others that are read from ../shared and never copied into this project. Their tests say
// so in their names, and may be skipped where that folder is absent.
import { existsSync, readFileSync } from "node:fs";

const SHARED = "../shared/";
const shared = existsSync(new URL(`../${SHARED}`, import.meta.url));

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const tests = report.testResults.flatMap((file) => file.assertionResults);
const skipped = tests.filter((one) => one.status !== "passed" && one.status !== "failed");
const excused = skipped.filter((one) => !shared && one.fullName.includes(SHARED));

for (const { status, fullName } of skipped) console.log(`${status}: ${fullName}`);
console.log(`${tests.length} tests, ${skipped.length} skipped, ${excused.length} of them for want of ${SHARED}`);
process.exitCode = tests.length > 0 && skipped.length === excused.length ? 0 : 1;
