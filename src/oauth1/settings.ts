/**
 * What every request to one server shares: the consumer, its proof, the clock and the nonces.
 */
import { encodeHex } from "../encoding/hex.ts";
import { argumentError, UnsupportedError } from "../errors.ts";
import { readBaseUrl } from "../http.ts";
import type { HttpOptions } from "../http.ts";
import type { WebUrl } from "../types.ts";
import { writeAuthorization } from "./authorization.ts";
import { signatureBaseString } from "./base-string.ts";
import { createServerClock } from "./clock.ts";
import type { ServerClock } from "./clock.ts";
import { isUnambiguous, parseParameters, protocolNames, queryOf } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";
import { readProof, requireWellFormed } from "./signature.ts";
import type { ConsumerProof, Proof } from "./signature.ts";

/** A token with its secret. The RSA methods do not use the secret, but servers hand it out all the same. */
export interface OAuth1Token {
  readonly token: string;
  readonly tokenSecret?: string;
}

/** Options that the signer and the consumer share. */
export interface OAuth1Options extends ConsumerProof, HttpOptions {
  /** Where the server lives, context path included: `https://jira.example.com/jira`. */
  baseUrl: string | WebUrl;
  /** The consumer's key, as the server's administrator entered it. */
  consumerKey: string;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
  /** Makes a nonce that was never used; 128 random bits unless told. */
  nonce?: () => string;
}

/** A request as far as its signature goes. */
export interface Signable {
  readonly method: string;
  readonly url: URL;
  readonly form?: string;
}

/** Checked options. */
export interface Settings {
  readonly base: URL;
  readonly consumerKey: string;
  readonly proof: Proof;
  readonly clock: ServerClock;
  readonly nonce: () => string;
  readonly now: () => number;
}

/** Checks the options once, at the door. */
export function readSettings(options: OAuth1Options): Settings {
  const proof = readProof(options);
  const { baseUrl, consumerKey, now = () => Date.now() / 1000, nonce = randomNonce } = options;
  requireWellFormed(consumerKey, '"options.consumerKey"');
  if (consumerKey === "") throw argumentError('"options.consumerKey"', "must not be empty");
  if (typeof now !== "function") throw argumentError('"options.now"', "must be a function", "ERR_INVALID_ARG_TYPE");
  if (typeof nonce !== "function") throw argumentError('"options.nonce"', "must be a function", "ERR_INVALID_ARG_TYPE");
  const base = readBaseUrl(baseUrl, '"options.baseUrl"', options);
  return { base, consumerKey, proof, clock: createServerClock(now), nonce, now };
}

/** Checks a token's shape. */
export function readToken(token: unknown, label: string): Required<OAuth1Token> {
  const { token: text, tokenSecret = "" } = (token ?? {}) as Partial<Record<keyof OAuth1Token, unknown>>;
  requireWellFormed(text, `"${label}.token"`);
  requireWellFormed(tokenSecret, `"${label}.tokenSecret"`);
  return { token: text, tokenSecret };
}

/** A signature, in the header that carries it. */
export interface Authorization {
  readonly header: string;
  readonly timestamp: number;
  readonly baseString: string;
}

/** Signs a request anew: another timestamp, another nonce. */
export async function authorize(
  request: Signable,
  settings: Settings,
  extra: readonly Parameter[],
  tokenSecret: string,
): Promise<Authorization> {
  checkSignable(request);
  const { consumerKey, proof, clock, nonce } = settings;
  const timestamp = clock.timestamp();
  const oauthParams: Parameter[] = [
    ["oauth_consumer_key", consumerKey],
    ["oauth_nonce", nonce()],
    ["oauth_signature_method", proof.method],
    ["oauth_timestamp", String(timestamp)],
    ["oauth_version", "1.0"],
    ...extra,
  ];
  const baseString = signatureBaseString({ ...request, oauthParams });
  const signature = await proof.sign(baseString, tokenSecret);
  return { header: writeAuthorization([...oauthParams, ["oauth_signature", signature]]), timestamp, baseString };
}

function checkSignable({ url, form = "" }: Signable): void {
  for (const [text, label] of [
    [queryOf(url), "query"],
    [form, "form"],
  ] as const) {
    if (!isUnambiguous(text)) {
      throw argumentError(`"request" ${label}`, "must hold named parameters in well-formed UTF-8 percent-encoding");
    }
    // The header carries them already, and each may travel once (section 3.1).
    if (parseParameters(text).some(([name]) => protocolNames.includes(name))) {
      throw argumentError(`"request" ${label}`, "must not hold a parameter of the protocol");
    }
  }
}

function randomNonce(): string {
  if (globalThis.crypto?.getRandomValues === undefined) {
    throw new UnsupportedError("crypto.getRandomValues", "crypto.getRandomValues is missing in this runtime", {
      hint: 'make nonces in "options.nonce"',
    });
  }
  return encodeHex(crypto.getRandomValues(new Uint8Array(16)));
}
