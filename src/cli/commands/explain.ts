import { explainToken } from "../../connect/explain.ts";
import type { ExplainTokenContext } from "../../connect/explain.ts";
import { qshPeers } from "../../connect/peers.ts";
import { explainQsh } from "../../qsh/explain.ts";
import type { QshExplanation } from "../../qsh/explain.ts";
import type { Command, Invocation } from "../command.ts";
import { CliError, exitCodes } from "../failure.ts";
import { findSecret, readText } from "../secrets.ts";
import type { Terminal } from "../terminal.ts";
import { readToken, showTime, tokenOption } from "../token.ts";

export const command: Command = {
  usage: "[METHOD URL] [options]",
  details:
    "Finds out why something was refused: a token (with whatever is known about it), a " +
    "query string hash (--qsh), or an\n" +
    "OAuth 1.0a signature (--problem, with what the server answered).",
  options: [
    tokenOption,
    { name: "qsh", value: "HASH", help: "explain this hash alone" },
    { name: "problem", value: "FILE", help: "explain what an OAuth 1.0a server answered (- for standard input)" },
    { name: "base-string", value: "FILE", help: "with --problem: the base string that we signed" },
    { name: "base-url", value: "URL", help: "where the app, or the site, lives" },
    { name: "body", value: "FILE", help: "a form body: was it hashed by mistake?" },
    { name: "app-key", value: "KEY", help: "the app's key" },
    { name: "client-key", value: "KEY", help: "the installation's client key" },
    { name: "secret-file", value: "FILE", help: "the shared secret (or JWT_QSH_SECRET)" },
    { name: "public-key", value: "FILE", help: "the public key of a lifecycle token" },
    {
      name: "direction",
      value: "WAY",
      help: "inbound (to the app) or outbound (to the site); judged by the token unless told",
    },
    { name: "redact", help: "hide the values of parameters" },
  ],
  examples: [
    [
      "jwt-qsh explain GET '/rest/api/3/search?jql=a+b' --token-file token.txt --secret-file secret",
      "everything that is wrong with a token",
    ],
    [
      "jwt-qsh explain GET /wiki/rest/api/content --base-url https://example.atlassian.net/wiki --qsh 3f0c...",
      "a hash alone",
    ],
    ["jwt-qsh explain --problem answer.txt --base-string ours.txt", "a refused OAuth 1.0a signature"],
  ],
  arity: [0, 2],
  async run(invocation) {
    const {
      arguments: [method, url],
      options,
      terminal,
    } = invocation;
    if (method !== undefined && url === undefined)
      throw new CliError("the URL is missing", { fix: "explain METHOD URL" });
    if (options.text("problem") !== undefined) return explainProblem(invocation);
    const claimed = options.text("qsh");
    const baseUrl = options.text("base-url");
    const bodyFile = options.text("body");
    const body = bodyFile === undefined ? undefined : readText(bodyFile).trimEnd();
    const shared = {
      ...(baseUrl !== undefined && { baseUrl }),
      ...(body !== undefined && { body }),
      redact: options.flag("redact"),
    };
    const request = method === undefined || url === undefined ? undefined : { method, url };
    if (claimed !== undefined) {
      if (request === undefined)
        throw new CliError("--qsh needs the request", { fix: "explain METHOD URL --qsh HASH" });
      const explanation = explainQsh(claimed, request, { ...shared, peers: qshPeers });
      if (options.flag("json")) terminal.print(JSON.stringify(explanation));
      else showHash(explanation, terminal);
      return explanation.match === "exact" ? exitCodes.ok : exitCodes.refused;
    }
    return explainWhole(invocation, { ...shared, ...(request && { request }) });
  },
};

