/** Finds the commands in the documentation's blocks of the shell. */
import { readFileSync } from "node:fs";
import { codeBlocks } from "../support/markdown.ts";
import { projectPath } from "../support/project.ts";

/** What is run by bash. */
export const SHELLS: ReadonlySet<string> = new Set(["sh", "bash"]);

export interface ShellBlock {
  /** Where it stands: `README.md:17`. */
  readonly where: string;
  readonly file: string;
  readonly code: string;
  /** The output, where a block of text follows at once. */
  readonly output: string | undefined;
}

export function shellBlocksOf(file: string): ShellBlock[] {
  const blocks = codeBlocks(readFileSync(projectPath(file), "utf8"));
  return blocks.flatMap(({ language, code, line }, index) => {
    if (!SHELLS.has(language)) return [];
    const next = blocks[index + 1];
    const follows = next !== undefined && next.language === "text" && next.before.trim() === "";
    return [{ where: `${file}:${line}`, file, code, output: follows ? next.code : undefined }];
  });
}

/** The commands of a block, one a line, as they would be typed: what is continued is one, comments are none. */
export function commandsOf(code: string): string[] {
  const commands: string[] = [];
  let open = "";
  for (const line of code.split("\n")) {
    open = open === "" ? line : `${open}\n${line}`;
    if (isComplete(open)) {
      if (!/^\s*(?:#.*)?$/.test(open)) commands.push(open.trim());
      open = "";
    }
  }
  if (open.trim() !== "") commands.push(open.trim());
  return commands;
}

function isComplete(text: string): boolean {
  if (text.endsWith("\\")) return false;
  const marker = /<<-?\s*(['"]?)(\w+)\1/.exec(text)?.[2];
  if (marker !== undefined) return text.split("\n").slice(1).includes(marker);
  const bare = text.replaceAll(/(^|\s)#.*$/gm, "").replaceAll(/\\./g, "");
  const quotes = bare.replaceAll(/'[^']*'|"[^"]*"/g, "");
  return !/['"]/.test(quotes);
}

/** The words of a simple command, without quotes, up to a pipe, a redirection or a comment. */
export function wordsOf(command: string): string[] {
  const words: string[] = [];
  for (const [word] of command.replaceAll("\\\n", " ").matchAll(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g)) {
    if (/^(?:[|&;#]|\d?[<>])/.test(word)) break;
    words.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));
  }
  return words;
}

/** What was printed, as a pattern: an ellipsis stands for whatever is there, within its line. */
export function patternOf(output: string): RegExp {
  const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${output.trimEnd().split("…").map(literal).join(".*")}$`, "u");
}
