/**
 * Finds the mistakes that make a claimed hash: every single one, then every two of them.
 *
 * A head (`METHOD&PATH&`) and a query are read once for each mistake; a pair that concerns both is their joining. Only
 * distinct texts are hashed.
 */
import { sha256Hex } from "../crypto/digest.ts";
import type { Rules } from "./canonical.ts";
import type { QshCauseCode } from "./explain-causes.ts";
import { headHypotheses } from "./explain-head.ts";
import { wholeHypotheses } from "./explain-hypotheses.ts";
import type { Hypothesis, WholeHypothesis } from "./explain-hypotheses.ts";
import { bodyHypothesis, queryHypotheses } from "./explain-query.ts";
import { RequestReader } from "./explain-rules.ts";
import type { Target } from "./request.ts";

/** Mistakes that together make the claimed hash. */
export interface Finding {
  readonly codes: readonly QshCauseCode[];
  readonly head: readonly Hypothesis[];
  readonly query: readonly Hypothesis[];
  readonly whole?: WholeHypothesis | undefined;
  /** Other single mistakes with the same result. */
  readonly alternatives: readonly QshCauseCode[];
}

/** Beyond it, neither pairs of mistakes nor alternatives are looked for. */
const MANY_PARAMETERS = 50;
/** Beyond it, mistakes with parameters are not tried: a query of this size is no puzzle for people. */
const MAX_QUERY_LENGTH = 65536;

/** One mistake and the text that it makes, which is read when it is asked for. */
class Reading {
  readonly mistake: Hypothesis;
  readonly #read: (mistake: Hypothesis) => string;
  #text: string | undefined;

  constructor(mistake: Hypothesis, read: (mistake: Hypothesis) => string) {
    this.mistake = mistake;
    this.#read = read;
  }

  get text(): string {
    return (this.#text ??= this.#read(this.mistake));
  }
}

/** Half of the canonical request: what is right, and what each mistake makes of it. */
interface Side {
  readonly name: "head" | "query";
  readonly right: string;
  readonly readings: readonly Reading[];
}

/** Searches for the mistakes that make `claimed` of a target. */
export function findMistakes(claimed: string, target: Target, body: string | undefined): Finding | undefined {
  return new Search(claimed, target, body).run();
}

class Search {
  readonly #claimed: string;
  readonly #reader: RequestReader;
  readonly #head: Side;
  readonly #query: Side;
  readonly #many: boolean;
  readonly #tried: Set<string> = new Set();

  constructor(claimed: string, target: Target, body: string | undefined) {
    this.#claimed = claimed;
    this.#reader = new RequestReader(target);
    this.#many = this.#reader.parameterCount > MANY_PARAMETERS;
    const bodyMistakes = body === undefined ? [] : [bodyHypothesis(body)];
    const short = target.query.length + target.form.length <= MAX_QUERY_LENGTH;
    this.#head = this.#side("head", headHypotheses());
    this.#query = this.#side("query", short ? [...bodyMistakes, ...queryHypotheses()] : []);
  }

  run(): Finding | undefined {
    const single = this.#single(this.#head) ?? this.#single(this.#query) ?? this.#whole();
    if (single !== undefined || this.#many) return single;
    return this.#across() ?? this.#within(this.#head) ?? this.#within(this.#query) ?? this.#wholeBesideOne();
  }

  #side(name: Side["name"], hypotheses: readonly Hypothesis[]): Side {
    const read = (mistake: Hypothesis): string => this.#reader[name](mistake);
    return { name, right: this.#reader[name](), readings: hypotheses.map((mistake) => new Reading(mistake, read)) };
  }

  /** Whether this text makes the claimed hash. A text is hashed once. */
  #hits(text: string): boolean {
    if (this.#tried.has(text)) return false;
    this.#tried.add(text);
    return sha256Hex(text) === this.#claimed;
  }

  #join(side: Side, text: string): string {
    return side.name === "head" ? text + this.#query.right : this.#head.right + text;
  }

