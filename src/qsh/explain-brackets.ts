/**
 * What parsers that read brackets as structure (qs, and the frameworks that use it) make of parameters, once a signer
 * writes their objects as text.
 */

type Pair = readonly [name: string, value: string];

/** What a name was given: plain values, and perhaps something with structure. */
interface Entry {
  readonly values: string[];
  nested: boolean;
}

const OBJECT = "[object Object]";
/** Beyond it such a parser makes an object of a list. */
const LIST_LIMIT = 20;

/**
 * `a[]` and `a[0]` become a list named `a`; any deeper name becomes the text of an object; a pair without a name is
 * gone. A bracket that is never closed opens an object too, in parsers since 2025.
 */
export function nestBrackets(pairs: readonly Pair[], unclosedToo: boolean): Pair[] {
  const entries = new Map<string, Entry>();
  for (const [name, value] of pairs) {
    if (name === "") continue;
    const open = name.indexOf("[");
    const close = name.indexOf("]", open);
    if (open < 0 || (close < 0 && !unclosedToo)) add(entries, name, value);
    else if (close < 0) add(entries, open === 0 ? name : name.slice(0, open), undefined);
    else if (open === 0) add(entries, name.slice(1, close), close === name.length - 1 ? value : undefined);
    else add(entries, name.slice(0, open), /^\[\d{0,2}\]$/.test(name.slice(open)) ? value : undefined);
  }
  const out: Pair[] = [];
  for (const [name, { values, nested }] of entries) {
    const long = values.length > LIST_LIMIT;
    if (!long) for (const value of values) out.push([name, value]);
    if (long || nested) out.push([name, OBJECT]);
  }
  return out;
}

function add(entries: Map<string, Entry>, name: string, value: string | undefined): void {
  const entry = entries.get(name) ?? { values: [], nested: false };
  entries.set(name, entry);
  if (value === undefined) entry.nested = true;
  else entry.values.push(value);
}
