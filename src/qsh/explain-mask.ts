/**
 * Hides values in a canonical request, sign by sign, so that what is shown keeps its length and its order.
 */
import type { Rules } from "./canonical.ts";

/** Stands for one hidden character. */
const DOT = "\u2022";
/** A name that is `jwt`, escaped or not. */
const JWT = /^(?:j|%6a)(?:w|%77)(?:t|%74)$/i;

/** Which values are hidden: all of them, or the token's alone, which is never shown. */
export type MaskScope = "all" | "jwt";

/** The same rules, but that values are hidden in what they write. */
export function maskValues(rules: Rules, scope: MaskScope): Rules {
  return {
    ...rules,
    path(target) {
      // A query that was taken for a part of the path.
      const path = rules.path(target);
      const mark = path.indexOf("?");
      return mark < 0 ? path : path.slice(0, mark + 1) + maskQuery(path.slice(mark + 1), scope);
    },
    write(name, values, encode) {
      const hide = scope === "all" || JWT.test(name);
      // A query that was taken as one piece stands where a name should.
      return rules.write(maskQuery(name, scope), values, hide ? (text) => mask(encode(text)) : encode);
    },
  };
}

function maskQuery(query: string, scope: MaskScope): string {
  return query.replace(/[^&]+/g, (chunk) => {
    const equals = chunk.indexOf("=");
    if (equals < 0 || (scope === "jwt" && !JWT.test(chunk.slice(0, equals)))) return chunk;
    return chunk.slice(0, equals + 1) + mask(chunk.slice(equals + 1));
  });
}

/** Separators and the escapes of ASCII punctuation stay: they are what hashes differ in. */
function mask(text: string): string {
  return text.replace(/%(?:2[0-9a-f]|3[a-f]|40|5[b-f]|60|7[b-e])|[^]/gi, (part) =>
    part.length === 1 && !/[,&=+]/.test(part) ? DOT : part,
  );
}
