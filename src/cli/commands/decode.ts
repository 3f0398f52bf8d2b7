import { decodeJwt } from "../../jwt/decode.ts";
import type { Command } from "../command.ts";
import { exitCodes } from "../failure.ts";
import { readToken, showJson, showTime, tokenOption } from "../token.ts";

export const command: Command = {
  usage: "[options]",
  details: "Shows header and claims of a token. Nothing is verified: anybody can have written it.",
  options: [tokenOption],
  examples: [
    ["pbpaste | jwt-qsh decode", "what is on the clipboard"],
    ["jwt-qsh decode --token-file token.txt --json", "for a script"],
  ],
  arity: [0, 0],
  async run(invocation) {
    const { terminal, options } = invocation;
    const { header, claims } = decodeJwt(await readToken(invocation));
    if (options.flag("json")) {
      terminal.print(JSON.stringify({ header, claims, verified: false }));
      return exitCodes.ok;
    }
    terminal.print(`${terminal.paint("dim", "header")} ${showJson(header, terminal)}`);
    terminal.print(`${terminal.paint("dim", "claims")} ${showJson(claims, terminal)}`);
    const now = Date.now() / 1000;
    for (const name of ["iat", "nbf", "exp"]) {
      const value = (claims as Record<string, unknown>)[name];
      if (typeof value === "number") terminal.print(`${terminal.paint("dim", name.padEnd(6))} ${showTime(value, now)}`);
    }
    terminal.note(terminal.paint("yellow", "not verified"));
    return exitCodes.ok;
  },
};
