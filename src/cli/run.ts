/**
 * From arguments to an exit code.
 */
import { readInvocation } from "./command.ts";
import { commands, findCommand } from "./commands.ts";
import { exitCodes, readFailure } from "./failure.ts";
import { openTerminal } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

/** Runs a command line. @returns the exit code */
export async function run(argv: readonly string[]): Promise<number> {
  const terminal = openTerminal(!argv.includes("--no-color"));
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    return report(error, terminal, argv.includes("--json"));
  } finally {
    terminal.close();
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [first] = argv;
  if (first === "--version" || first === "-V") {
    const { version } = await import("./version.ts");
    terminal.print(version());
    return exitCodes.ok;
  }
  const found = findCommand(argv);
  if (found === undefined) {
    const { printOverview } = await import("./help.ts");
    if (first === undefined || first === "help" || first === "--help" || first === "-h") {
      printOverview(terminal);
      return first === undefined ? exitCodes.usage : exitCodes.ok;
    }
    terminal.note(`jwt-qsh: there is no such command: see jwt-qsh --help${similar(first)}`);
    return exitCodes.usage;
  }
  const { command } = await found.row.load();
  const invocation = readInvocation(command, found.rest, terminal, commands);
  if (invocation.options.flag("help")) {
    const { printHelp } = await import("./help.ts");
    printHelp(found.row.name, command, terminal);
    return exitCodes.ok;
  }
  return command.run(invocation);
}

function similar(word: string): string {
  const near = commands.filter(({ name }) => name.split(" ").some((part) => part.startsWith(word.slice(0, 3))));
  return near.length === 0 ? "" : ` (${near.map(({ name }) => name).join(", ")}?)`;
}

/** One line, with the fix. */
function report(error: unknown, terminal: Terminal, asJson: boolean): number {
  const { exitCode, ...failure } = readFailure(error);
  if (asJson) {
    terminal.note(JSON.stringify({ error: { ...failure, exitCode } }));
  } else {
    const details = [failure.advice, failure.fix].filter((text) => text !== undefined && text !== "").join("; ");
    terminal.note(`jwt-qsh: ${failure.message}${details === "" ? "" : `: ${details}`}`);
  }
  return exitCode;
}
