/**
 * The help.
 */
import { commonOptions } from "./command.ts";
import type { Command, CommandOption } from "./command.ts";
import { commands } from "./commands.ts";
import type { Terminal } from "./terminal.ts";

const EXIT_CODES = "Exit codes: 0 ok, 1 refused, 2 usage, 3 denied by the user, 4 network, 130 interrupted.";

export function printOverview({ print, paint }: Terminal): void {
  print("jwt-qsh: sign, verify and explain the tokens that Atlassian products speak\n");
  print(`${paint("bold", "Usage:")} jwt-qsh COMMAND [arguments] [options]\n`);
  const width = Math.max(...commands.map(({ name }) => name.length));
  for (const { name, summary } of commands) print(`  ${paint("cyan", name.padEnd(width))}  ${summary}`);
  print(`\njwt-qsh COMMAND --help shows its options, with examples.\n${EXIT_CODES}`);
}

export function printHelp(name: string, command: Command, { print, paint }: Terminal): void {
  print(`${paint("bold", "Usage:")} jwt-qsh ${name} ${command.usage}\n\n${command.details}\n`);
  const rows = [...command.options, ...commonOptions].map((option) => [spelling(option), option.help] as const);
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)));
  print(paint("bold", "Options:"));
  for (const [left, right] of rows) {
    print(left.length > width ? `  ${left}\n  ${" ".repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`);
  }
  print(`\n${paint("bold", "Examples:")}`);
  for (const [line, meaning] of command.examples) print(`  ${paint("dim", `# ${meaning}`)}\n  ${line}`);
  print(`\n${EXIT_CODES}`);
}

function spelling({ name, aliases = [], value }: CommandOption): string {
  return `${[...aliases, `--${name}`].join(", ")}${value === undefined ? "" : ` ${value}`}`;
}
