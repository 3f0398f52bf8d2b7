/**
 * Two canonical strings, one above the other, with a caret where they part.
 */
import { printable } from "./palette.ts";
import type { Palette } from "./palette.ts";

/** What is compared. */
export interface Comparison {
  readonly expected: string;
  readonly claimed: string;
  /** Where they part, as a string index. */
  readonly index: number;
}

/** Characters that are shown before the difference; the rest of a long text is cut. */
const BEFORE = 24;

/**
 * @param columns the width of the terminal
 * @returns three lines
 */
export function renderComparison({ expected, claimed, index }: Comparison, palette: Palette, columns: number): string[] {
  const label = 10;
  const width = Math.max(columns - label, 20);
  const fits = Math.max(printable(expected).length, printable(claimed).length) <= width;
  const start = fits ? 0 : Math.max(0, index - BEFORE);
  const cut = (text: string): { before: string; at: string; after: string } => {
    const lead = start > 0 ? "…" : "";
    const before = lead + printable(text.slice(start, index));
    const at = printable(charAt(text, index));
    const rest = printable(text.slice(index + charAt(text, index).length));
    const room = width - before.length - at.length;
    return { before, at, after: rest.length > room ? `${rest.slice(0, Math.max(room - 1, 0))}…` : rest };
  };
  const line = (name: string, text: string, paint: (text: string) => string): string => {
    const { before, at, after } = cut(text);
    return `${palette.dim(name.padEnd(label))}${before}${at === "" ? "" : paint(at)}${after}`;
  };
  const column = label + cut(expected).before.length;
  return [
    line("expected", expected, palette.green),
    line("signed", claimed, palette.mark),
    `${" ".repeat(column)}${palette.red("^")}`,
  ];
}

/** The character at an index, not half of a pair. */
function charAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? "" : String.fromCodePoint(code);
}
