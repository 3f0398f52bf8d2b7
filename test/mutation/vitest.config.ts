import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** Whole corpora come last: the first failure ends a mutant, and most fail at a single row elsewhere. */
class CorporaLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const cost = ({ moduleId }: TestSpecification): number => Number(/-(?:corpus|pairs)\.test\.ts$/.test(moduleId));
    return (await super.sort(files)).sort((a, b) => cost(a) - cost(b));
  }
}

/** The tests that judge a mutant: those of `MUTATED_TESTS`, without the fuzzers, which would take too long for each. */
export default defineConfig({
  resolve: { alias: { "fast-check": fileURLToPath(new URL("few-runs.ts", import.meta.url)) } },
  test: {
    include: JSON.parse(process.env["MUTATED_TESTS"] ?? "[]") as string[],
    testTimeout: 120_000,
    sequence: { sequencer: CorporaLast },
  },
});
