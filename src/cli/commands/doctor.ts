import type { Command } from "../command.ts";
import { checkDescriptor, checkExpiry, checkIdentity, checkKey, checkKeyServer, checkServer } from "../checks.ts";
import type { Finding } from "../checks.ts";
import { exitCodes } from "../failure.ts";
import { readText } from "../secrets.ts";
import { openSite, siteOptions } from "../site.ts";

export const command: Command = {
  usage: "[options]",
  details:
    "Looks for what is wrong with a set-up: the server and its address, the clocks, the " +
    "credentials (and whether the site\n" +
    "takes us for nobody), the key pair, the token's end, and for a Connect app the key server and the descriptor.",
  options: [
    ...siteOptions,
    { name: "public-key", value: "FILE", help: "the public key that the server holds: is it of our pair?" },
    { name: "descriptor", value: "URL", help: "a Connect app's descriptor" },
    { name: "key-server", value: "URL", help: "where keys of signed installs are; that of production unless told" },
  ],
  examples: [
    ["jwt-qsh doctor", "the profile that was saved last"],
    ["jwt-qsh doctor --profile work --public-key rsa.pub.pem", "and the key pair"],
    [
      "jwt-qsh doctor -s https://example.atlassian.net --app-key com.example.app " +
        "--secret-file s --descriptor https://app.example.com/atlassian-connect.json",
      "a Connect app",
    ],
  ],
  arity: [0, 0],
  async run(invocation) {
    const { options, terminal } = invocation;
    const site = await openSite(invocation);
    const [publicKey, descriptor] = [options.text("public-key"), options.text("descriptor")];
    const findings: Finding[] = [
      ...(await checkServer(site)),
      ...(await checkIdentity(site)),
      ...checkKey(site, publicKey === undefined ? undefined : readText(publicKey)),
      ...checkExpiry(site, Date.now() / 1000),
    ];
    if (site.kind === "connect" || options.text("key-server") !== undefined) {
      findings.push(
        ...(await checkKeyServer(site, options.text("key-server") ?? "https://connect-install-keys.atlassian.com/")),
      );
    }
    if (descriptor !== undefined) findings.push(...(await checkDescriptor(site, descriptor)));
    if (options.flag("json")) terminal.print(JSON.stringify({ server: site.baseUrl, findings }));
    else for (const finding of findings) terminal.print(show(finding, terminal.paint));
    return findings.some(({ level }) => level === "error") ? exitCodes.refused : exitCodes.ok;
  },
};

function show({ check, level, text, fix }: Finding, paint: Parameters<Command["run"]>[0]["terminal"]["paint"]): string {
  const mark = { ok: paint("green", "✓"), warning: paint("yellow", "!"), error: paint("red", "✗") }[level];
  return `${mark} ${check}: ${text}${fix === undefined ? "" : `\n  fix: ${fix}`}`;
}
