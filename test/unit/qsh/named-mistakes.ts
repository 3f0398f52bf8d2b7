/** Explains mismatches whose cause is known, and counts those that are not named. */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import { explainQsh } from "../../../src/qsh/explain.ts";
import type { ExplainQshOptions, QshExplanation } from "../../../src/qsh/explain.ts";
import type { QshRequest } from "../../../src/qsh/request.ts";
import type { Mismatch } from "./mismatch-corpus.ts";

export function explain({ claimed, request: { method, url, baseUrl, form }, body }: Mismatch): QshExplanation {
  const request = { method, url, ...(form === undefined ? {} : { form }) };
  return explainQsh(claimed, request, { ...(baseUrl === undefined ? {} : { baseUrl }), ...(body === undefined ? {} : { body }) });
}

/** Explains them all: how many there are, and which were not named. */
export function measure(mismatches: Iterable<Mismatch>, judge: (explanation: QshExplanation, mismatch: Mismatch) => boolean) {
  const unnamed: string[] = [];
  let count = 0;
  for (const mismatch of mismatches) {
    count++;
    const explanation = explain(mismatch);
    expect(explanation.match, mismatch.label).not.toBe("exact");
    if (!judge(explanation, mismatch)) unnamed.push(`${mismatch.label} -> ${explanation.causes.map(({ code }) => code).join()}`);
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

/** What is named when this text was hashed for the request: the codes alone. */
export function named(request: QshRequest, hashed: string, options?: ExplainQshOptions): { match: string; causes: string[]; alternatives: string[] } {
  const { match, causes, alternatives } = explainQsh(createHash("sha256").update(hashed).digest("hex"), request, options);
  return { match, causes: causes.map(({ code }) => code), alternatives: alternatives.map(({ code }) => code) };
}
