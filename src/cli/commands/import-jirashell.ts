import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Command } from "../command.ts";
import { CliError, exitCodes } from "../failure.ts";
import { readIni } from "../ini.ts";
import { saveProfile } from "../profiles.ts";
import type { Profile } from "../profiles.ts";
import { readText } from "../secrets.ts";
import { readServer } from "../server.ts";

export const command: Command = {
  usage: "[FILE] [options]",
  details: "Takes over what jirashell is configured with, from ~/.jira-python/jirashell.ini unless told, as a profile.",
  options: [
    { name: "save", value: "NAME", help: "the profile's name; jirashell unless told" },
    { name: "server", aliases: ["-s"], value: "URL", help: "the site, where the file does not name it" },
    { name: "unsafe-http", help: "allow http to another machine: anybody may listen" },
  ],
  examples: [
    ["jwt-qsh import-jirashell && jwt-qsh whoami", "and see whether it works"],
    ["jwt-qsh import-jirashell old.ini -s https://jira.example.com --save work", "another file"],
  ],
  arity: [0, 1],
  run({ arguments: [file], options, terminal }) {
    const ini = readIni(readText(file ?? join(homedir(), ".jira-python", "jirashell.ini")));
    const read = (section: string, name: string): string => ini.get(section)?.get(name) ?? "";
    const server = options.text("server") ?? read("options", "server");
    if (server === "") throw new CliError("the file does not name the server", { fix: "pass --server URL" });
    const name = options.text("save") ?? "jirashell";
    const profile = readProfile(readServer(server, options.flag("unsafe-http")), read);
    const path = saveProfile(terminal.env, name, profile);
    if (read("options", "verify").match(/^(?:no|false|off|0)$/i)) {
      terminal.note(
        "jwt-qsh: the file switches the verification of certificates off, which is not taken " +
          "over: NODE_EXTRA_CA_CERTS names an authority",
      );
    }
    if (options.flag("json"))
      terminal.print(JSON.stringify({ savedAs: name, file: path, kind: profile.kind, server: profile.server }));
    else terminal.print(`Saved as ${name}. Try: jwt-qsh whoami --profile ${name}`);
    return Promise.resolve(exitCodes.ok);
  },
};

function readProfile(server: string, read: (section: string, name: string) => string): Profile {
  const [consumerKey, token, keyCert] = [
    read("oauth", "consumer_key"),
    read("oauth", "access_token"),
    read("oauth", "key_cert"),
  ];
  if (consumerKey !== "" && token !== "" && keyCert !== "") {
    return {
      kind: "oauth1",
      server,
      consumerKey,
      privateKey: readKeyCert(keyCert),
      token,
      tokenSecret: read("oauth", "access_token_secret"),
    };
  }
  const [username, password] = [read("basic_auth", "username"), read("basic_auth", "password")];
  if (username !== "" && password !== "") return { kind: "basic", server, username, password };
  throw new CliError("the file holds no whole credentials", {
    fix:
      consumerKey === ""
        ? "it needs an access token with consumer key and key, or a password"
        : "dance once: jwt-qsh oauth1 dance --save NAME",
  });
}

/** The key itself is what jirashell expects there; a path is what people write. No message repeats it. */
function readKeyCert(keyCert: string): string {
  const fix = "write the key itself into the file, or a path that is right from here";
  if (!isKey(keyCert) && !existsSync(keyCert)) throw new CliError('"key_cert" names a file that is not there', { fix });
  const privateKey = isKey(keyCert) ? keyCert : readText(keyCert);
  if (!isKey(privateKey)) throw new CliError('"key_cert" holds no private key', { fix });
  return privateKey;
}

function isKey(text: string): boolean {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
}
