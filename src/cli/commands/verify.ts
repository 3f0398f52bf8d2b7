import { secretKey } from "../../crypto/keys.ts";
import { publicKey } from "../../crypto/rsa-keys.ts";
import { verifyJwt } from "../../jwt/verify.ts";
import type { Command, Options } from "../command.ts";
import { CliError, exitCodes } from "../failure.ts";
import { readText, requireSecret } from "../secrets.ts";
import { readToken, showJson, tokenOption } from "../token.ts";

export const command: Command = {
  usage: "[options]",
  details:
    "Verifies a token: form, algorithm, signature, times, and what else is asked for. With " +
    "--request-url (and --method,\n" +
    "--base-url) its query string hash too. The reason of a refusal is found by: jwt-qsh explain.",
  options: [
    tokenOption,
    { name: "secret-file", value: "FILE", help: "the shared secret (or JWT_QSH_SECRET), for HS256" },
    { name: "public-key", value: "FILE", help: "the public key, for RS256" },
    { name: "issuer", value: "TEXT", help: "what iss must be" },
    { name: "audience", value: "TEXT", help: "what aud must contain" },
    { name: "method", value: "METHOD", help: "of the request that the token came with; GET unless told" },
    { name: "request-url", value: "URL", help: "of that request: compare the hash" },
    { name: "base-url", value: "URL", help: "where the app, or the site, lives" },
    { name: "allow-short-secret", help: "take a secret under 32 bytes" },
  ],
  examples: [
    ["jwt-qsh verify --token-file token.txt --secret-file secret", "an HS256 token"],
    ["jwt-qsh verify --public-key key.pem --audience https://app.example.com < token.txt", "an RS256 token"],
    [
      "jwt-qsh verify --token-file t --secret-file s --method GET --request-url '/panel?x=1' " +
        "--base-url https://app.example.com",
      "with its hash",
    ],
  ],
  arity: [0, 0],
  async run(invocation) {
    const { options, terminal } = invocation;
    requireUrl(options);
    const keyFile = options.text("public-key");
    const key =
      keyFile === undefined
        ? secretKey(
            await requireSecret(invocation, { option: "secret-file", env: "JWT_QSH_SECRET", what: "shared secret" }),
            {
              allowShortSecret: options.flag("allow-short-secret"),
            },
          )
        : publicKey(readText(keyFile));
    const [issuer, audience] = [options.text("issuer"), options.text("audience")];
    const token = await readToken(invocation);
    const { header, claims } = await verifyJwt(token, key, {
      ...(issuer && { issuer }),
      ...(audience && { audience }),
    });
    const bound = await checkHash(invocation, claims["qsh"]);
    if (options.flag("json"))
      terminal.print(JSON.stringify({ verified: true, header, claims, ...(bound && { qsh: "verified" }) }));
    else
      terminal.print(
        `${showJson(claims, terminal)}\n${terminal.paint("green", bound ? "verified, with its hash" : "verified")}`,
      );
    return exitCodes.ok;
  },
};

/** Without the URL no hash is compared: then whoever names the rest of a request means something that is not done. */
function requireUrl(options: Options): void {
  if (options.text("method") === undefined && options.text("base-url") === undefined) return;
  options.require("request-url", "--method and --base-url say how that request is hashed");
}

async function checkHash({ options }: Parameters<Command["run"]>[0], claimed: unknown): Promise<boolean> {
  const [method, url, baseUrl] = [options.text("method"), options.text("request-url"), options.text("base-url")];
  if (url === undefined) return false;
  const { qsh } = await import("../../qsh/hash.ts");
  const request = { method: method ?? "GET", url };
  const settings = baseUrl === undefined ? {} : { baseUrl };
  if (claimed === qsh(request, settings) || claimed === qsh(request, { ...settings, path: "decoded" })) return true;
  throw new CliError('"qsh" claim is not that of the request', {
    exitCode: exitCodes.refused,
    fix: "jwt-qsh explain, with the same options, tells why",
  });
}
