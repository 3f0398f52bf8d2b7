/**
 * A hypothesis: one way in which a signer may have read the rules.
 */
import type { Rules } from "./canonical.ts";
import type { QshCauseCode } from "./explain-causes.ts";

/** One mistake. Several hypotheses may share a code: the same mistake, made in another way. */
export interface Hypothesis {
  readonly code: QshCauseCode;
  /** It leaves no room for another mistake with the same half of the request. Such ones are the last of their list. */
  readonly alone?: boolean;
  /** The rules that the mistake changes, given the rules that hold otherwise. */
  readonly patch: (rules: Rules) => Partial<Rules>;
}

/** A mistake with the canonical request as a whole. */
export interface WholeHypothesis {
  readonly code: QshCauseCode;
  readonly change: (head: string, query: string) => string;
}

/** Applies mistakes in order, each upon the rules that the ones before it left. */
export function patchRules(rules: Rules, hypotheses: readonly Hypothesis[]): Rules {
  const patched = { ...rules };
  // A patch reads the rules before it: it gets a copy, which the next one cannot change under it.
  for (const { patch } of hypotheses) Object.assign(patched, patch({ ...patched }));
  return patched;
}

export const wholeHypotheses: readonly WholeHypothesis[] = [
  { code: "separator-dropped", change: (head, query) => (query === "" ? head.slice(0, -1) : head + query) },
  { code: "newline-appended", change: (head, query) => `${head}${query}\n` },
];
