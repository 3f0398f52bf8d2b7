/**
 * A token, and what is wrong with it, for a terminal.
 */
import type { TokenExplanation, TokenFinding } from "../../connect/explain.ts";
import { formatDuration, formatRelative, formatTime } from "./duration.ts";
import { renderQshExplanation } from "./explanation.ts";
import type { RenderOptions } from "./explanation.ts";
import { createPalette, printable } from "./palette.ts";
import type { Palette } from "./palette.ts";

/** Header and claims, times as people read them. */
export function renderToken(
  { header, claims }: { readonly header: object; readonly claims: object },
  { color, now }: RenderOptions & { readonly now: number },
): string {
  const palette = createPalette(color);
  return `${[...section("header", header, now, palette), "", ...section("claims", claims, now, palette)].join("\n")}\n`;
}

/** The explanation of a token: what is in it, everything that is wrong, and the hash. */
export function renderTokenExplanation(explanation: TokenExplanation, options: RenderOptions & { readonly now: number }): string {
  const palette = createPalette(options.color);
  const { verdict, kind, header, claims, findings, qsh } = explanation;
  const paint = { valid: palette.green, invalid: palette.red, unchecked: palette.yellow }[verdict];
  const parts = [`${paint(palette.bold(verdict))} ${palette.dim(kind === "unknown" ? "token" : `${kind} token`)}\n`];
  if (header !== undefined && claims !== undefined) parts.push(renderToken({ header, claims }, options));
  parts.push(findings.map((finding) => findingLine(finding, palette)).join(""));
  if (qsh !== undefined && qsh.match !== "exact") parts.push(renderQshExplanation(qsh, options));
  return parts.join("\n");
}

function section(title: string, members: object, now: number, palette: Palette): string[] {
  const entries = Object.entries(members);
  const width = Math.max(...entries.map(([name]) => printable(name).length), 4);
  return [
    palette.bold(title),
    ...entries.map(([name, value]) => {
      const shown = printable(typeof value === "string" ? value : JSON.stringify(value));
      const note = isTime(name, value) ? palette.dim(`  ${formatTime(value)}, ${formatRelative(value - now)}`) : "";
      return `  ${palette.cyan(printable(name).padEnd(width))}  ${shown}${note}`;
    }),
  ];
}

function isTime(name: string, value: unknown): value is number {
  return ["iat", "exp", "nbf"].includes(name) && typeof value === "number";
}

function findingLine({ level, code, message, fix, claim, seconds }: TokenFinding, palette: Palette): string {
  const sign = { error: palette.red("✗"), warning: palette.yellow("!"), info: palette.green("✓") }[level];
  const open = code.endsWith("-not-checked") ? palette.dim("–") : sign;
  const details = [claim === undefined ? "" : `"${claim}"`, seconds === undefined ? "" : `by ${formatDuration(seconds)}`];
  const note = details.filter((text) => text !== "").join(", ");
  const first = `${open} ${message}${note === "" ? "" : palette.dim(` (${note})`)} ${palette.dim(code)}\n`;
  return fix === undefined || level === "info" ? first : `${first}  ${palette.green("fix")} ${fix}\n`;
}
