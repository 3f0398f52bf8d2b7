import type { Command } from "../command.ts";
import { CliError, exitCodes } from "../failure.ts";
import { readJson } from "../refusal.ts";
import { openSite, siteOptions } from "../site.ts";

/** A user, as Data Center and Cloud name one. */
interface Myself {
  readonly name?: string;
  readonly accountId?: string;
  readonly displayName?: string;
  readonly emailAddress?: string;
}

export const command: Command = {
  usage: "[options]",
  details:
    "Asks the site who we are. Unlike server-info, which everybody may ask, this fails " +
    "where the credentials are not\n" +
    "accepted.",
  options: siteOptions,
  examples: [
    ["jwt-qsh whoami", "with the profile that was saved last"],
    ["jwt-qsh whoami --profile work --json", "for a script"],
    ["JWT_QSH_TOKEN=$(cat pat) jwt-qsh whoami -s https://jira.example.com", "with a personal access token"],
  ],
  arity: [0, 0],
  async run(invocation) {
    const { terminal, options } = invocation;
    const site = await openSite(invocation);
    const response = await site.fetch("/rest/api/2/myself");
    // Credentials that are not whole are not refused: the call is simply nobody's.
    if (response.headers.get("x-ausername") === "anonymous") {
      throw new CliError("the site takes us for nobody", {
        exitCode: exitCodes.refused,
        fix: "the credentials did not arrive: is a proxy in between?",
      });
    }
    const user = (await readJson(response, site)) as Myself;
    const name = user.name ?? user.accountId ?? "";
    if (options.flag("json"))
      terminal.print(JSON.stringify({ server: site.baseUrl, credentials: site.kind, name, ...user }));
    else terminal.print(`${terminal.paint("bold", user.displayName ?? name)} (${name}) at ${site.baseUrl}`);
    return exitCodes.ok;
  },
};
