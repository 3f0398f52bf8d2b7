/**
 * The dance on a terminal: print the address, wait for the code or for the browser, trade it for a token.
 */
import { createOAuth1Consumer } from "../oauth1/consumer.ts";
import type { OAuth1Consumer } from "../oauth1/consumer.ts";
import type { RequestToken } from "../oauth1/token-response.ts";
import { listenForCallback } from "./callback-listener.ts";
import type { CommandOption, Invocation } from "./command.ts";
import { CliError, exitCodes } from "./failure.ts";
import { saveProfile } from "./profiles.ts";
import type { OAuth1Profile } from "./profiles.ts";
import { readKey } from "./secrets.ts";
import { readServer, refuseCloud, timedFetch } from "./server.ts";
import { readPassphrase } from "./site.ts";

/** Whom to dance with, in jirashell's spellings. */
export const partnerOptions: readonly CommandOption[] = [
  { name: "server", aliases: ["-s"], value: "URL", help: "the site, with its context path" },
  { name: "consumer-key", aliases: ["-ck"], value: "KEY", help: "the consumer key of the application link" },
  { name: "key-cert", aliases: ["-k"], value: "FILE", help: "the private key: a file, - or JWT_QSH_PRIVATE_KEY" },
  { name: "passphrase-file", value: "FILE", help: "opens the private key (or JWT_QSH_PASSPHRASE)" },
  { name: "timeout", value: "SECONDS", help: "for each answer; 10 unless told" },
  { name: "no-verify", help: "do not verify the server's certificate: anybody may listen" },
  { name: "unsafe-http", help: "allow http to another machine: anybody may listen" },
];

/** How to dance. */
export const danceOptions: readonly CommandOption[] = [
  {
    name: "callback",
    value: "HOW",
    help: "oob: a code is typed in; loopback or loopback:PORT: this machine waits for the browser",
  },
  { name: "open", help: "open the page in a browser" },
  { name: "no-browser", help: "do not; so it is unless told" },
  { name: "wait", value: "SECONDS", help: "for the user; 300 unless told" },
  { name: "save", value: "NAME", help: "save the token as a profile" },
  { name: "print-tokens", aliases: ["-pt"], help: "print the tokens with their secrets" },
  { name: "compat", help: "ask in the words of jirashell" },
];

/** What came of a dance. */
export interface Danced {
  readonly profile: OAuth1Profile;
  readonly requestToken: RequestToken;
  readonly savedAs?: string;
}

/** Dances. */
export async function dance(invocation: Invocation): Promise<Danced> {
  const { options, terminal } = invocation;
  const port = readLoopback(options.text("callback"));
  const server = readServer(options.require("server", "--server URL names the site"), options.flag("unsafe-http"));
  refuseCloud(server);
  const consumerKey = options.require("consumer-key", "the administrator entered it with the public key");
  const privateKey = await readKey(invocation, "key-cert");
  if (privateKey === undefined) {
    throw new CliError("--key-cert is missing", {
      fix: "--key-cert FILE, - for standard input, or JWT_QSH_PRIVATE_KEY; jwt-qsh oauth1 keygen makes one",
    });
  }
  if (options.flag("no-verify")) {
    terminal.note(
      "jwt-qsh: WARNING: the server's certificate is not verified: anybody on the way can read and change everything",
    );
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  }
  const timeout = options.seconds("timeout", 10);
  const consumer = createOAuth1Consumer({
    baseUrl: server,
    unsafeHttp: options.flag("unsafe-http"),
    consumerKey,
    privateKey,
    ...(await readPassphrase(invocation, privateKey)),
    timeout,
    fetch: timedFetch(timeout),
  });
  const { requestToken, verifier } = await approve(invocation, consumer, server, port);
  const token = await consumer.accessToken(requestToken, verifier);
  const profile: OAuth1Profile = { kind: "oauth1", server, consumerKey, privateKey, ...token };
  const name = options.text("save");
  if (name !== undefined) saveProfile(terminal.env, name, profile);
  return { profile, requestToken, ...(name !== undefined && { savedAs: name }) };
}

/** The port to wait on, 0 for any; `undefined` where somebody else waits, or nobody. */
function readLoopback(callback = "oob"): number | undefined {
  if (!/^loopback(?::|$)/.test(callback)) return undefined;
  const port = callback === "loopback" ? "0" : callback.slice("loopback:".length);
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return Number(port);
  throw new CliError("--callback names no port", { fix: "loopback, or loopback:PORT up to 65535" });
}

async function approve(
  invocation: Invocation,
  consumer: OAuth1Consumer,
  server: string,
  port: number | undefined,
): Promise<{ requestToken: RequestToken; verifier: string }> {
  const { options } = invocation;
  if (port === undefined) {
    const requestToken = await consumer.requestToken({ callback: options.text("callback") ?? "oob" });
    await showPage(invocation, consumer.authorizeUrl(requestToken), server);
    return { requestToken, verifier: await askForCode(invocation, consumer, requestToken, server) };
  }
  const listener = await listenForCallback(port);
  try {
    const requestToken = await consumer.requestToken({ callback: listener.url });
    await showPage(invocation, consumer.authorizeUrl(requestToken), server);
    const target = await within(options.seconds("wait", 300), listener.target);
    return { requestToken, verifier: consumer.parseCallback(target, requestToken).verifier };
  } finally {
    listener.close();
  }
}

async function showPage({ options, terminal }: Invocation, url: string, server: string): Promise<void> {
  const line = options.flag("compat")
    ? "Please visit this URL to authorize the OAuth request:"
    : `Sign in to ${server} and approve at:`;
  terminal.note(`${line}\n\n\t${url}\n`);
  if (!options.flag("open") || options.flag("no-browser")) return;
  const { openBrowser } = await import("./browser.ts");
  openBrowser(url);
}

/** The code that the page shows, or the whole address that the browser was sent to. */
async function askForCode(
  invocation: Invocation,
  consumer: OAuth1Consumer,
  requestToken: RequestToken,
  server: string,
): Promise<string> {
  const { options, terminal } = invocation;
  if (options.flag("compat")) {
    const approved = await terminal.ask(
      `Have you authorized this program to connect on your behalf to ${server}? (y/n)`,
    );
    if (!/^y/i.test(approved?.trim() ?? ""))
      throw new CliError("not authorized", { exitCode: exitCodes.denied, fix: "open the address and approve" });
  }
  const answer = (await terminal.ask("Verification code: "))?.trim();
  if (answer === undefined) {
    throw new CliError("there is no terminal to ask for the code on", {
      fix: "pass it on standard input, or use --callback loopback",
    });
  }
  if (answer === "")
    throw new CliError("no code was entered", {
      exitCode: exitCodes.denied,
      fix: "approve, and enter the code that the page shows",
    });
  return answer.includes("oauth_verifier=") ? consumer.parseCallback(answer, requestToken).verifier : answer;
}

/** @param seconds for the user to come back */
async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new CliError("nobody came back from the page in time", {
            exitCode: exitCodes.denied,
            fix: "approve, or allow more time with --wait",
          }),
        ),
      seconds * 1000,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
