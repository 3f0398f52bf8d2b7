import { canonicalRequest } from "../../qsh/canonical.ts";
import { qsh } from "../../qsh/hash.ts";
import type { Command } from "../command.ts";
import { exitCodes } from "../failure.ts";
import { readText } from "../secrets.ts";

export const command: Command = {
  usage: "METHOD URL [options]",
  details: "Prints the canonical request and its query string hash (the qsh claim). The URL is taken as it stands.",
  options: [
    { name: "base-url", value: "URL", help: "where the site or the app lives: its path is no part of the hash" },
    { name: "form", value: "FILE", help: "a form body, whose pairs count too (- for standard input)" },
    { name: "decoded-path", help: "the path that products sign when they call an app" },
  ],
  examples: [
    [
      "jwt-qsh qsh GET '/wiki/rest/api/content?expand=body&limit=10' --base-url https://example.atlassian.net/wiki",
      "canonical request and hash",
    ],
    ["jwt-qsh qsh POST /rest/x --form body.txt --json", "for a script"],
  ],
  arity: [2, 2],
  async run({ arguments: [method = "", url = ""], options, terminal }) {
    const file = options.text("form");
    const form = file === undefined ? undefined : (file === "-" ? await terminal.readAll() : readText(file)).trimEnd();
    const request = { method, url, ...(form !== undefined && { form }) };
    const baseUrl = options.text("base-url");
    const settings = {
      ...(baseUrl !== undefined && { baseUrl }),
      ...(options.flag("decoded-path") && { path: "decoded" as const }),
    };
    const canonical = canonicalRequest(request, settings);
    const hash = qsh(request, settings);
    if (options.flag("json")) terminal.print(JSON.stringify({ canonical, qsh: hash }));
    else
      terminal.print(
        `${terminal.paint("dim", "canonical")}  ${canonical}\n${terminal.paint("dim", "qsh      ")}  ${hash}`,
      );
    return exitCodes.ok;
  },
};
