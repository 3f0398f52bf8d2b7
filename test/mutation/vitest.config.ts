import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The tests that judge a mutant: those of `MUTATED_TESTS`, without the fuzzers, which would take too long for each. */
export default defineConfig({
  resolve: { alias: { "fast-check": fileURLToPath(new URL("few-runs.ts", import.meta.url)) } },
  test: {
    include: JSON.parse(process.env["MUTATED_TESTS"] ?? "[]") as string[],
    testTimeout: 120_000,
  },
});
