import type { Command } from "../command.ts";
import { dance, danceOptions, partnerOptions } from "../dance.ts";
import { exitCodes } from "../failure.ts";

export const command: Command = {
  usage: "--server URL --consumer-key KEY --key-cert FILE [options]",
  details:
    "Gets an access token of a Jira or Confluence Data Center: prints an address, waits " +
    "until the user has approved there,\n" +
    "and trades the code for a token. The options of jirashell work.\n\n" +
    "For a script of your own, a personal access token is simpler: profile picture > Personal Access Tokens.",
  options: [
    ...partnerOptions,
    ...danceOptions,
    { name: "oauth-dance", aliases: ["-od"], help: "nothing: this command always does" },
  ],
  examples: [
    ["jwt-qsh oauth1 dance -s https://jira.example.com -ck my-script -k rsa.pem --save work", "with a code to type in"],
    [
      "jwt-qsh oauth1 dance -s https://jira.example.com -ck my-script -k rsa.pem --callback " +
        "loopback --open --save work",
      "without typing",
    ],
    [
      "jwt-qsh oauth1 dance -s https://jira.example.com -ck my-script -k rsa.pem -pt --json",
      "tokens for another program",
    ],
  ],
  arity: [0, 0],
  async run(invocation) {
    const { options, terminal } = invocation;
    const { profile, requestToken, savedAs } = await dance(invocation);
    const { privateKey: _, token, tokenSecret, sessionHandle, ...facts } = profile;
    const printsTokens = options.flag("print-tokens");
    if (options.flag("json")) {
      const secrets = printsTokens ? { token, tokenSecret, ...(sessionHandle && { sessionHandle }), requestToken } : {};
      terminal.print(JSON.stringify({ ...facts, ...(savedAs && { savedAs }), ...secrets }));
      return exitCodes.ok;
    }
    if (printsTokens) {
      terminal.print(
        `Request tokens received.\n    Request token:        ${requestToken.token}\n` +
          `    Request token secret: ${requestToken.tokenSecret}`,
      );
      terminal.print(
        `Access tokens received.\n    Access token:        ${token}\n    Access token secret: ${tokenSecret}`,
      );
    }
    if (profile.expiresAt !== undefined)
      terminal.note(`Approved until ${new Date(profile.expiresAt * 1000).toISOString().slice(0, 10)}.`);
    if (savedAs !== undefined) terminal.note(`Saved as ${savedAs}. Try: jwt-qsh whoami --profile ${savedAs}`);
    else if (!printsTokens)
      terminal.note("The token was not saved and not printed: --save NAME or --print-tokens does that.");
    return exitCodes.ok;
  },
};
