import { writeFileSync } from "node:fs";
import type { Command, Invocation } from "../command.ts";
import { CliError, exitCodes } from "../failure.ts";
import { readBytes } from "../secrets.ts";
import { openSite, siteOptions } from "../site.ts";
import { appendQuery, readMethod, resolveUrl } from "../url.ts";

export const command: Command = {
  usage: "METHOD URL [options]",
  details:
    "Sends a signed request and prints the answer's body, like curl. The URL is a path of " +
    "the site or a URL on it; the\n" +
    "credentials never go elsewhere, also not after a redirect. JSON is recognised as such; other text is a form,\n" +
    "and what is no UTF-8 is application/octet-stream. A file is sent byte by byte.",
  options: [
    ...siteOptions,
    { name: "data", aliases: ["-d"], value: "TEXT", help: "the body; @FILE for a file's, @- for standard input" },
    { name: "header", aliases: ["-H"], value: "LINE", multiple: true, help: "a header: 'Name: value'" },
    { name: "query", aliases: ["-q"], value: "NAME=VALUE", multiple: true, help: "a parameter, to be encoded" },
    { name: "include", aliases: ["-i"], help: "print the status and the headers too" },
    { name: "output", aliases: ["-o"], value: "FILE", help: "write the body to a file" },
  ],
  examples: [
    ["jwt-qsh request GET /rest/api/2/search -q 'jql=project = TEST' --profile work", "OAuth 1.0a"],
    [
      "jwt-qsh request POST /rest/api/3/issue -d @issue.json -s " +
        "https://example.atlassian.net --app-key com.example.app --secret-file s",
      "as a Connect app",
    ],
    [
      "JWT_QSH_TOKEN=$(cat pat) jwt-qsh request GET /rest/api/2/myself -s https://jira.example.com -i",
      "with a personal access token",
    ],
  ],
  arity: [2, 2],
  async run(invocation) {
    const {
      arguments: [verb = "", target = ""],
      options,
      terminal,
    } = invocation;
    const method = readMethod(verb, options.text("data") === undefined ? undefined : "-q for parameters");
    const site = await openSite(invocation);
    const url = withQuery(resolveUrl(target, site.baseUrl), options.list("query"));
    const body = await readBody(invocation);
    const headers = readHeaders(options.list("header"));
    if (body !== undefined && !headers.has("content-type")) headers.set("content-type", typeOf(body));
    const response = await site.fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
    });
    const bytes = new Uint8Array(await response.clone().arrayBuffer());
    const output = options.text("output");
    if (options.flag("json")) {
      terminal.print(
        JSON.stringify({
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: parseBody(bytes),
        }),
      );
    } else {
      if (options.flag("include")) {
        terminal.print(`${response.status} ${response.statusText}`);
        for (const [name, value] of response.headers) terminal.print(`${terminal.paint("cyan", name)}: ${value}`);
        terminal.print("");
      }
      if (output === undefined) process.stdout.write(bytes);
    }
    if (output !== undefined) writeFileSync(output, bytes);
    if (response.ok) return exitCodes.ok;
    const { requireOk } = await import("../refusal.ts");
    await requireOk(response, site);
    return exitCodes.refused;
  },
};

async function readBody({ options, terminal }: Invocation): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const data = options.text("data");
  if (data === undefined) return undefined;
  if (!data.startsWith("@")) return new TextEncoder().encode(data);
  return data === "@-" ? terminal.readAllBytes() : readBytes(data.slice(1));
}

function readHeaders(lines: readonly string[]): Headers {
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) throw new CliError("a header has no colon", { fix: "-H 'Name: value'" });
    headers.append(...readHeader(line.slice(0, colon).trim(), line.slice(colon + 1).trim()));
  }
  return headers;
}

/** What the platform would refuse with a message that repeats it (RFC 9110 sections 5.1 and 5.5). */
function readHeader(name: string, value: string): [name: string, value: string] {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
    throw new CliError("a header's name is malformed", { fix: "-H 'Name: value'" });
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
    throw new CliError("a header's value holds what no header can carry", { fix: "one line of Latin-1 is expected" });
  return [name, value];
}

function withQuery(url: string, pairs: readonly string[]): string {
  const query = pairs.map((pair) => {
    const equals = pair.indexOf("=");
    return equals < 0
      ? encodeURIComponent(pair)
      : `${encodeURIComponent(pair.slice(0, equals))}=${encodeURIComponent(pair.slice(equals + 1))}`;
  });
  return query.length === 0 ? url : appendQuery(url, query.join("&"));
}

function typeOf(body: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return "application/octet-stream";
  }
  return /^\s*[{[]/.test(text) ? "application/json" : "application/x-www-form-urlencoded";
}

function parseBody(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
