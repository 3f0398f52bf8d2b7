/**
 * Node's own shell, with names of ours in it: for somebody at a terminal, or for a script that is piped in.
 */
import { start } from "node:repl";
import type { REPLServer } from "node:repl";
import { PassThrough } from "node:stream";

/** Runs until `.exit` or the end of input. @returns whether everything went well; at a terminal nothing counts */
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
  const outcome = script === undefined ? { failed: false } : feed(shell, input as PassThrough, script);
  if (script === undefined) process.stdin.resume();
  await exit;
  return !outcome.failed;
}

/** Line by line, each when the one before it is through: the shell itself would not wait for an `await`. */
function feed(shell: REPLServer, input: PassThrough, script: string): { failed: boolean } {
  const outcome = { failed: false };
  const lines = script.split("\n").filter((line) => line.trim() !== "");
  const next = (): void => {
    // The shell keeps the last error that nobody caught under this name.
    if ((shell.context as { _error?: unknown })._error !== undefined) outcome.failed = true;
    const line = lines.shift();
    if (line === undefined) input.end();
    else input.write(`${line}\n`);
  };
  // The prompt is what comes after a line, whether it went well, went wrong or is not whole yet.
  Object.assign(shell, { displayPrompt: () => void setImmediate(next) });
  setImmediate(next);
  return outcome;
}
