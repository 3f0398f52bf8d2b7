/**
 * The parameters of a canonical request: split, decoded, gathered by name.
 */
import { decodeFormText } from "../encoding/percent.ts";
import { toWellFormed } from "../encoding/utf8.ts";

/** Parameters by their decoded name. A single value stays a string: most names have one, and an array costs more. */
export type ParameterMap = Map<string, string | string[]>;

/** Adds one decoded pair. */
export function addParameter(parameters: ParameterMap, name: string, value: string): void {
  const known = parameters.get(name);
  if (known === undefined) parameters.set(name, value);
  else if (typeof known === "string") parameters.set(name, [known, value]);
  else known.push(value);
}

/**
 * Splits a query or a form at `&` only, each chunk at its first `=`, and decodes both sides. Empty chunks are no
 * parameters; a chunk without `=` has an empty value.
 */
export function* parsePairs(
  text: string,
  decode: (text: string) => string = decodeFormText,
): Generator<[name: string, value: string]> {
  // Before the split and the sort: on the wire there is no lone surrogate, so two names that differ in one are the same.
  const query = toWellFormed(text);
  for (let start = 0; start < query.length; ) {
    const mark = query.indexOf("&", start);
    const end = mark < 0 ? query.length : mark;
    if (end > start) {
      const chunk = query.slice(start, end);
      const equals = chunk.indexOf("=");
      yield equals < 0 ? [decode(chunk), ""] : [decode(chunk.slice(0, equals)), decode(chunk.slice(equals + 1))];
    }
    start = end + 1;
  }
}