  #single(side: Side): Finding | undefined {
    const hit = side.readings.find(({ text }) => this.#hits(this.#join(side, text)));
    if (hit === undefined) return undefined;
    const { code } = hit.mistake;
    if (this.#many) return found(side.name, [hit.mistake]);
    const same = side.readings.filter(({ text }) => text === hit.text).map(({ mistake }) => mistake.code);
    const alternatives = [...new Set(same)].filter((other) => other !== code);
    return { ...found(side.name, [hit.mistake]), alternatives };
  }

  #whole(): Finding | undefined {
    const whole = wholeHypotheses.find(({ change }) => this.#hits(change(this.#head.right, this.#query.right)));
    return whole && found("head", [], whole);
  }

  #across(): Finding | undefined {
    const queries = changing(this.#query);
    for (const head of changing(this.#head)) {
      for (const query of queries) {
        if (!this.#hits(head.text + query.text)) continue;
        return { ...found("head", [head.mistake]), query: [query.mistake], codes: [head.mistake.code, query.mistake.code] };
      }
    }
    return undefined;
  }

  #within(side: Side): Finding | undefined {
    const effective = new Set(changing(side).map(({ mistake }) => mistake));
    for (const [i, { mistake: first }] of side.readings.entries()) {
      for (const { mistake: second } of side.readings.slice(i + 1)) {
        if (second.alone === true) continue;
        for (const order of this.#orders(first, second, effective)) {
          if (this.#hits(this.#join(side, this.#reader[side.name](...order)))) return found(side.name, order);
        }
      }
    }
    return undefined;
  }

  /** In which orders two mistakes are worth trying: none, one, or both where they change the same rule. */
  #orders(first: Hypothesis, second: Hypothesis, effective: ReadonlySet<Hypothesis>): Hypothesis[][] {
    const [one, two] = [this.#reader.changes(first), this.#reader.changes(second)];
    // Of two orders of names the latter holds, which was tried alone.
    if (one.includes("sortNames") && two.includes("sortNames")) return [];
    const worth =
      (effective.has(first) && (effective.has(second) || enables(one, two))) || (effective.has(second) && enables(two, one));
    if (!worth) return [];
    return one.some((name) => two.includes(name)) ? [[first, second], [second, first]] : [[first, second]];
  }

  #wholeBesideOne(): Finding | undefined {
    for (const whole of wholeHypotheses) {
      for (const { mistake, text } of changing(this.#head)) {
        if (this.#hits(whole.change(text, this.#query.right))) return found("head", [mistake], whole);
      }
      for (const { mistake, text } of changing(this.#query)) {
        if (this.#hits(whole.change(this.#head.right, text))) return found("query", [mistake], whole);
      }
    }
    return undefined;
  }
}

function found(side: Side["name"], mistakes: readonly Hypothesis[], whole?: WholeHypothesis): Finding {
  const codes = [...mistakes, ...(whole === undefined ? [] : [whole])].map(({ code }) => code);
  // One mistake may have been made in two ways at once.
  return { codes: [...new Set(codes)], head: [], query: [], [side]: mistakes, whole, alternatives: [] };
}

/** The mistakes that change something in this request, one for each text that they make. */
function changing({ right, readings }: Side): Reading[] {
  const seen = new Set([right]);
  return readings.filter(({ text }) => !seen.has(text) && seen.add(text));
}

/** The rules that may come to matter only when one of them has changed: an order brings no new character. */
const enabled: Partial<Record<keyof Rules, readonly (keyof Rules)[]>> = {
  path: ["path"],
  pairs: ["pairs", "keep", "encode", "sortNames", "sortValues", "write"],
  keep: ["encode", "sortNames", "sortValues", "write"],
  encode: ["encode", "sortNames", "write"],
  write: ["encode"],
};

/** Whether a mistake that changes nothing alone may change something beside another. */
function enables(one: readonly (keyof Rules)[], two: readonly (keyof Rules)[]): boolean {
  return one.some((name) => enabled[name]?.some((other) => two.includes(other)));
}
