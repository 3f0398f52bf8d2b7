import type { WebRequest } from "../types.ts";
import { percentEncode } from "./encoding.ts";
import { type OAuth1Problem, oauth1Problem } from "./oauth1-problem.ts";
import { baseStringOf, type BaseStringQuirks, type OAuth1Request, type Pair } from "./oauth1-request.ts";
import { verifyOAuth1Signature } from "./oauth1-signature.ts";
import type { OAuth1Store } from "./oauth1-store.ts";

/** Ways in which real servers deviate; all off unless they are switched on. */
export interface DataCenterQuirks extends BaseStringQuirks {
  /** Takes the flow before revision A: neither `oauth_callback` nor `oauth_verifier` is asked for. */
  readonly allowOAuth10WithoutVerifier?: boolean;
  /** Lets an access token be renewed with its session handle. */
  readonly renewal?: boolean;
  /** Says nothing of its own base string when a signature is wrong. */
  readonly noEchoBaseString?: boolean;
  /** Token endpoints answer failures with an HTML page. */
  readonly htmlErrorPage?: boolean;
  /** Calls that need a login are sent to the login page instead of a 401. */
  readonly redirectToLogin302?: boolean;
  /** Token answers end with a line feed. */
  readonly trailingNewline?: boolean;
  /** The server's clock is this many seconds ahead. */
  readonly skewSeconds?: number;
}

/** Seconds either way. */
const TIMESTAMP_WINDOW = 300;

const SINGLE: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "oauth_consumer_key",
  "oauth_token",
  "oauth_token_secret",
  "oauth_callback",
  "oauth_signature_method",
  "oauth_signature",
  "oauth_timestamp",
  "oauth_nonce",
  "oauth_version",
  "oauth_verifier",
]);

/** The parameters without which a request is not signed at all. */
export const REQUIRED: readonly string[] = [
  "oauth_consumer_key",
  "oauth_signature_method",
  "oauth_signature",
  "oauth_timestamp",
  "oauth_nonce",
];

export interface OAuth1Finding {
  /** The base string as the server computed it, once it came to that. */
  readonly baseString?: string;
  readonly problem?: OAuth1Problem;
}

/** Says which of the named parameters are missing. */
export function absent(request: OAuth1Request, names: readonly string[]): OAuth1Problem | undefined {
  const missing = names.filter((name) => request.get(name) === undefined);
  if (missing.length === 0) return undefined;
  return oauth1Problem("parameter_absent", ["oauth_parameters_absent", missing.map(percentEncode).join("&")]);
}

/**
 * Validates a message as the provider does: single parameters, version, timestamp and nonce, method, signature.
 *
 * @param now the server's clock in seconds
 */
export async function validateMessage(
  request: WebRequest,
  oauth: OAuth1Request,
  tokenSecret: string,
  store: OAuth1Store,
  quirks: DataCenterQuirks,
  now: number,
): Promise<OAuth1Finding> {
  const doubled = oauth.pairs.filter(
    ([name]) => SINGLE.has(name) && oauth.pairs.filter(([other]) => other === name).length > 1,
  );
  if (doubled.length > 0) return refused("parameter_rejected", ["oauth_parameters_rejected", formEncode(doubled)]);
  const version = oauth.get("oauth_version");
  if (version !== undefined && version !== "1.0") {
    return refused("version_rejected", ["oauth_acceptable_versions", "1.0-1.0"]);
  }

  const timestamp = oauth.get("oauth_timestamp") ?? "";
  if (!/^[1-9]\d{0,14}$/.test(timestamp)) {
    return refused("parameter_rejected", ["oauth_parameters_rejected", formEncode([["oauth_timestamp", timestamp]])]);
  }
  const [earliest, latest] = [Math.floor(now) - TIMESTAMP_WINDOW, Math.floor(now) + TIMESTAMP_WINDOW];
  if (Number(timestamp) < earliest || Number(timestamp) > latest) {
    return refused("timestamp_refused", ["oauth_acceptable_timestamps", `${earliest}-${latest}`]);
  }
  const [consumerKey, token] = [oauth.get("oauth_consumer_key") ?? "", oauth.get("oauth_token") ?? ""];
  if (store.nonceUsed(oauth.get("oauth_nonce") ?? "", timestamp, consumerKey, token)) return refused("nonce_used");

  const consumer = store.consumers.get(consumerKey);
  if (consumer === undefined) return refused("consumer_key_unknown");
  // The method belongs to the consumer: HMAC with an empty secret must never stand in for its RSA key.
  const method = oauth.get("oauth_signature_method") ?? "";
  if (method !== consumer.signatureMethod) {
    return refused("signature_method_rejected", ["oauth_acceptable_signature_methods", consumer.signatureMethod]);
  }

  const baseString = baseStringOf(request.url, oauth, quirks);
  const signature = oauth.get("oauth_signature") ?? "";
  if (await verifyOAuth1Signature(baseString, signature, consumer, tokenSecret)) return { baseString };
  const echo: Pair[] = quirks.noEchoBaseString === true ? [] : [["oauth_signature_base_string", baseString]];
  const said: Pair[] = [["oauth_signature", signature], ...echo, ["oauth_signature_method", method]];
  return { baseString, ...refused("signature_invalid", ...said) };
}

function refused(...problem: Parameters<typeof oauth1Problem>): OAuth1Finding {
  return { problem: oauth1Problem(...problem) };
}

function formEncode(pairs: readonly Pair[]): string {
  return pairs.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join("&");
}
