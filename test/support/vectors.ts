/** Marks of the vector files: `{"base64"}` is text, `{"$num"}` a number that JSON lacks, `{"repeat"}` a long run. */
type Mark = { base64: string } | { $num: "NaN" | "Infinity" } | { repeat: [text: string, count: number] };

/** Replaces the marks of a vector file by what they stand for, at any depth. */
export function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  if (Object.keys(value).length === 1) {
    const mark = value as Mark;
    if ("base64" in mark) return Buffer.from(mark.base64, "base64").toString("utf8");
    if ("$num" in mark) return Number(mark.$num);
    if ("repeat" in mark) return mark.repeat[0].repeat(mark.repeat[1]);
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revive(member)]));
}
