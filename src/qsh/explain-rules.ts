/**
 * The rules of many readings of one request, so that what two readings share is worked out once.
 */
import { canonicalHead, gatherParameters, standardRules, walkQuery } from "./canonical.ts";
import type { Rules } from "./canonical.ts";
import { patchRules } from "./explain-hypotheses.ts";
import type { Hypothesis } from "./explain-hypotheses.ts";
import type { ParameterMap } from "./parameters.ts";
import type { Target } from "./request.ts";

type RuleName = keyof Rules;

/** Reads one target under any mistakes. */
export class RequestReader {
  readonly #target: Target;
  readonly #standard: Rules;
  readonly #patches: Map<Hypothesis, Partial<Rules>> = new Map();
  readonly #gathered: Map<Rules["pairs"], Map<Rules["keep"], ParameterMap>> = new Map();

  constructor(target: Target) {
    this.#target = target;
    this.#standard = { ...standardRules, ...remembered(standardRules) };
  }

  /** How many parameters the target has. */
  get parameterCount(): number {
    return [...this.#standard.pairs(this.#target)].length;
  }

  /** `METHOD&PATH&` under some mistakes. */
  head(...mistakes: readonly Hypothesis[]): string {
    return canonicalHead(this.#target, this.#rules(mistakes));
  }

  /** `QUERY` under some mistakes. */
  query(...mistakes: readonly Hypothesis[]): string {
    const rules = this.#rules(mistakes);
    // Where no name has two values, their order and number make no difference, and that is a quarter of all mistakes.
    if (mistakes.length === 1 && this.#changesValuesAlone(mistakes[0] as Hypothesis)) return this.query();
    let text = "";
    for (const part of walkQuery(this.#gather(rules), rules)) text += part;
    return text;
  }

  /** The rules that a mistake changes. */
  changes(mistake: Hypothesis): RuleName[] {
    return Object.keys(this.#patch(mistake)) as RuleName[];
  }

  #changesValuesAlone(mistake: Hypothesis): boolean {
    if (this.changes(mistake).join() !== "sortValues") return false;
    return [...this.#gather(this.#standard).values()].every((value) => typeof value === "string");
  }

  #rules(mistakes: readonly Hypothesis[]): Rules {
    const [first, second] = mistakes;
    if (first === undefined) return this.#standard;
    const one = this.#patch(first);
    if (second === undefined) return { ...this.#standard, ...one };
    const two = this.#patch(second);
    // A mistake reads no rule but those that it changes: without a common one, each is what it is alone.
    const apart = Object.keys(one).every((name) => !Object.hasOwn(two, name));
    return apart ? { ...this.#standard, ...one, ...two } : patchRules(this.#standard, mistakes);
  }

  #patch(mistake: Hypothesis): Partial<Rules> {
    let patch = this.#patches.get(mistake);
    if (patch === undefined) {
      const changed = mistake.patch(this.#standard);
      this.#patches.set(mistake, (patch = { ...changed, ...remembered(changed) }));
    }
    return patch;
  }

  #gather(rules: Rules): ParameterMap {
    let byKeep = this.#gathered.get(rules.pairs);
    if (byKeep === undefined) this.#gathered.set(rules.pairs, (byKeep = new Map()));
    let parameters = byKeep.get(rules.keep);
    if (parameters === undefined) byKeep.set(rules.keep, (parameters = gatherParameters(this.#target, rules)));
    return parameters;
  }
}

/** The costly rules among some, which remember their results. */
function remembered({ pairs, encode }: Partial<Rules>): Partial<Rules> {
  return { ...(pairs && { pairs: rememberPairs(pairs) }), ...(encode && { encode: rememberText(encode) }) };
}

function rememberPairs(pairs: Rules["pairs"]): Rules["pairs"] {
  const known = new Map<string, (readonly [string, string])[]>();
  return (target) => {
    // No query holds a number sign as it is: it would begin the fragment.
    const key = `${target.query}#${target.form}`;
    let list = known.get(key);
    if (list === undefined) known.set(key, (list = [...pairs(target)]));
    return list;
  };
}

function rememberText(encode: Rules["encode"]): Rules["encode"] {
  const known = new Map<string, string>();
  return (text) => {
    let result = known.get(text);
    if (result === undefined) known.set(text, (result = encode(text)));
    return result;
  };
}
