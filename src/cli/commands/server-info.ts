import type { Command } from "../command.ts";
import { exitCodes } from "../failure.ts";
import { readJson } from "../refusal.ts";
import { openSite, siteOptions } from "../site.ts";

export const command: Command = {
  usage: "[options]",
  details: "Asks the site what it is. Everybody may ask that, so it proves nothing about credentials: whoami does.",
  options: siteOptions,
  examples: [
    ["jwt-qsh server-info -s https://jira.example.com/jira", "what runs there"],
    ["jwt-qsh server-info --json", "all of it, for a script"],
  ],
  arity: [0, 0],
  async run(invocation) {
    const { terminal, options } = invocation;
    const site = await openSite(invocation);
    const info = (await readJson(await site.fetch("/rest/api/2/serverInfo"), site)) as Record<string, unknown>;
    if (options.flag("json")) {
      terminal.print(JSON.stringify(info));
      return exitCodes.ok;
    }
    for (const name of ["serverTitle", "version", "deploymentType", "buildNumber", "baseUrl", "serverTime"]) {
      if (info[name] !== undefined) terminal.print(`${terminal.paint("dim", name.padEnd(14))} ${String(info[name])}`);
    }
    const told = info["baseUrl"];
    if (typeof told === "string" && told.replace(/\/+$/, "") !== site.baseUrl) {
      terminal.note(
        `jwt-qsh: the site calls itself ${JSON.stringify(told)}: signatures are made over that ` +
          `address, so use it as --server`,
      );
    }
    return exitCodes.ok;
  },
};
