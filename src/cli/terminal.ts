/**
 * The terminal: what is written where, in which colour, and how a question is asked.
 */
import { createInterface } from "node:readline";
import type { Interface } from "node:readline";
import { Writable } from "node:stream";
import { CliError, exitCodes } from "./failure.ts";

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";
const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Standard input, output and errors. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether somebody can be asked. */
  readonly isInteractive: boolean;
  /** The result: a line on standard output. */
  print(text: string): void;
  /** What a person should know, and a script need not: a line on standard error. */
  note(text: string): void;
  /** Colours a text for standard output; as it is where there is no terminal, or `NO_COLOR` says so. */
  paint(style: Style, text: string): string;
  /** Asks, or reads the next line where nobody can be asked; `undefined` at the end of input. */
  ask(question: string, options?: { hidden?: boolean; signal?: AbortSignal }): Promise<string | undefined>;
  /** All of standard input, as text. */
  readAll(): Promise<string>;
  readAllBytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** Lets go of standard input. */
  close(): void;
}

export function openTerminal(colors = true): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const isInteractive = stdin.isTTY === true && stderr.isTTY === true;
  const isColored = colors && stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  let lines: Interface | undefined;
  const waiting: ((line: string | undefined) => void)[] = [];
  const read: string[] = [];
  let ended = false;

  /** Without a terminal, lines may come before they are asked for. */
  function startLines(): void {
    if (lines !== undefined) return;
    lines = createInterface({ input: stdin });
    lines.on("line", (line) => {
      const next = waiting.shift();
      if (next === undefined) read.push(line);
      else next(line);
    });
    lines.on("close", () => {
      ended = true;
      for (const next of waiting.splice(0)) next(undefined);
    });
  }

  function nextLine(): Promise<string | undefined> {
    startLines();
    const line = read.shift();
    if (line !== undefined || ended) return Promise.resolve(line);
    return new Promise((resolve) => void waiting.push(resolve));
  }

  async function readAllBytes(): Promise<Buffer<ArrayBuffer>> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stdin) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  }

  return {
    env,
    isInteractive,
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    paint: (style, text) => (isColored ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text),
    ask(question, { hidden = false, signal } = {}) {
      return isInteractive ? askPerson(question, hidden, signal) : nextLine();
    },
    readAll: async () => (await readAllBytes()).toString("utf8"),
    readAllBytes,
    close() {
      lines?.close();
      stdin.pause();
    },
  };
}

/** A question on a terminal. Ctrl-C and Ctrl-D end the command; what is typed to a hidden question is not shown. */
function askPerson(question: string, hidden: boolean, signal: AbortSignal | undefined): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const person = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true });
    const finish = (settle: () => void): void => {
      person.removeAllListeners("close");
      person.close();
      if (hidden) process.stderr.write("\n");
      settle();
    };
    if (hidden) process.stderr.write(question);
    person.question(hidden ? "" : question, (answer) => finish(() => resolve(answer)));
    person.on("SIGINT", () => {
      if (!hidden) process.stderr.write("\n");
      finish(() => reject(new CliError("interrupted", { exitCode: exitCodes.interrupted })));
    });
    person.on("close", () => finish(() => resolve(undefined)));
    signal?.addEventListener("abort", () => finish(() => resolve(undefined)), { once: true });
  });
}
