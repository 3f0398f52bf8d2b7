/**
 * What a token endpoint answers (RFC 5849 sections 2.1 and 2.3).
 */
import { OAuth1Error } from "../errors.ts";
import { parseParameters } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";
import type { OAuth1Token } from "./settings.ts";

/** A token that the user has yet to approve. */
export interface RequestToken extends OAuth1Token {
  readonly tokenSecret: string;
}

/** A token that signs requests for a user. Plain data, to be stored as a secret. */
export interface AccessToken extends OAuth1Token {
  readonly tokenSecret: string;
  /** Seconds since the epoch; absent when the server did not say. */
  readonly expiresAt?: number;
  /** Renews the token, where the server supports it. */
  readonly sessionHandle?: string;
  /** When the session ends and the user must approve again, in seconds since the epoch. */
  readonly sessionExpiresAt?: number;
}

/** An answer that cannot be used. */
export function badResponse(message: string, facts: { status?: number; hint?: string } = {}): OAuth1Error {
  return new OAuth1Error("ERR_OAUTH1_RESPONSE", message, facts);
}

/** Reads the answer to a request for a request token. */
export function parseRequestToken(body: string): RequestToken {
  const answer = readAnswer(body);
  // Without it the server speaks OAuth 1.0, where an attacker can fix the session of the user who approves.
  if (answer.get("oauth_callback_confirmed") !== "true") {
    throw badResponse('token answer lacks "oauth_callback_confirmed=true"', {
      hint: "the server does not speak OAuth 1.0a, or did not see the callback",
    });
  }
  return readTokenOf(answer);
}

/** Reads the answer to a request for an access token. @param now seconds since the epoch */
export function parseAccessToken(body: string, now: number): AccessToken {
  const answer = readAnswer(body);
  const expiresIn = readSeconds(answer, "oauth_expires_in");
  const sessionExpiresIn = readSeconds(answer, "oauth_authorization_expires_in");
  const sessionHandle = answer.get("oauth_session_handle");
  return {
    ...readTokenOf(answer),
    ...(expiresIn !== undefined && { expiresAt: Math.floor(now) + expiresIn }),
    ...(sessionHandle !== undefined && sessionHandle !== "" && { sessionHandle }),
    ...(sessionExpiresIn !== undefined && { sessionExpiresAt: Math.floor(now) + sessionExpiresIn }),
  };
}

function readAnswer(body: string): Map<string, string> {
  const text = body.trim();
  // A page, most often of a login or a proxy.
  if (text === "" || text.startsWith("<") || text.startsWith("{")) {
    throw badResponse("token answer is no form", {
      hint: 'is "options.baseUrl" the server\'s own address, with its context path?',
    });
  }
  return uniqueParameters(parseParameters(text), "token answer");
}

/** Section 3.2: each parameter once. @param where names the place, for the message */
export function uniqueParameters(parameters: readonly Parameter[], where: string): Map<string, string> {
  const unique = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (!name.startsWith("oauth_")) continue;
    if (unique.has(name)) throw badResponse(`${where} holds a parameter twice`);
    unique.set(name, value);
  }
  return unique;
}

function readTokenOf(answer: ReadonlyMap<string, string>): RequestToken {
  const token = answer.get("oauth_token") ?? "";
  const tokenSecret = answer.get("oauth_token_secret") ?? "";
  if (token === "") throw badResponse('token answer lacks "oauth_token"');
  if (tokenSecret === "") throw badResponse('token answer lacks "oauth_token_secret"');
  return { token, tokenSecret };
}

function readSeconds(answer: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = answer.get(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,12}$/.test(text)) throw badResponse(`"${name}" of the token answer is no number of seconds`);
  return Number(text);
}
