/** Explains mismatches whose cause is known, and counts those that are not named. */
import { expect } from "vitest";
import { explainQsh } from "../../../src/qsh/explain.ts";
import type { QshExplanation } from "../../../src/qsh/explain.ts";
import type { Mismatch } from "./mismatch-corpus.ts";

export function explain({ claimed, request: { method, url, baseUrl, form }, body }: Mismatch): QshExplanation {
  const request = { method, url, ...(form === undefined ? {} : { form }) };
  return explainQsh(claimed, request, { ...(baseUrl === undefined ? {} : { baseUrl }), ...(body === undefined ? {} : { body }) });
}

/** Explains them all: how many there are, and which were not named. */
export function measure(mismatches: Iterable<Mismatch>, named: (explanation: QshExplanation, mismatch: Mismatch) => boolean) {
  const unnamed: string[] = [];
  let count = 0;
  for (const mismatch of mismatches) {
    count++;
    const explanation = explain(mismatch);
    expect(explanation.match, mismatch.label).not.toBe("exact");
    if (!named(explanation, mismatch)) unnamed.push(`${mismatch.label} -> ${explanation.causes.map(({ code }) => code).join()}`);
  }
  return { count, unnamed, share: unnamed.length / count };
}

/** The hash was made again; for one mistake, its own name is among the causes that make it. */
export function isNamed({ match, causes, alternatives }: QshExplanation, { codes, request }: Mismatch): boolean {
  if (match !== "variant") return false;
  // Beyond 50 parameters one cause is named; another mistake may have made the same hash.
  if (codes.length !== 1 || request.url.length > 2000) return true;
  return [...causes, ...alternatives].some(({ code }) => code === codes[0]);
}
