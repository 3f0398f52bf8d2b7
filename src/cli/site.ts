/**
 * The site that a command talks to, and the credentials that it talks with.
 */
import type { FetchLike, RequestSigner } from "../types.ts";
import type { CommandOption, Invocation } from "./command.ts";
import { ownCredentials } from "./credentials.ts";
import type { Credentials } from "./credentials.ts";
import { CliError } from "./failure.ts";
import { findProfile } from "./profiles.ts";
import type { OAuth1Profile, Profile } from "./profiles.ts";
import { requireSecret } from "./secrets.ts";
import { readServer, refuseCloud, timedFetch } from "./server.ts";

/** Options of every command that talks to a site. */
export const siteOptions: readonly CommandOption[] = [
  { name: "profile", value: "NAME", help: "a saved profile; the last saved one unless told, for its server" },
  { name: "server", aliases: ["-s"], value: "URL", help: "the site, with its context path (or JWT_QSH_SERVER)" },
  { name: "app-key", value: "KEY", help: "sign as a Connect app with this key" },
  { name: "secret-file", value: "FILE", help: "its shared secret (or JWT_QSH_SECRET)" },
  { name: "allow-short-secret", help: "take a shared secret under 32 bytes" },
  { name: "as-user", value: "ACCOUNT", help: "as this user (with --oauth-client-id and --client-key)" },
  { name: "oauth-client-id", value: "ID", help: "the installation's OAuth client id" },
  { name: "client-key", value: "KEY", help: "the installation's client key" },
  { name: "scopes", value: "LIST", help: "scopes to ask for as a user, with commas" },
  { name: "authorization-server", value: "URL", help: "where tokens of users come from" },
  { name: "token-file", value: "FILE", help: "a bearer token: a personal access token (or JWT_QSH_TOKEN)" },
  { name: "consumer-key", aliases: ["-ck"], value: "KEY", help: "sign with OAuth 1.0a as this consumer" },
  { name: "key-cert", aliases: ["-k"], value: "FILE", help: "its private key (or JWT_QSH_PRIVATE_KEY)" },
  { name: "passphrase-file", value: "FILE", help: "opens the private key (or JWT_QSH_PASSPHRASE)" },
  { name: "access-token-file", value: "FILE", help: "the OAuth 1.0a access token (or JWT_QSH_ACCESS_TOKEN)" },
  { name: "username", aliases: ["-u"], value: "NAME", help: "sign in with a password" },
  { name: "password-file", value: "FILE", help: "that password (or JWT_QSH_PASSWORD)" },
  { name: "prompt-for-password", aliases: ["-P"], help: "ask for that password" },
  { name: "timeout", value: "SECONDS", help: "for each answer; 30 unless told" },
  { name: "no-verify", help: "do not verify the server's certificate: anybody may listen" },
  { name: "unsafe-http", help: "allow http to another machine: anybody may listen" },
];

/** What to do where other credentials were given than an app's. */
export const NOT_CONNECT = { fix: "--app-key with --secret-file, or such a profile" } as const;

/** A site with credentials. */
export interface Site {
  readonly baseUrl: string;
  /** What kind of credentials; `none` for anonymous calls. */
  readonly kind: Credentials["kind"] | "user" | "none";
  readonly credentials?: Credentials;
  readonly sign: RequestSigner;
  /** Relative to the site, signed, locked to the site. */
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** The same, not signed. */
  readonly plain: FetchLike;
}

/** Opens the site of an invocation. */
export async function openSite(invocation: Invocation): Promise<Site> {
  const { options } = invocation;
  const own = await ownCredentials(invocation);
  const { baseUrl, profile } = chooseSite(invocation, own === undefined);
  relaxTls(invocation);
  const credentials = own ?? profile;
  refuseUser(invocation, credentials?.kind);
  const plain = timedFetch(options.seconds("timeout", 30));
  const sign = await signerOf(invocation, credentials, baseUrl, plain);
  const { createSignedFetch } = await import("../fetch/signed-fetch.ts");
  const unsafeHttp = options.flag("unsafe-http");
  const fetch = createSignedFetch({ baseUrl, sign, fetch: plain, unsafeHttp });
  return {
    baseUrl,
    kind: credentials === undefined ? "none" : options.text("as-user") === undefined ? credentials.kind : "user",
    ...(credentials !== undefined && { credentials }),
    sign,
    fetch: (path, init) => fetch(path, init),
    plain,
  };
}

