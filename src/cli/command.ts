/**
 * What a command is, and how it reads its arguments.
 */
import { parseArgs } from "node:util";
import { CliError } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

/** One option of a command. */
export interface CommandOption {
  /** Without the dashes. */
  readonly name: string;
  /** Short and older spellings, with their dashes: `-s`, `-ck`. */
  readonly aliases?: readonly string[];
  /** What stands for its value in the help; absent for a switch. */
  readonly value?: string;
  /** May stand more than once. */
  readonly multiple?: boolean;
  readonly help: string;
}

/** A row of the table of commands. */
export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  load(): Promise<{ command: Command }>;
}

/** What a command is given. */
export interface Invocation {
  /** All commands. */
  readonly table: readonly CommandRow[];
  readonly arguments: readonly string[];
  readonly options: Options;
  readonly terminal: Terminal;
}

/** A command, as its file exports it. */
export interface Command {
  /** What stands behind its name: `METHOD URL [options]`. */
  readonly usage: string;
  /** A paragraph or two. */
  readonly details: string;
  readonly options: readonly CommandOption[];
  /** What to type, and what it does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** Fewest and most arguments besides options. */
  readonly arity: readonly [fewest: number, most: number];
  /** @returns the exit code */
  run(invocation: Invocation): Promise<number>;
}

/** Every command has these. */
export const commonOptions: readonly CommandOption[] = [
  { name: "json", help: "print JSON, for scripts" },
  { name: "no-color", help: "no colours (NO_COLOR does the same)" },
  { name: "help", aliases: ["-h"], help: "show this" },
];

/** The options that were given. */
export class Options {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? (value as string[]) : [];
  }

  /** Seconds, from 1 to a day unless told. */
  seconds(name: string, fallback: number, most = 86_400): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (!(value >= 1 && value <= most)) throw new CliError(`--${name} must be 1 to ${most} seconds`);
    return value;
  }

  /** @param why what the option is for */
  require(name: string, why: string): string {
    const value = this.text(name);
    if (value === undefined || value === "") throw new CliError(`--${name} is missing`, { fix: why });
    return value;
  }
}

/** Reads the arguments of a command. */
export function readInvocation(
  command: Command,
  argv: readonly string[],
  terminal: Terminal,
  table: readonly CommandRow[],
): Invocation {
  const all = [...command.options, ...commonOptions];
  const { values, positionals } = parseArgs({
    args: argv.flatMap((argument) => spell(argument, all)),
    options: Object.fromEntries(
      all.map(({ name, value, multiple = false }) => [
        name,
        { type: value === undefined ? "boolean" : "string", multiple },
      ]),
    ),
    allowPositionals: true,
    strict: true,
  });
  const [fewest, most] = command.arity;
  if (values["help"] !== true && (positionals.length < fewest || positionals.length > most)) {
    throw new CliError(positionals.length < fewest ? "an argument is missing" : "there is an argument too many", {
      fix: `usage: ${command.usage}`,
    });
  }
  return { table, arguments: positionals, options: new Options(values), terminal };
}

/** `-ck KEY` and `-ck=KEY` as `--consumer-key`: older tools have short options of two and three letters. */
function spell(argument: string, options: readonly CommandOption[]): string[] {
  const [head = "", ...rest] = argument.split("=");
  const option = options.find(({ aliases }) => aliases?.includes(head));
  if (option === undefined) return [argument];
  return [rest.length > 0 ? `--${option.name}=${rest.join("=")}` : `--${option.name}`];
}
