import { existsSync } from "node:fs";
import { generateKeyPair } from "../../crypto/keypair.ts";
import type { Command } from "../command.ts";
import { CliError, exitCodes } from "../failure.ts";
import { writePrivate } from "../profiles.ts";

export const command: Command = {
  usage: "[options]",
  details:
    "Makes an RSA key pair for an application link. The private key goes to a file that " +
    "its owner alone can read; the\n" +
    "public key is printed as the form of Jira and Confluence wants it.",
  options: [
    { name: "out", aliases: ["-o"], value: "FILE", help: "where the private key goes; rsa.pem unless told" },
    { name: "bits", value: "BITS", help: "2048, 3072 or 4096; 3072 unless told" },
    { name: "force", help: "write over a file that is there" },
  ],
  examples: [
    ["jwt-qsh oauth1 keygen", "rsa.pem, and the public key to paste"],
    ["jwt-qsh oauth1 keygen -o ~/.ssh/jira.pem --bits 2048 --json", "for a script"],
  ],
  arity: [0, 0],
  async run({ options, terminal }) {
    const path = options.text("out") ?? "rsa.pem";
    if (existsSync(path) && !options.flag("force")) {
      throw new CliError("the file is there already", { fix: "name another with -o, or --force to lose the old key" });
    }
    const bits = options.text("bits");
    const pair = await generateKeyPair(bits === undefined ? {} : { modulusLength: Number(bits) });
    writePrivate(path, pair.privateKey);
    const { publicKeyBase64, publicKey, fingerprint } = pair;
    if (options.flag("json")) {
      terminal.print(JSON.stringify({ privateKeyFile: path, publicKey, publicKeyBase64, fingerprint }));
      return exitCodes.ok;
    }
    terminal.note(`The private key is in ${path}: keep it secret.\nIts public half has the SHA-256 ${fingerprint}.\n`);
    terminal.note(
      "In Jira or Confluence, as an administrator: Applications > Application links > Create link (Atlassian product,",
    );
    terminal.note(
      'any address, ignore the warning), tick "Create incoming link", and enter a consumer key, a name, and this as',
    );
    terminal.note("Public Key:\n");
    terminal.print(publicKeyBase64);
    terminal.note(`\nThen: jwt-qsh oauth1 dance --server URL --consumer-key KEY --key-cert ${path} --save NAME`);
    return exitCodes.ok;
  },
};
