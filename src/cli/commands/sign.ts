import type { Command } from "../command.ts";
import { exitCodes } from "../failure.ts";
import { readText } from "../secrets.ts";
import { openSite, siteOptions } from "../site.ts";
import { resolveUrl } from "../url.ts";

export const command: Command = {
  usage: "METHOD URL [options]",
  details:
    "Signs a request and prints what goes with it: the Authorization header, whatever the " +
    "credentials are. With --token\n" +
    "only the token, with --url the URL with the token in it, with --curl a line to run.",
  options: [
    ...siteOptions,
    { name: "form", value: "FILE", help: "a form body, which is signed too (- for standard input)" },
    { name: "token", help: "print the token alone" },
    { name: "url", help: "print the URL with the token in it (Connect)" },
    { name: "curl", help: "print a line for curl" },
    { name: "lifetime", value: "SECONDS", help: "of a Connect token; 180 unless told" },
  ],
  examples: [
    [
      "JWT_QSH_SECRET=$(cat secret) jwt-qsh sign GET /rest/api/3/myself -s " +
        "https://example.atlassian.net --app-key com.example.app",
      "as a Connect app",
    ],
    ["jwt-qsh sign GET '/rest/api/2/search?jql=a+b' --profile work --curl", "OAuth 1.0a, as a line for curl"],
  ],
  arity: [2, 2],
  async run(invocation) {
    const {
      arguments: [method = "", target = ""],
      options,
      terminal,
    } = invocation;
    const site = await openSite(invocation);
    const url = resolveUrl(target, site.baseUrl);
    const formFile = options.text("form");
    const form =
      formFile === undefined ? undefined : (formFile === "-" ? await terminal.readAll() : readText(formFile)).trimEnd();
    const init =
      form === undefined ? {} : { body: form, headers: { "content-type": "application/x-www-form-urlencoded" } };
    const signed = await site.sign(new Request(url, { method: method.toUpperCase(), ...init }));
    const header = signed.headers.get("authorization") ?? "";
    const token = header.replace(/^\w+ /, "");
    const signedUrl = `${url}${url.includes("?") ? "&" : "?"}jwt=${token}`;
    if (options.flag("json")) {
      terminal.print(
        JSON.stringify({
          method: signed.method,
          url,
          authorization: header,
          ...(site.kind === "connect" && { token, signedUrl }),
        }),
      );
    } else if (options.flag("token")) {
      terminal.print(token);
    } else if (options.flag("url")) {
      terminal.print(signedUrl);
    } else if (options.flag("curl")) {
      const data = form === undefined ? "" : ` --data-raw ${quote(form)}`;
      terminal.print(`curl -X ${signed.method} -H ${quote(`Authorization: ${header}`)}${data} ${quote(url)}`);
    } else {
      terminal.print(`Authorization: ${header}`);
    }
    return exitCodes.ok;
  },
};

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
