/**
 * The table of commands. A command's file is loaded when it is run, and not before.
 */
import type { CommandRow } from "./command.ts";

export const commands: readonly CommandRow[] = [
  {
    name: "sign",
    summary: "make the token, the header or the URL for a request",
    load: () => import("./commands/sign.ts"),
  },
  { name: "verify", summary: "verify a token", load: () => import("./commands/verify.ts") },
  { name: "decode", summary: "show what is in a token, unverified", load: () => import("./commands/decode.ts") },
  { name: "qsh", summary: "the canonical request and its hash", load: () => import("./commands/qsh.ts") },
  {
    name: "explain",
    summary: "why a token, a hash or a signature was refused",
    load: () => import("./commands/explain.ts"),
  },
  { name: "request", summary: "a signed request, like curl", load: () => import("./commands/request.ts") },
  {
    name: "oauth1 keygen",
    summary: "make an RSA key pair for an application link",
    load: () => import("./commands/oauth1-keygen.ts"),
  },
  {
    name: "oauth1 dance",
    summary: "have a user approve, and get an access token",
    load: () => import("./commands/oauth1-dance.ts"),
  },
  { name: "oauth1 show", summary: "show the saved profiles", load: () => import("./commands/oauth1-show.ts") },
  { name: "whoami", summary: "who the server takes us for", load: () => import("./commands/whoami.ts") },
  { name: "server-info", summary: "what the server is", load: () => import("./commands/server-info.ts") },
  { name: "licenses", summary: "used and licensed seats", load: () => import("./commands/licenses.ts") },
  { name: "shell", summary: "a shell with a signed-in client", load: () => import("./commands/shell.ts") },
  { name: "doctor", summary: "find out what is wrong with a set-up", load: () => import("./commands/doctor.ts") },
  {
    name: "import-jirashell",
    summary: "take over jirashell's configuration",
    load: () => import("./commands/import-jirashell.ts"),
  },
  {
    name: "playground",
    summary: "serve the playground on this machine",
    load: () => import("./commands/playground.ts"),
  },
  {
    name: "demo",
    summary: "the main job against a fake site, over real sockets",
    load: () => import("./commands/demo.ts"),
  },
  { name: "completion", summary: "completion for bash, zsh and fish", load: () => import("./commands/completion.ts") },
];

/** The command that the arguments begin with, and the arguments behind its name. */
export function findCommand(argv: readonly string[]): { row: CommandRow; rest: readonly string[] } | undefined {
  for (const words of [2, 1]) {
    const row = commands.find(({ name }) => name === argv.slice(0, words).join(" "));
    if (row !== undefined) return { row, rest: argv.slice(words) };
  }
  return undefined;
}
