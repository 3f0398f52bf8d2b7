import type { Command, CommandOption, Invocation } from "../command.ts";
import { dance, danceOptions } from "../dance.ts";
import { CliError, exitCodes } from "../failure.ts";
import { readSeats } from "../licenses.ts";
import { readJson } from "../refusal.ts";
import { runShell } from "../repl.ts";
import { openSite, refuseUser, siteOptions } from "../site.ts";
import type { Site } from "../site.ts";
import { version } from "../version.ts";

const jirashellOptions: readonly CommandOption[] = [
  { name: "oauth-dance", aliases: ["-od"], help: "dance first, with --consumer-key and --key-cert" },
  {
    name: "access-token",
    aliases: ["-at"],
    value: "TOKEN",
    help: "an access token: others can see it here, prefer --access-token-file",
  },
  { name: "access-token-secret", aliases: ["-ats"], value: "SECRET", help: "its secret, which RSA does not use" },
  {
    name: "password",
    aliases: ["-p"],
    value: "PASSWORD",
    help: "a password: others can see it here, prefer --password-file",
  },
  { name: "rest-path", aliases: ["-r"], value: "PATH", help: "the REST API; api unless told" },
  { name: "rest-api-version", aliases: ["-v"], value: "VERSION", help: "its version; 2 unless told" },
  { name: "auth-url", value: "URL", help: "taken and not needed" },
  { name: "use-kerberos-auth", help: "not supported" },
  { name: "mutual-authentication", value: "MODE", help: "not supported" },
];

export const command: Command = {
  usage: "[options]",
  details:
    "A JavaScript shell with a signed-in client: jira, get(path, query), post(path, body), " +
    "put, del, licenses(), auth (the\n" +
    "signer). Promises can be awaited. The options of jirashell work. A script can be piped in.",
  options: [...siteOptions, ...danceOptions, ...jirashellOptions],
  examples: [
    ["jwt-qsh shell", "with the profile that was saved last"],
    ["jwt-qsh shell -s https://jira.example.com -od -ck my-script -k rsa.pem", "dance first, as jirashell does"],
    ["echo '(await jira.myself()).displayName' | jwt-qsh shell --profile work", "a script"],
  ],
  arity: [0, 0],
  async run(invocation) {
    const { options, terminal } = invocation;
    if (options.flag("use-kerberos-auth") || options.text("mutual-authentication") !== undefined) {
      throw new CliError("Kerberos is not supported", {
        fix: "use a personal access token (--token-file), or OAuth 1.0a",
      });
    }
    for (const name of ["password", "access-token"]) {
      if (options.text(name) !== undefined)
        terminal.note(`jwt-qsh: WARNING: others can see what is given with --${name}: use --${name}-file`);
    }
    const site = options.flag("oauth-dance") ? await danceInto(invocation) : await openSite(invocation);
    const root = `/rest/${options.text("rest-path") ?? "api"}/${options.text("rest-api-version") ?? "2"}`;
    const isTerminal = process.stdin.isTTY === true;
    const script = isTerminal ? undefined : await terminal.readAll();
    terminal.close();
    if (isTerminal)
      terminal.note(
        `jwt-qsh ${version()}: ${site.baseUrl} as ${site.kind}. Try: await jira.myself(), ` +
          `await get("/rest/api/2/serverInfo")`,
      );
    const isWell = await runShell(clientOf(site, root), script);
    return isWell ? exitCodes.ok : exitCodes.refused;
  },
};

async function danceInto(invocation: Invocation): Promise<Site> {
  refuseUser(invocation, "oauth1");
  const { profile } = await dance(invocation);
  const { createSignedFetch } = await import("../../fetch/signed-fetch.ts");
  const [{ oauth1Signer }, { timedFetch }] = await Promise.all([import("../site.ts"), import("../server.ts")]);
  const unsafeHttp = invocation.options.flag("unsafe-http");
  const { server: baseUrl } = profile;
  const sign = await oauth1Signer(invocation, profile, baseUrl);
  const plain = timedFetch(invocation.options.seconds("timeout", 30));
  const fetch = createSignedFetch({ baseUrl, sign, fetch: plain, unsafeHttp });
  return { baseUrl, kind: "oauth1", credentials: profile, sign, plain, fetch: (path, init) => fetch(path, init) };
}

/** What the shell knows. */
function clientOf(site: Site, root: string): Record<string, unknown> {
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const json = { "content-type": "application/json", accept: "application/json" };
    const response = await site.fetch(path, {
      method,
      ...(body !== undefined && { headers: json, body: JSON.stringify(body) }),
    });
    return response.status === 204 ? undefined : readJson(response, site);
  };
  const get = (path: string, query?: Record<string, string>): Promise<unknown> => {
    const text = query === undefined ? "" : `?${new URLSearchParams(query)}`;
    return send("GET", path + text);
  };
  const post = (path: string, body?: unknown): Promise<unknown> => send("POST", path, body ?? {});
  const put = (path: string, body?: unknown): Promise<unknown> => send("PUT", path, body ?? {});
  const del = (path: string): Promise<unknown> => send("DELETE", path);
  const licenses = (application?: string): Promise<unknown> => readSeats(site, application);
  const jira = {
    baseUrl: site.baseUrl,
    fetch: site.fetch,
    get,
    post,
    put,
    delete: del,
    myself: () => get(`${root}/myself`),
    serverInfo: () => get(`${root}/serverInfo`),
    search: (jql: string) => get(`${root}/search`, { jql }),
    issue: (key: string) => get(`${root}/issue/${encodeURIComponent(key)}`),
    licenses,
  };
  return { jira, get, post, put, del, licenses, auth: site.sign };
}
