import { expect, test } from "vitest";
import { pairedMistakes } from "./mismatch-corpus.ts";
import { isNamed, measure } from "./named-mistakes.ts";

test("at least 90 percent of paired mistakes are named", { timeout: 120_000 }, () => {
  const { count, unnamed, share } = measure(pairedMistakes(2), isNamed);
  expect(count).toBeGreaterThan(1000);
  expect(share, unnamed.join("\n")).toBeLessThan(0.1);
});
