import { inspect } from "node:util";

/** All that a logger, a monitor or a careless handler may print of an error. */
export function everythingShown(error: unknown): string {
  const shown: string[] = [];
  const seen = new Set<unknown>();
  const collect = (value: unknown): void => {
    if (typeof value !== "object" || value === null) {
      shown.push(String(value));
      return;
    }
    if (seen.has(value)) return;
    seen.add(value);
    shown.push(inspect(value, { depth: null, showHidden: true, maxStringLength: null }), JSON.stringify(value) ?? "");
    if (value instanceof Error) shown.push(value.name, value.message, value.stack ?? "", String(value));
    for (const key of Reflect.ownKeys(value)) {
      shown.push(String(key));
      collect(Reflect.get(value, key));
    }
  };
  collect(error);
  return shown.join("\n");
}

/** The spellings in which a text may have got out. */
export function spellings(text: string): string[] {
  const bytes = Buffer.from(text);
  // Base64 of the text at each of the three offsets, without the characters that its neighbours have a part in.
  const base64 = [0, 1, 2].map((offset) => Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64url").slice(4, -4));
  return [text, text.toUpperCase(), encodeURIComponent(text), bytes.toString("hex"), ...base64];
}
