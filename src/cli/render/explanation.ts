/**
 * What the doctor says, for a terminal.
 */
import type { QshCause, QshExplanation } from "../../qsh/explain.ts";
import { renderComparison } from "./comparison.ts";
import { createPalette, printable } from "./palette.ts";
import type { Palette } from "./palette.ts";

/** How to render. */
export interface RenderOptions {
  /** Whether the terminal shows colours. */
  readonly color: boolean;
  /** The width of the terminal; 80 unless told. */
  readonly columns?: number;
}

/** The explanation of a hash: verdict, both texts, the causes and what to do. */
export function renderQshExplanation(explanation: QshExplanation, { color, columns = 80 }: RenderOptions): string {
  const palette = createPalette(color);
  const { match, causes, alternatives, canonical, variant, diff } = explanation;
  const lines = [verdictLine(explanation, palette), ""];
  if (variant !== undefined && diff !== undefined) {
    lines.push(...renderComparison({ expected: canonical, claimed: variant, index: diff.index }, palette, columns));
  } else {
    lines.push(`${palette.dim("canonical".padEnd(10))}${printable(canonical)}`);
  }
  for (const cause of causes) lines.push("", ...causeLines(cause, palette));
  if (alternatives.length > 0) {
    lines.push("", palette.dim("The same hash is also made by:"));
    for (const { message, code } of alternatives) lines.push(`  ${message} ${palette.dim(code)}`);
  }
  if (match === "none" && causes.length === 0) lines.push("", ...NOTHING_KNOWN);
  return `${lines.join("\n")}\n`;
}

const NOTHING_KNOWN = [
  "No known mistake, and no two of them, make this hash. Was another request signed?",
  "Compare method, path and query as they were when the token was made: proxies,",
  "redirects and frameworks change them on the way.",
];

function verdictLine({ match, causes }: QshExplanation, palette: Palette): string {
  if (match === "exact") return palette.green(palette.bold("The hash is that of this request."));
  if (match === "none") return palette.red(palette.bold("The hash is not that of this request, and nothing known explains it."));
  const count = causes.length === 1 ? "one mistake" : `${causes.length} mistakes`;
  return palette.yellow(palette.bold(`The hash is not that of this request: ${count} made it.`));
}

function causeLines({ code, message, fix, peers }: QshCause, palette: Palette): string[] {
  const lines = [`${palette.red("cause")}   ${palette.bold(message)} ${palette.dim(code)}`, `${palette.green("fix")}     ${fix}`];
  if (peers !== undefined) lines.push(`${palette.dim("seen in")} ${peers.join(", ")}`);
  return lines;
}
