/**
 * How a server judges a signed request. Loaded with the first one: a consumer judges none.
 */
import { sha256Hex } from "../crypto/digest.ts";
import { verifyHmacText, verifyRsaText } from "../crypto/text-signature.ts";
import { decodeBase64 } from "../encoding/pem.ts";
import { argumentError } from "../errors.ts";
import type { OAuth1Error } from "../errors.ts";
import type { Awaitable, JsonWebKeyLike, ReplayGuard, WebCryptoKey, WebRequest, WebUrl } from "../types.ts";
import { readAuthorization } from "./authorization.ts";
import { readAbsoluteUrl, signatureBaseString } from "./base-string.ts";
import { readFormBody } from "./form-body.ts";
import { parseParameters, protocolNames, queryOf } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";
import { problemError } from "./problem.ts";
import { hmacKey, signatureMethods } from "./signature.ts";
import type { SignatureMethod } from "./signature.ts";

/** What a server knows of a consumer. The method is bound to it: a request that names another is refused. */
export interface ConsumerRecord {
  /** `RSA-SHA1` unless told. */
  readonly signatureMethod?: SignatureMethod;
  /** For the RSA methods: an SPKI PEM, a JWK or a `CryptoKey`; the last is not parsed anew on each request. */
  readonly publicKey?: string | JsonWebKeyLike | WebCryptoKey;
  /** For the HMAC methods. */
  readonly consumerSecret?: string;
}

/** What a server knows of an access token. */
export interface TokenRecord {
  /** The consumer that it was given to. */
  readonly consumerKey: string;
  readonly tokenSecret?: string;
  /** Seconds since the epoch. */
  readonly expiresAt?: number;
}

/** Options of `verifyOAuth1Request`. */
export interface VerifyOAuth1Options<Token extends TokenRecord = TokenRecord> {
  findConsumer: (consumerKey: string) => Awaitable<ConsumerRecord | undefined>;
  /** Makes a token required. Without it none is allowed: for the endpoint of request tokens, and two-legged calls. */
  findToken?: (token: string) => Awaitable<Token | undefined>;
  /** Remembers nonces. It is asked last, so that a forged copy of a request uses up nothing. */
  replayGuard: ReplayGuard;
  /** The URL as the caller saw it, where a proxy changed it; that of the request unless told. */
  url?: string | WebUrl;
  /** Seconds that a timestamp may be off either way, 1 to 3600; 300 unless told. */
  window?: number;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

/** Who sent the request. */
export interface OAuth1Identity<Token extends TokenRecord = TokenRecord> {
  readonly kind: "oauth1";
  readonly consumerKey: string;
  /** What `findToken` answered. */
  readonly token: Token | undefined;
  /** The parameters of the protocol, for example `oauth_callback`: all of them were signed. */
  readonly parameters: ReadonlyMap<string, string>;
}

const REQUIRED = ["oauth_consumer_key", "oauth_signature_method", "oauth_signature", "oauth_timestamp", "oauth_nonce"];

/** What the door of the same name does. */
export async function verifyOAuth1Request<Token extends TokenRecord = TokenRecord>(
  request: WebRequest,
  options: VerifyOAuth1Options<Token>,
): Promise<OAuth1Identity<Token>> {
  const { findConsumer, findToken, replayGuard, window = 300, now = () => Date.now() / 1000 } = options;
  if (typeof replayGuard?.seen !== "function")
    throw argumentError('"options.replayGuard"', "must be a replay guard", "ERR_INVALID_ARG_TYPE");
  if (!(typeof window === "number" && window >= 1 && window <= 3600)) {
    throw argumentError('"options.window"', "must be 1 to 3600 seconds");
  }
  const url = readAbsoluteUrl(options.url ?? request.url, options.url === undefined ? '"request.url"' : '"options.url"');
  const form = await readFormBody(request);
  const fromHeader = readAuthorization(request.headers.get("authorization") ?? "") ?? [];
  const parameters = protocolParameters([
    ...fromHeader,
    ...parseParameters(queryOf(url)),
    ...parseParameters(form ?? ""),
  ]);
  requireParameters(parameters, findToken !== undefined);
  const read = (name: string): string => parameters.get(name) ?? "";

  if (parameters.has("oauth_version") && read("oauth_version") !== "1.0") {
    throw refuse("version_rejected", "oauth_acceptable_versions=1.0-1.0");
  }
  const consumerKey = read("oauth_consumer_key");
  const consumer = ownRecord(await findConsumer(consumerKey), ["publicKey", "consumerSecret"]);
  if (consumer === undefined) throw refuse("consumer_key_unknown");
  const { signatureMethod = "RSA-SHA1" } = consumer;
  if (read("oauth_signature_method") !== signatureMethod) {
    throw refuse("signature_method_rejected", `oauth_acceptable_signature_methods=${signatureMethod}`);
  }

  const token =
    findToken && read("oauth_token") !== ""
      ? ownRecord(await findToken(read("oauth_token")), ["consumerKey"])
      : undefined;
  if (findToken !== undefined && token?.consumerKey !== consumerKey) throw refuse("token_rejected");
  const time = now();
  if (token?.expiresAt !== undefined && !(time < token.expiresAt)) throw refuse("token_expired");
  const timestamp = readTimestamp(read("oauth_timestamp"), time, window);

  const signable = { method: request.method, url, ...(form !== undefined && { form }) };
  const baseString = signatureBaseString({ ...signable, oauthParams: fromHeader });
  const isGenuine = await verifySignature(consumer, baseString, read("oauth_signature"), token?.tokenSecret ?? "");
  if (!isGenuine) throw problemError({ problem: "signature_invalid", serverBaseString: baseString });

  const id = sha256Hex(JSON.stringify([consumerKey, read("oauth_token"), timestamp, read("oauth_nonce")]));
  if (await replayGuard.seen(`oauth1:${id}`, timestamp + window + 1)) throw refuse("nonce_used");
  return { kind: "oauth1", consumerKey, token, parameters };
}

function refuse(problem: string, advice?: string): OAuth1Error {
  return problemError({ problem, ...(advice !== undefined && { advice }) });
}

/** Section 3.1: each once, whatever the place. */
function protocolParameters(all: readonly Parameter[]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of all) {
    if (!protocolNames.includes(name)) continue;
    if (parameters.has(name)) throw refuse("parameter_rejected", `oauth_parameters_rejected=${name}`);
    parameters.set(name, value);
  }
  return parameters;
}

