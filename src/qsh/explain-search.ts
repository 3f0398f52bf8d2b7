/**
 * Finds the mistakes that make a claimed hash: every single one, then every two of them.
 *
 * A head (`METHOD&PATH&`) and a query are read once for each mistake; a pair that concerns both is their joining. What
 * is joined is hashed and forgotten: a caller who makes a request large must not make it large a thousand times.
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
/** The same of the characters of all that is read. There are thousands of pairs. */
const LONG = 8192;
/** Beyond either, mistakes with parameters are not tried: a query of this size is no puzzle for people. */
const MAX_QUERY_LENGTH = 65536;
const MAX_PARAMETERS = 4000;
/** Beyond it, nothing is. */
const MAX_LENGTH = 1 << 20;

/** One mistake and the text that it makes, which is read when it is asked for. */
interface Reading {
  readonly mistake: Hypothesis;
  readonly text: string;
}

/** Half of the canonical request: what is right, and what each mistake makes of it. */
interface Side {
  readonly name: "head" | "query";
  readonly right: string;
  readonly readings: readonly Reading[];
}

/** Searches for the mistakes that make `claimed` of a target. */
export function findMistakes(claimed: string, target: Target, body = ""): Finding | undefined {
  const { path, query, form } = target;
  const length = path.length + query.length + form.length;
  return length > MAX_LENGTH ? undefined : new Search(claimed, target, body, length + body.length > LONG).run();
}

class Search {
  readonly #claimed: string;
  readonly #reader: RequestReader;
  readonly #head: Side;
  readonly #query: Side;
  readonly #many: boolean;

  constructor(claimed: string, target: Target, body: string, isLong: boolean) {
    this.#claimed = claimed;
    this.#reader = new RequestReader(target);
    const { parameterCount } = this.#reader;
    this.#many = isLong || parameterCount > MANY_PARAMETERS;
    const bodyMistakes = body === "" || body.length > MAX_QUERY_LENGTH ? [] : [bodyHypothesis(body)];
    const short = parameterCount <= MAX_PARAMETERS && target.query.length + target.form.length <= MAX_QUERY_LENGTH;
    this.#head = this.#side("head", headHypotheses());
    this.#query = this.#side("query", short ? [...bodyMistakes, ...queryHypotheses()] : []);
  }

  run(): Finding | undefined {
    const single = this.#single(this.#head) ?? this.#single(this.#query) ?? this.#whole();
    if (single !== undefined || this.#many) return single;
    return this.#across() ?? this.#within(this.#head) ?? this.#within(this.#query) ?? this.#wholeBesideOne();
  }

  #side(name: Side["name"], hypotheses: readonly Hypothesis[]): Side {
    const reader = this.#reader;
    const readings = hypotheses.map((mistake): Reading => {
      let text: string | undefined;
      return {
        mistake,
        get text() {
          return (text ??= reader[name](mistake));
        },
      };
    });
    return { name, right: reader[name](), readings };
  }

  /** Whether this text makes the claimed hash. */
  #hits(text: string): boolean {
    return sha256Hex(text) === this.#claimed;
  }

  #join(side: Side, text: string): string {
    return side.name === "head" ? text + this.#query.right : this.#head.right + text;
  }

  #single(side: Side): Finding | undefined {
    const isNew = distinct(side);
    const hit = side.readings.find((reading) => isNew(reading) && this.#hits(this.#join(side, reading.text)));
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
function changing(side: Side): Reading[] {
  return side.readings.filter(distinct(side));
}

/** Whether a text is met for the first time, and not the right one. */
function distinct({ right }: Side): (reading: Reading) => boolean {
  const seen = new Set([right]);
  return ({ text }) => !seen.has(text) && seen.add(text).size > 0;
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
