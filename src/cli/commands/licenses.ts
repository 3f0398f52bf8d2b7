import type { Command } from "../command.ts";
import { exitCodes } from "../failure.ts";
import { readSeats } from "../licenses.ts";
import { openSite, siteOptions } from "../site.ts";

export const command: Command = {
  usage: "[APPLICATION] [options]",
  details:
    "Shows used and licensed seats and the end of the licence, of one application " +
    "(jira-software) or of all that are\n" +
    "installed. The user must be an administrator.",
  options: siteOptions,
  examples: [
    ["jwt-qsh licenses", "all applications"],
    ["jwt-qsh licenses jira-software --json", "one, for a script"],
  ],
  arity: [0, 1],
  async run(invocation) {
    const { terminal, options } = invocation;
    const site = await openSite(invocation);
    const seats = await readSeats(site, invocation.arguments[0]);
    if (options.flag("json")) {
      terminal.print(JSON.stringify(seats));
      return exitCodes.ok;
    }
    for (const { application, used, licensed, expires } of seats) {
      const limit = licensed < 0 ? "unlimited" : String(licensed);
      const end = expires === undefined ? "" : `, until ${expires?.slice(0, 10) ?? "an unknown date"}`;
      terminal.print(
        `${application}: ` +
          `${terminal.paint(licensed >= 0 && used >= licensed ? "red" : "bold", `${used}/${limit}`)} seats used${end}`,
      );
    }
    return exitCodes.ok;
  },
};
