import type { Command, Options } from "../command.ts";
import { CliError, exitCodes } from "../failure.ts";
import { readText } from "../secrets.ts";
import { NOT_CONNECT, openSite, siteOptions } from "../site.ts";
import type { Site } from "../site.ts";
import { appendQuery, readMethod, resolveUrl } from "../url.ts";

export const command: Command = {
  usage: "METHOD URL [options]",
  details:
    "Signs a request and prints what goes with it: the Authorization header, whatever the " +
    "credentials are. With --token\n" +
    "only the token, with --url the URL with the token in it, with --curl a line to run.",
  options: [
    ...siteOptions,
    { name: "form", value: "FILE", help: "a form body, which is signed too (- for standard input)" },
    { name: "token", help: "print the token alone (Connect)" },
    { name: "url", help: "print the URL with the token in it (Connect)" },
    { name: "curl", help: "print a line for curl" },
    { name: "lifetime", value: "SECONDS", help: "of a Connect token, 1 to 3600; 180 unless told" },
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
      arguments: [verb = "", target = ""],
      options,
      terminal,
    } = invocation;
    const formFile = options.text("form");
    const method = readMethod(verb, formFile === undefined ? undefined : "put the parameters into the URL");
    const site = await openSite(invocation);
    const url = resolveUrl(target, site.baseUrl);
    requireCredentials(site, url, options);
    const form =
      formFile === undefined ? undefined : (formFile === "-" ? await terminal.readAll() : readText(formFile)).trimEnd();
    const init =
      form === undefined ? {} : { body: form, headers: { "content-type": "application/x-www-form-urlencoded" } };
    const signed = await site.sign(new Request(url, { method, ...init }));
    const header = signed.headers.get("authorization") ?? "";
    const token = header.replace(/^\w+ /, "");
    const signedUrl = appendQuery(url, `jwt=${token}`);
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

/** Other credentials are no part of a URL, and what their header holds is no token of this request. */
function requireCredentials({ kind }: Site, url: string, options: Options): void {
  const missed = [
    options.flag("token") && kind !== "user" && "token",
    options.flag("url") && "url",
    options.text("lifetime") !== undefined && "lifetime",
  ].find((name) => name !== false);
  if (kind === "user" && missed !== undefined) throw new CliError(`--${missed} and --as-user exclude each other`);
  if (kind !== "connect" && missed !== undefined)
    throw new CliError(`--${missed} needs a Connect app's credentials`, NOT_CONNECT);
  if (kind === "none")
    throw new CliError("there are no credentials to sign with", { fix: "name a --profile, or see --help" });
  if (options.flag("url") && new URL(url).searchParams.has("jwt"))
    throw new CliError("the URL holds a token already", { fix: "leave its jwt parameter out" });
}

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
