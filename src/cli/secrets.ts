/**
 * Secrets come from a file, from standard input or from the environment, never from an argument: others see those.
 */
import { readFileSync } from "node:fs";
import type { Invocation } from "./command.ts";
import { CliError } from "./failure.ts";

/** Where a secret may come from. */
export interface SecretSource {
  /** The option that names a file; `-` is standard input. */
  readonly option: string;
  /** The variable. */
  readonly env: string;
  /** What it is, for the question and the message. */
  readonly what: string;
}

/** Reads a secret; asks for it where somebody can be asked. */
export async function requireSecret(invocation: Invocation, source: SecretSource): Promise<string> {
  const secret = await findSecret(invocation, source);
  if (secret !== undefined) return secret;
  const { terminal } = invocation;
  const answer = terminal.isInteractive ? await terminal.ask(`${source.what}: `, { hidden: true }) : undefined;
  if (answer !== undefined && answer !== "") return answer;
  throw new CliError(`the ${source.what} is missing`, {
    fix: `--${source.option} FILE, - for standard input, or ${source.env}`,
  });
}

/** Reads a secret where one was given. */
export async function findSecret({ options, terminal }: Invocation, source: SecretSource): Promise<string | undefined> {
  const path = options.text(source.option);
  if (path === undefined) return terminal.env[source.env] || undefined;
  const text = path === "-" ? await terminal.readAll() : readText(path);
  // An editor ends the last line; a secret does not end with one.
  const secret = text.replace(/\r?\n$/, "");
  if (secret === "")
    throw new CliError(`the ${source.what} is empty`, { fix: `is the right file given with --${source.option}?` });
  return secret;
}

/** Reads a text file. */
export function readText(path: string): string {
  return readBytes(path).toString("utf8");
}

/** Reads a file. */
export function readBytes(path: string): Buffer<ArrayBuffer> {
  try {
    return readFileSync(path) as Buffer<ArrayBuffer>;
  } catch (error) {
    const { code } = error as { code?: string };
    throw new CliError(
      code === "ENOENT"
        ? `there is no file ${JSON.stringify(path)}`
        : `the file ${JSON.stringify(path)} cannot be read`,
      {
        fix: "check the path and the mode",
      },
    );
  }
}

/** A key, as text: it may span lines, so nothing is cut off. */
export async function readKey(invocation: Invocation, option: string): Promise<string | undefined> {
  const path = invocation.options.text(option);
  if (path === undefined) return invocation.terminal.env["JWT_QSH_PRIVATE_KEY"] || undefined;
  // Configuration files of older tools hold the key itself.
  if (path.includes("-----BEGIN")) return path;
  return path === "-" ? invocation.terminal.readAll() : readText(path);
}
