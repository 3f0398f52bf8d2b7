/**
 * What went wrong, in one line with its fix, and as an exit code.
 */
import { isAuthError } from "../errors.ts";
import type { OAuth1Error } from "../errors.ts";

/** The exit codes, as the help prints them. */
export const exitCodes = { ok: 0, refused: 1, usage: 2, denied: 3, network: 4, interrupted: 130 } as const;

/** A failure of the command line itself. */
export class CliError extends Error {
  override name = "CliError" as const;
  readonly exitCode: number;
  readonly fix: string | undefined;

  constructor(message: string, options: { exitCode?: number; fix?: string | undefined } = {}) {
    super(message);
    this.exitCode = options.exitCode ?? exitCodes.usage;
    this.fix = options.fix;
  }
}

/** A failure as it is told: constant text, or what the library's errors allow themselves to say. */
export interface Failure {
  readonly exitCode: number;
  readonly message: string;
  readonly fix?: string;
  readonly code?: string;
  readonly problem?: string;
  readonly advice?: string;
}

const DENIED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "permission_denied",
  "permission_unknown",
  "user_refused",
  "additional_authorization_required",
]);
const UNREACHED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "ERR_EXCHANGE_UNREACHABLE",
  "ERR_KEY_FETCH",
  "ERR_INSTALLATION_LOOKUP",
]);
const OF_THE_CALLER: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "ERR_KEY_INVALID",
  "ERR_ORIGIN_NOT_ALLOWED",
  "ERR_UNSUPPORTED_RUNTIME",
]);

/** Makes a failure of whatever was thrown. */
export function readFailure(error: unknown): Failure {
  if (error instanceof CliError) return withFix({ exitCode: error.exitCode, message: error.message }, error.fix);
  if (isAuthError(error)) {
    const { problem, advice, status } = error as OAuth1Error;
    return withFix(
      {
        exitCode: exitCodeOf(error.code, problem, status),
        message: error.message,
        code: error.code,
        ...(problem !== undefined && { problem }),
        ...(advice !== undefined && { advice }),
      },
      error.hint,
    );
  }
  const { code, cause, message } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown }; message?: unknown };
  const known = String(code ?? cause?.code ?? "");
  if (known.startsWith("ERR_INVALID_ARG_"))
    return { exitCode: exitCodes.usage, message: optionNames(String(message)), code: known };
  if (known.startsWith("ERR_PARSE_ARGS_"))
    return withFix({ exitCode: exitCodes.usage, message: String(message).split(". ", 1)[0] ?? "" }, "see --help");
  return readSystemFailure(known, error);
}

function exitCodeOf(code: string, problem: string | undefined, status: number): number {
  if (DENIED.has(problem ?? "")) return exitCodes.denied;
  if (UNREACHED.has(code) || (code === "ERR_OAUTH1_RESPONSE" && status === 0)) return exitCodes.network;
  return OF_THE_CALLER.has(code) ? exitCodes.usage : exitCodes.refused;
}

function withFix(failure: Failure, fix: string | undefined): Failure {
  return fix === undefined ? failure : { ...failure, fix: optionNames(fix) };
}

/** The library speaks of `"options.baseUrl"`; the user gave `--server`. */
function optionNames(text: string): string {
  const names: Record<string, string> = {
    baseUrl: "server",
    privateKey: "key-cert",
    passphrase: "passphrase-file",
    modulusLength: "bits",
  };
  return text.replace('"allowShortSecret: true"', "--allow-short-secret").replace(
    /"options\.(\w+)"/g,
    (_, name: string) => `--${names[name] ?? name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
  );
}

const SYSTEM: Readonly<Record<string, [message: string, kind: "network" | "usage", fix?: string]>> = {
  ECONNREFUSED: ["the server refused the connection", "network", "is the address right, and is it running?"],
  ENOTFOUND: ["the server's name is not known", "network", "check --server"],
  EAI_AGAIN: ["the server's name could not be looked up", "network", "check the network"],
  ECONNRESET: ["the server cut the connection", "network"],
  ETIMEDOUT: ["the server did not answer in time", "network"],
  UND_ERR_CONNECT_TIMEOUT: ["the server did not answer in time", "network"],
  UND_ERR_SOCKET: ["the server cut the connection", "network"],
  ENOENT: ["a file is not there", "usage", "check the path"],
  EACCES: ["a file may not be read or written", "usage", "check its owner and mode"],
  EISDIR: ["a folder stands where a file is needed", "usage"],
  EADDRINUSE: ["the port is in use", "usage", "pass another one, or none"],
};

function readSystemFailure(code: string, error: unknown): Failure {
  const known = SYSTEM[code];
  if (known !== undefined) return withFix({ message: known[0], exitCode: exitCodes[known[1]], code }, known[2]);
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/.test(code)) {
    const fix = "name its authority's file in NODE_EXTRA_CA_CERTS";
    return { exitCode: exitCodes.network, message: "the server's certificate is not trusted", fix, code };
  }
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  if (name === "TypeError" && message === "fetch failed")
    return { exitCode: exitCodes.network, message: "the server could not be reached" };
  if (name === "TimeoutError") return { exitCode: exitCodes.network, message: "the server did not answer in time" };
  return { exitCode: exitCodes.refused, message: unforeseen(error) };
}

/** A foreign message may repeat what it is about: only the system's own are told, which name a call and a path. */
function unforeseen(error: unknown): string {
  const { name, message, syscall } = (error ?? {}) as { name?: unknown; message?: unknown; syscall?: unknown };
  if (typeof syscall === "string") return String(message);
  return `an unforeseen failure${typeof name === "string" && /^[A-Za-z]{1,40}$/.test(name) ? ` (${name})` : ""}`;
}