async function explainWhole(invocation: Invocation, shared: ExplainTokenContext): Promise<number> {
  const { options, terminal } = invocation;
  const { print, paint } = terminal;
  const direction = options.text("direction");
  if (direction !== undefined && direction !== "inbound" && direction !== "outbound")
    throw new CliError("--direction must be inbound or outbound");
  const sharedSecret = await findSecret(invocation, {
    option: "secret-file",
    env: "JWT_QSH_SECRET",
    what: "shared secret",
  });
  const [appKey, clientKey, keyFile] = [
    options.text("app-key"),
    options.text("client-key"),
    options.text("public-key"),
  ];
  const { verdict, kind, times, findings, claims, header, qsh } = await explainToken(await readToken(invocation), {
    ...shared,
    ...(direction && { direction }),
    ...(appKey && { appKey }),
    ...(clientKey && { clientKey }),
    ...(sharedSecret !== undefined && { sharedSecret }),
    ...(keyFile !== undefined && { publicKey: readText(keyFile) }),
  });
  if (options.flag("json")) {
    print(JSON.stringify({ verdict, kind, header, claims, times, findings, qsh }));
  } else {
    const color = verdict === "valid" ? "green" : verdict === "invalid" ? "red" : "yellow";
    print(`${paint(color, verdict)}, a token of kind ${kind}`);
    const now = Date.now() / 1000;
    if (times.issuedAt !== undefined) print(`${paint("dim", "issued ")} ${showTime(times.issuedAt, now)}`);
    if (times.expiresAt !== undefined) print(`${paint("dim", "expires")} ${showTime(times.expiresAt, now)}`);
    for (const { level, message, fix, seconds } of findings) {
      const mark =
        level === "error" ? paint("red", "✗") : level === "warning" ? paint("yellow", "!") : paint("dim", "·");
      print(
        `${mark} ${message}${seconds === undefined ? "" : ` (${Math.round(seconds)} s)`}` +
          (fix === undefined ? "" : `\n  fix: ${fix}`),
      );
    }
    if (qsh !== undefined) showHash(qsh, terminal);
  }
  return verdict === "invalid" ? exitCodes.refused : exitCodes.ok;
}

function showHash(
  { match, causes, alternatives, canonical, variant, diff }: QshExplanation,
  { print, paint }: Terminal,
): void {
  const verdicts = {
    exact: "the hash is that of this request",
    variant: "the hash was made by a known mistake",
    none: "no known mistake makes this hash",
  };
  print(paint(match === "exact" ? "green" : "red", verdicts[match]));
  print(`${paint("dim", "right  ")} ${canonical}`);
  if (variant !== undefined) print(`${paint("dim", "claimed")} ${variant}`);
  if (diff !== undefined) print(`        ${" ".repeat(diff.index)}${paint("red", "^")}`);
  for (const { message, fix, peers = [] } of causes) {
    print(
      `${paint("red", "✗")} ${message}\n  fix: ${fix}` +
        (peers.length === 0 ? "" : `\n  known of: ${peers.join(", ")}`),
    );
  }
  for (const { message } of alternatives) print(`${paint("dim", "or")} ${message}`);
}

async function explainProblem({ options, terminal }: Invocation): Promise<number> {
  const [{ problemError, readReport }, { explainBaseString }] = await Promise.all([
    import("../../oauth1/problem.ts"),
    import("../../oauth1/explain.ts"),
  ]);
  const file = options.text("problem") ?? "-";
  const text = (file === "-" ? await terminal.readAll() : readText(file)).trim();
  const report = readReport(text, text);
  if (report === undefined)
    throw new CliError("there is no oauth_problem in it", {
      fix: "pass the body of the answer, or its WWW-Authenticate header",
    });
  const { message, hint, advice, problem, serverBaseString } = problemError(report);
  const ours = options.text("base-string");
  const difference =
    ours === undefined || serverBaseString === undefined
      ? undefined
      : explainBaseString(readText(ours).trim(), serverBaseString);
  if (options.flag("json")) {
    terminal.print(JSON.stringify({ problem, message, hint, advice, serverBaseString, ...difference }));
  } else {
    terminal.print(terminal.paint("red", message));
    for (const line of [advice, hint, difference?.text]) if (line !== undefined) terminal.print(line);
    if (serverBaseString !== undefined && difference === undefined)
      terminal.note("--base-string FILE, with what we signed, tells where the two differ");
  }
  return exitCodes.refused;
}