/** The server, and the profile of it. The default profile is no profile of a server that was named and is another. */
function chooseSite({ options, terminal }: Invocation, wantsProfile: boolean): { baseUrl: string; profile?: Profile } {
  const name = options.text("profile");
  const profile = wantsProfile ? findProfile(terminal.env, name) : undefined;
  const isNamed = profile !== undefined && name !== undefined;
  const server = options.text("server") ?? (isNamed ? undefined : terminal.env["JWT_QSH_SERVER"] || undefined);
  const address = server ?? profile?.server;
  if (address === undefined) throw new CliError("--server is missing", { fix: "name the site, or a saved --profile" });
  const baseUrl = readServer(address, options.flag("unsafe-http"));
  if (profile === undefined || profile.server === baseUrl) return { baseUrl, ...(profile && { profile }) };
  if (!isNamed) return { baseUrl };
  throw new CliError("the profile is of another server", { fix: "leave --server out, or name another --profile" });
}

/** Only an app acts as somebody: other credentials are somebody's already. */
export function refuseUser({ options }: Invocation, kind: Credentials["kind"] | undefined): void {
  if (options.text("as-user") !== undefined && kind !== "connect")
    throw new CliError("--as-user needs a Connect app's credentials", NOT_CONNECT);
}

function relaxTls({ options, terminal }: Invocation): void {
  if (!options.flag("no-verify")) return;
  terminal.note(
    "jwt-qsh: WARNING: the server's certificate is not verified: anybody on the way can read and change everything",
  );
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
}

async function signerOf(
  invocation: Invocation,
  credentials: Credentials | undefined,
  baseUrl: string,
  plain: FetchLike,
): Promise<RequestSigner> {
  const unsafeHttp = invocation.options.flag("unsafe-http");
  switch (credentials?.kind) {
    case undefined:
      return (request) => Promise.resolve(request);
    case "oauth1":
      refuseCloud(baseUrl);
      return oauth1Signer(invocation, credentials, baseUrl);
    case "connect": {
      const user = invocation.options.text("as-user");
      if (user !== undefined) return userSigner(invocation, credentials, baseUrl, user, plain);
      const { createConnectSigner } = await import("../connect/signer.ts");
      return createConnectSigner({
        baseUrl,
        unsafeHttp,
        appKey: credentials.appKey,
        sharedSecret: credentials.sharedSecret,
        allowShortSecret: invocation.options.flag("allow-short-secret"),
        lifetime: invocation.options.seconds("lifetime", 180, 3600),
      });
    }
    case "bearer":
      return authorizationSigner(`Bearer ${requireBearer(credentials.token)}`);
    case "basic":
      return authorizationSigner(
        `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`,
      );
  }
}

/** Signs as the user whose token it is. */
export async function oauth1Signer(
  invocation: Invocation,
  { consumerKey, privateKey, token, tokenSecret }: Omit<OAuth1Profile, "server">,
  baseUrl: string,
): Promise<RequestSigner> {
  const { createOAuth1Signer } = await import("../oauth1/signer.ts");
  const passphrase = await readPassphrase(invocation, privateKey);
  const unsafeHttp = invocation.options.flag("unsafe-http");
  return createOAuth1Signer({ baseUrl, unsafeHttp, consumerKey, privateKey, ...passphrase, token: { token, tokenSecret } });
}

/** What a header cannot carry, the platform would refuse with a message that repeats it. */
function requireBearer(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CliError("the bearer token holds what no header can carry", {
    fix: "one line of visible ASCII is expected: is it the right file?",
  });
}

function authorizationSigner(value: string): RequestSigner {
  return (request) => {
    const signed = new Request(request);
    signed.headers.set("authorization", value);
    return Promise.resolve(signed);
  };
}

async function userSigner(
  { options }: Invocation,
  { sharedSecret, clientKey, oauthClientId }: Extract<Credentials, { kind: "connect" }>,
  baseUrl: string,
  accountId: string,
  fetch: FetchLike,
): Promise<RequestSigner> {
  if (clientKey === undefined || oauthClientId === undefined) {
    throw new CliError("--as-user needs --client-key and --oauth-client-id", {
      fix: "both are in the payload of the installed event",
    });
  }
  const [{ createUserTokenSource }, { createBearerSigner }] = await Promise.all([
    import("../oauth2/user-token-source.ts"),
    import("../oauth2/bearer-signer.ts"),
  ]);
  const scopes = options.text("scopes")?.split(",");
  const authorizationServer = options.text("authorization-server");
  const installation = { clientKey, sharedSecret, oauthClientId, baseUrl };
  return createBearerSigner(
    createUserTokenSource({
      installation,
      accountId,
      fetch,
      allowShortSecret: options.flag("allow-short-secret"),
      ...(scopes && { scopes }),
      ...(authorizationServer && { authorizationServer }),
    }),
  );
}

/** The passphrase of an encrypted key, asked for where somebody can be asked. */
export async function readPassphrase(invocation: Invocation, privateKey: string): Promise<{ passphrase?: string }> {
  if (!privateKey.includes("ENCRYPTED PRIVATE KEY")) return {};
  const source = { option: "passphrase-file", env: "JWT_QSH_PASSPHRASE", what: "passphrase" };
  return { passphrase: await requireSecret(invocation, source) };
}
