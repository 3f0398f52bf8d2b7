import { encodeBase64url, randomBytes } from "./encoding.ts";
import type { OAuth1Credentials } from "./oauth1-signature.ts";

/** An incoming application link: who may ask for tokens. */
export interface FakeConsumer extends OAuth1Credentials {
  readonly consumerKey: string;
  /** Shown on the consent page. */
  readonly name?: string;
  /** The login name that calls with an empty `oauth_token` run as (two-legged OAuth); refused if absent. */
  readonly twoLeggedUser?: string;
}

/** A request token on its way to becoming an access token. */
export interface FakeRequestToken {
  readonly token: string;
  readonly secret: string;
  readonly consumerKey: string;
  /** `"oob"`, an absolute URL, or absent in the flow before revision A. */
  readonly callback?: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  state: "pending" | "approved" | "denied";
  verifier?: string;
  /** The login name of who approved it. */
  user?: string;
}

/** A token that calls can be made with. */
export interface FakeAccessToken {
  readonly token: string;
  readonly secret: string;
  readonly consumerKey: string;
  /** The login name. */
  readonly user: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly sessionHandle: string;
  /** Until when it can be renewed, in seconds since the epoch. */
  readonly sessionExpiresAt: number;
  revoked?: boolean;
}

/** Seconds: ten minutes, five years, and thirty days more. */
const REQUEST_TOKEN_LIFETIME = 600;
export const ACCESS_TOKEN_LIFETIME = 157_680_000;
const SESSION_LIFETIME = 160_272_000;

/** What the provider remembers. */
export interface OAuth1Store {
  readonly consumers: Map<string, FakeConsumer>;
  readonly requestTokens: Map<string, FakeRequestToken>;
  readonly accessTokens: Map<string, FakeAccessToken>;
  /** Records a nonce and answers whether it was there already. */
  nonceUsed(nonce: string, timestamp: string, consumerKey: string, token: string): boolean;
  newRequestToken(consumerKey: string, callback: string | undefined, now: number): FakeRequestToken;
  newAccessToken(consumerKey: string, user: string, now: number, sessionExpiresAt?: number): FakeAccessToken;
}

export function createOAuth1Store(): OAuth1Store {
  const nonces = new Set<string>();
  const requestTokens = new Map<string, FakeRequestToken>();
  const accessTokens = new Map<string, FakeAccessToken>();
  return {
    consumers: new Map(),
    requestTokens,
    accessTokens,
    nonceUsed(...parts) {
      const id = JSON.stringify(parts);
      const used = nonces.has(id);
      nonces.add(id);
      return used;
    },
    newRequestToken(consumerKey, callback, now) {
      const made: FakeRequestToken = {
        token: randomToken(),
        secret: randomToken(),
        consumerKey,
        ...(callback === undefined ? {} : { callback }),
        expiresAt: now + REQUEST_TOKEN_LIFETIME,
        state: "pending",
      };
      requestTokens.set(made.token, made);
      return made;
    },
    newAccessToken(consumerKey, user, now, sessionExpiresAt = now + SESSION_LIFETIME) {
      const made: FakeAccessToken = {
        token: randomToken(),
        secret: randomToken(),
        consumerKey,
        user,
        expiresAt: now + ACCESS_TOKEN_LIFETIME,
        sessionHandle: randomToken(),
        sessionExpiresAt,
      };
      accessTokens.set(made.token, made);
      return made;
    },
  };
}

function randomToken(): string {
  return encodeBase64url(randomBytes(24));
}

/** The short code that a person copies: six letters and digits. */
export function newVerifier(): string {
  const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  return Array.from(randomBytes(6), (byte) => letters[byte % letters.length]).join("");
}
