/**
 * Node's own shell, with names of ours in it: for somebody at a terminal, or for a script that is piped in.
 */
import { Recoverable, start } from "node:repl";
import type { REPLEval, REPLServer } from "node:repl";
import { PassThrough } from "node:stream";
import { CliError, exitCodes } from "./failure.ts";

/**
 * Runs until `.exit` or the end of input.
 *
 * @returns whether everything went well; at a terminal nothing counts
 * @throws {CliError} for a script that ends within a statement
 */
export async function runShell(names: Readonly<Record<string, unknown>>, script: string | undefined): Promise<boolean> {
  const input = script === undefined ? process.stdin : new PassThrough();
  const isTerminal = script === undefined;
  const shell = start({
    input,
    output: process.stdout,
    prompt: isTerminal ? "jira> " : "",
    terminal: isTerminal,
    useGlobal: true,
    ignoreUndefined: true,
    preview: false,
  });
  Object.assign(shell.context, names);
  const exit = new Promise<void>((resolve) => shell.once("exit", resolve));
  const outcome = script === undefined ? undefined : feed(shell, input as PassThrough, script);
  if (script === undefined) process.stdin.resume();
  await exit;
  if (outcome?.unfinished === true) {
    const fix = "a bracket or a quotation mark is open";
    throw new CliError("the script ends in the middle of a statement", { exitCode: exitCodes.refused, fix });
  }
  return outcome?.failed !== true;
}

/** What has become of a script so far. */
interface Outcome {
  failed: boolean;
  /** The last statement is not whole yet. */
  unfinished: boolean;
}

/** Line by line, each when the one before it is through: the shell itself would not wait for an `await`. */
function feed(shell: REPLServer, input: PassThrough, script: string): Outcome {
  const outcome = watch(shell);
  // With blank lines: within a template literal they count.
  const lines = script.split("\n");
  const next = (): void => {
    const line = lines.shift();
    if (line === undefined) input.end();
    else input.write(`${line}\n`);
  };
  // The prompt is what comes after a line, whether it went well, went wrong or is not whole yet.
  Object.assign(shell, { displayPrompt: () => void setImmediate(next) });
  setImmediate(next);
  return outcome;
}

/** The shell tells nobody what it prints as uncaught, but keeps it. That it does is what counts, whatever it is. */
function watch(shell: REPLServer): Outcome {
  const outcome: Outcome = { failed: false, unfinished: false };
  let lastError: unknown;
  const set = (error: unknown): void => {
    lastError = error;
    outcome.failed = true;
  };
  Object.defineProperty(shell, "lastError", { get: () => lastError, set });
  const { eval: evaluate, clearBufferedCommand: clear } = shell;
  const evalWatched: REPLEval = (code, context, file, done) => {
    evaluate.call(shell, code, context, file, (error, result) => {
      outcome.unfinished = error instanceof Recoverable;
      done(error, result);
    });
  };
  // After every statement, also one that threw or was given up (`.break`).
  const clearBufferedCommand = (): void => {
    outcome.unfinished = false;
    clear.call(shell);
  };
  Object.assign(shell, { eval: evalWatched, clearBufferedCommand });
  return outcome;
}
