/**
 * The credentials that a command is given, by options and the environment.
 */
import type { Invocation } from "./command.ts";
import { CliError } from "./failure.ts";
import type { Profile } from "./profiles.ts";
import { findSecret, readKey, requireSecret } from "./secrets.ts";

/** What a profile knows besides its server. */
export type Credentials = Profile extends infer P ? (P extends Profile ? Omit<P, "server"> : never) : never;

/** Credentials from options and the environment; `undefined` when the profile's are meant. */
export async function ownCredentials(invocation: Invocation): Promise<Credentials | undefined> {
  const { options } = invocation;
  const appKey = options.text("app-key");
  if (appKey !== undefined) {
    const sharedSecret = await requireSecret(invocation, {
      option: "secret-file",
      env: "JWT_QSH_SECRET",
      what: "shared secret",
    });
    const [clientKey, oauthClientId] = [options.text("client-key"), options.text("oauth-client-id")];
    return {
      kind: "connect",
      appKey,
      sharedSecret,
      ...(clientKey && { clientKey }),
      ...(oauthClientId && { oauthClientId }),
    };
  }
  const consumerKey = options.text("consumer-key");
  if (consumerKey !== undefined) {
    const privateKey = await readKey(invocation, "key-cert");
    if (privateKey === undefined)
      throw new CliError("--key-cert is missing", {
        fix: "--key-cert FILE, - for standard input, or JWT_QSH_PRIVATE_KEY",
      });
    const token =
      options.text("access-token") ??
      (await requireSecret(invocation, {
        option: "access-token-file",
        env: "JWT_QSH_ACCESS_TOKEN",
        what: "access token",
      }));
    return { kind: "oauth1", consumerKey, privateKey, token, tokenSecret: options.text("access-token-secret") ?? "" };
  }
  const username = options.text("username");
  if (username !== undefined) {
    const password =
      options.text("password") ??
      (await requireSecret(invocation, { option: "password-file", env: "JWT_QSH_PASSWORD", what: "password" }));
    return { kind: "basic", username, password };
  }
  if (options.text("profile") !== undefined) return undefined;
  const token = await findSecret(invocation, { option: "token-file", env: "JWT_QSH_TOKEN", what: "bearer token" });
  return token === undefined ? undefined : { kind: "bearer", token: token.trim() };
}
