import { defineConfig } from "vitest/config";

/** The tests that judge a mutant: those of `MUTATED_TESTS`, without the fuzzers, which would take too long for each. */
export default defineConfig({
  test: {
    include: (process.env["MUTATED_TESTS"] ?? "").split(","),
    testTimeout: 120_000,
  },
});
