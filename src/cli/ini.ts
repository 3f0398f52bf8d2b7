/**
 * Configuration files as Python's `configparser` reads them: sections, `name = value` or `name: value`, and lines that
 * begin with white space, which continue the value before.
 */

/** Sections, with their values by lower-case name. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

export function readIni(text: string): Ini {
  const sections = new Map<string, Map<string, string>>();
  let values = new Map<string, string>();
  let last: string | undefined;
  for (const line of text.replace(/^\ufeff/, "").split(/\r\n|[\r\n]/)) {
    const section = /^\[([^\]]+)\]\s*$/.exec(line)?.[1];
    const [, name, value = ""] = /^([^\s#;=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (section !== undefined) {
      values = sections.get(section) ?? new Map<string, string>();
      sections.set(section, values);
      last = undefined;
    } else if (/^\s+\S/.test(line) && last !== undefined) {
      values.set(last, `${values.get(last) ?? ""}\n${line.trim()}`.trimStart());
    } else if (name !== undefined) {
      last = name.toLowerCase();
      values.set(last, value.trim());
    }
  }
  return sections;
}