function requireParameters(parameters: ReadonlyMap<string, string>, needsToken: boolean): void {
  const absent = [...REQUIRED, ...(needsToken ? ["oauth_token"] : [])].filter((name) => !parameters.has(name));
  if (absent.length > 0) throw refuse("parameter_absent", `oauth_parameters_absent=${absent.join("&")}`);
  if (!needsToken && (parameters.get("oauth_token") ?? "") !== "") {
    throw refuse("parameter_rejected", "oauth_parameters_rejected=oauth_token");
  }
}

/** A record of its own: a look-up that answers with a member of a prototype has found nothing. */
function ownRecord<T extends object>(record: T | undefined, names: readonly (keyof T)[]): T | undefined {
  if (typeof record !== "object" || record === null) return undefined;
  return names.some((name) => Object.hasOwn(record, name)) ? record : undefined;
}

function readTimestamp(text: string, now: number, window: number): number {
  const timestamp = /^[1-9]\d{0,11}$/.test(text) ? Number(text) : Number.NaN;
  // Written so that NaN fails.
  if (!(Math.abs(timestamp - now) <= window)) {
    throw refuse(
      "timestamp_refused",
      `oauth_acceptable_timestamps=${Math.ceil(now - window)}-${Math.floor(now + window)}`,
    );
  }
  return timestamp;
}

async function verifySignature(
  { signatureMethod = "RSA-SHA1", publicKey, consumerSecret = "" }: ConsumerRecord,
  baseString: string,
  text: string,
  tokenSecret: string,
): Promise<boolean> {
  const signature = decodeBase64(text);
  if (signature === undefined) return false;
  const row = signatureMethods[signatureMethod];
  if (row.family === "RSA") return verifyRsaText(publicKey as string, row.algorithm, baseString, signature);
  // An empty secret proves nothing.
  return consumerSecret !== "" && verifyHmacText(row.hash, hmacKey(consumerSecret, tokenSecret), baseString, signature);
}
