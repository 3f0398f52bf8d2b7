/**
 * Tokens: where they are read from, and how they are shown.
 */
import type { Invocation } from "./command.ts";
import { CliError } from "./failure.ts";
import { findSecret } from "./secrets.ts";
import type { Terminal } from "./terminal.ts";

export const tokenOption = {
  name: "token-file",
  value: "FILE",
  help: "the token: a file or - (or JWT_QSH_TOKEN); standard input unless told",
} as const;

/** Reads the token: a credential, so it is no argument. Its scheme, and `?jwt=` before it, are taken off. */
export async function readToken(invocation: Invocation): Promise<string> {
  const { terminal } = invocation;
  const given = await findSecret(invocation, { option: "token-file", env: "JWT_QSH_TOKEN", what: "token" });
  const text =
    given ??
    (terminal.isInteractive ? await terminal.ask("Token: ", { hidden: true }) : await terminal.readAll()) ??
    "";
  const token = text
    .trim()
    .replace(/^(?:authorization:\s*)?(?:jwt|bearer)\s+/i, "")
    .replace(/^.*[?&]jwt=([^&#]*).*$/s, "$1");
  if (token === "")
    throw new CliError("the token is missing", { fix: "pass it on standard input, or with --token-file FILE" });
  return token;
}

/** JSON for people. */
export function showJson(value: unknown, { paint }: Terminal): string {
  return JSON.stringify(value, null, 2).replace(
    /^(\s*)("(?:[^"\\]|\\.)*")(:)/gm,
    (_, indent: string, name: string, colon: string) => `${indent}${paint("cyan", name)}${colon}`,
  );
}

/** A moment, with how far it is from now. */
export function showTime(seconds: number, now: number): string {
  const distance = Math.round(seconds - now);
  const moment = Math.abs(seconds) < 8.64e12 ? new Date(seconds * 1000).toISOString().replace(".000Z", "Z") : "no time";
  return `${moment}, ${distance < 0 ? `${showSpan(-distance)} ago` : `in ${showSpan(distance)}`}`;
}

function showSpan(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
