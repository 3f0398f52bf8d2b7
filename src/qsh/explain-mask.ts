/**
 * Hides values in a canonical request, sign by sign, so that what is shown keeps its length and its order.
 */
import type { Rules } from "./canonical.ts";

/** Stands for one hidden character. */
const DOT = "\u2022";
/** A pair, up to the value and all of it. */
const ANY = /((?:^|&)[^&=]*=)([^&]*)/g;
/** A pair named `jwt`, escaped or not, once or more often; in a path that was decoded, behind any question mark. */
const JWT = /((?:^|[&?])(?:j|%(?:25)*6a)(?:w|%(?:25)*77)(?:t|%(?:25)*74)=)([^&]*)/gi;

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
      const hide = maskQuery(`${name}=x`, scope).endsWith(DOT);
      // A query that was taken as one piece stands where a name should.
      return rules.write(maskQuery(name, scope), values, hide ? (text) => mask(encode(text)) : encode);
    },
  };
}

function maskQuery(query: string, scope: MaskScope): string {
  return query.replace(scope === "all" ? ANY : JWT, (_, name: string, value: string) => name + mask(value));
}

/** Separators and the escapes of ASCII punctuation stay: they are what hashes differ in. */
function mask(text: string): string {
  return text.replace(/%(?:2[0-9a-f]|3[a-f]|40|5[b-f]|60|7[b-e])|[^]/gi, (part) =>
    part.length === 1 && !/[,&=+]/.test(part) ? DOT : part,
  );
}
