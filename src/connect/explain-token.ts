/**
 * The doctor for whole tokens: everything that can be wrong with one, found at once. It explains and never accepts.
 */
import { publicKey } from "../crypto/rsa-keys.ts";
import { encodeUtf8 } from "../encoding/utf8.ts";
import { AuthError } from "../errors.ts";
import { checkHeader, parseCompact, parsePayload } from "../jws/compact.ts";
import type { CompactJws, JwsHeader } from "../jws/compact.ts";
import { verifyJws } from "../jws/verify.ts";
import { readClock } from "../jwt/claims.ts";
import type { JwtClaims, Unverified } from "../jwt/claims.ts";
import { ownOptions, seconds } from "../jwt/options.ts";
import { explainQsh } from "../qsh/explain.ts";
import type { QshExplanation } from "../qsh/explain.ts";
import type { QshRequest } from "../qsh/request.ts";
import type { JsonWebKeyLike, WebRequest, WebUrl } from "../types.ts";
import { CONTEXT_QSH } from "./binding.ts";
import { findAudienceFaults, findIssuerFaults, findTimeFaults, readTimes } from "./explain-claims.ts";
import type { Expectations, Found, SeenKind, TokenTimes } from "./explain-claims.ts";
import { findingTexts } from "./explain-findings.ts";
import type { FindingLevel, TokenFindingCode } from "./explain-findings.ts";
import { findSecretMisuse, isSignedWith } from "./explain-secret.ts";
import { qshPeers } from "./peers.ts";

export type { SeenKind, TokenTimes } from "./explain-claims.ts";
export type { FindingLevel, TokenFindingCode } from "./explain-findings.ts";

/** What is known about a token. All of it is optional: what is missing is not checked, and the answer says so. */
export interface ExplainTokenContext {
  /** `inbound`: a product sent it to the app. `outbound`: the app sends it to a product. Judged by `iss` unless told. */
  readonly direction?: "inbound" | "outbound";
  /** The app's key from its descriptor. */
  readonly appKey?: string;
  /** The tenant's `clientKey`. */
  readonly clientKey?: string;
  /** The tenant's shared secret, or several that may be in use. */
  readonly sharedSecret?: string | readonly string[];
  /** The public key of a lifecycle token. */
  readonly publicKey?: string | JsonWebKeyLike;
  /** Inbound, where the app lives; outbound, where the product lives. */
  readonly baseUrl?: string | WebUrl;
  /** The request that the token came with. */
  readonly request?: QshRequest | WebRequest;
  /** A body of the request that is no part of the hash. */
  readonly body?: string;
  /** The kinds of token that the route accepts. */
  readonly accept?: readonly ("request" | "context" | "session" | "lifecycle")[];
  /** Seconds by which clocks may differ, 0 to 300; 30 unless told. */
  readonly leeway?: number;
  /** Hides the values of parameters in the explanation of the hash. */
  readonly redact?: boolean;
  /** The clock, in seconds since the epoch. */
  readonly now?: () => number;
}

/** One thing about a token, in words. */
export interface TokenFinding {
  readonly code: TokenFindingCode;
  /** An `error` gets the token refused. */
  readonly level: FindingLevel;
  readonly message: string;
  readonly fix?: string;
  /** The name of the claim at fault. */
  readonly claim?: string;
  /** By how many seconds, where time is at fault. */
  readonly seconds?: number;
}

/** What {@link explainToken} found. */
export interface TokenExplanation {
  /** `valid`: everything was checked and holds. `unchecked`: nothing is wrong, but not everything could be checked. */
  readonly verdict: "valid" | "invalid" | "unchecked";
  readonly kind: SeenKind;
  readonly header?: JwsHeader;
  /** Not proven, whatever the verdict says: use a verifier. */
  readonly claims?: Unverified<JwtClaims>;
  readonly times: TokenTimes;
  readonly findings: readonly TokenFinding[];
  /** About the hash, when a request was given. */
  readonly qsh?: QshExplanation;
}

/** {@link explainToken} of the door, which loads this when it is first asked. */
export async function explainToken(token: string, context: ExplainTokenContext = {}): Promise<TokenExplanation> {
  const own = ownOptions(context);
  const { leeway = 30 } = own;
  seconds(0, 300)(leeway, '"context.leeway"');
  const now = readClock(own.now);
  const found: Found[] = [];

  const bare = unwrap(String(token));
  if (bare !== token) found.push({ code: "token-wrapped" });
  const read = readToken(bare);
  if (read === undefined) return conclude([...found, { code: "token-malformed" }], { kind: "unknown", times: {} });

  const { jws, claims } = read;
  const kind = judgeKind(jws.header, claims, own);
  const outbound = isOutbound(kind, claims, own);
  const expected: Expectations = {
    kind,
    outbound,
    appKey: own.appKey,
    clientKey: own.clientKey,
    baseUrl: own.baseUrl === undefined ? undefined : String(own.baseUrl),
    leeway,
    now,
  };
  found.push(...findHeaderFaults(jws.header, kind, own));
  found.push(...(await checkSignature(jws, own)));
  found.push(...findTimeFaults(claims, expected));
  if (kind === "forge") found.push({ code: "forge-token" });
  else found.push(...findIssuerFaults(claims, expected), ...findAudienceFaults(claims, expected));
  found.push(...findKindFaults(kind, outbound, own));
  const binding = kind === "forge" || kind === "session" ? undefined : checkQsh(claims, outbound, kind, own);
  if (binding !== undefined) found.push(binding.found);

  return conclude(found, {
    kind,
    header: jws.header,
    claims: claims as unknown as Unverified<JwtClaims>,
    times: readTimes(claims, now),
    ...(binding?.qsh === undefined ? {} : { qsh: binding.qsh }),
  });
}

/** What people copy along with a token. */
function unwrap(token: string): string {
  const text = token.trim();
  let end = text.length;
  // By hand: an expression for a run at the end looks at each run anew from each of its characters.
  while (`"'\`,;`.includes(text.charAt(end - 1)) && end > 0) end--;
  return text
    .slice(0, end)
    .replace(/^["'`]/, "")
    .replace(/^(?:authorization\s*:\s*)?(?:jwt|bearer)\s+/i, "")
    .replace(/^[?&]?jwt=/, "")
    .replace(/\s+/g, "");
}

function readToken(token: string): { jws: CompactJws; claims: JwtClaims } | undefined {
  try {
    const jws = parseCompact(token);
    return { jws, claims: parsePayload(jws) };
  } catch {
    return undefined;
  }
}

function judgeKind(header: JwsHeader, claims: JwtClaims, { appKey, direction, accept }: ExplainTokenContext): SeenKind {
  const { iss } = claims;
  const qsh: unknown = claims["qsh"];
  if (iss === "forge/invocation-token") return "forge";
  if (header.alg === "RS256" || (accept?.length === 1 && accept[0] === "lifecycle")) return "lifecycle";
  if (qsh === CONTEXT_QSH) return "context";
  if (qsh !== undefined) return "request";
  return direction !== "outbound" && iss !== undefined && iss === appKey ? "session" : "unknown";
}

/** A token that the app issued and that is bound to a request is on its way to a product. */
function isOutbound(kind: SeenKind, { iss }: JwtClaims, { direction, appKey }: ExplainTokenContext): boolean {
  if (direction !== undefined) return direction === "outbound";
  return kind === "request" && iss !== undefined && iss === appKey;
}

function* findHeaderFaults(header: JwsHeader, kind: SeenKind, { accept }: ExplainTokenContext): Generator<Found> {
  try {
    checkHeader(header);
  } catch {
    yield { code: "header-refused" };
  }
  const { alg } = header as { alg?: unknown };
  const wanted = kind === "lifecycle" || kind === "forge" ? "RS256" : "HS256";
  if (typeof alg === "string" && alg.toLowerCase() === "none") yield { code: "algorithm-none" };
  else if (kind === "lifecycle" && alg === "HS256" && accept !== undefined) yield { code: "algorithm-not-signed-install" };
  else if (alg !== wanted) yield { code: "algorithm-unexpected" };
}

async function checkSignature(jws: CompactJws, context: ExplainTokenContext): Promise<Found[]> {
  const { alg } = jws.header as { alg?: unknown };
  try {
    if (alg === "RS256" && context.publicKey !== undefined) {
      await verifyJws(jws, publicKey(context.publicKey));
      return [{ code: "signature-valid" }];
    }
    if (typeof alg === "string" && /^HS(?:256|384|512)$/.test(alg) && context.sharedSecret !== undefined) {
      return await judgeSecrets(jws, [context.sharedSecret].flat(), context);
    }
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    if (error.code === "ERR_TOKEN_SIGNATURE") return [{ code: "signature-invalid" }];
    if (error.code === "ERR_KEY_INVALID") return [{ code: "secret-unusable" }];
  }
  return [{ code: "signature-not-checked" }];
}

async function judgeSecrets(jws: CompactJws, secrets: readonly string[], context: ExplainTokenContext): Promise<Found[]> {
  let usable = false;
  for (const secret of secrets) {
    const signed = await isSignedWith(jws, secret);
    if (signed === true) return encodeUtf8(secret).length < 32 ? [{ code: "signature-valid" }, { code: "secret-short" }] : [{ code: "signature-valid" }];
    usable ||= signed === false;
  }
  if (!usable) return [{ code: "secret-unusable" }];
  for (const secret of secrets) {
    const misuse = await findSecretMisuse(jws, secret, context);
    if (misuse !== undefined) return [{ code: misuse }];
  }
  return [{ code: "signature-invalid" }];
}

function* findKindFaults(kind: SeenKind, outbound: boolean, { accept }: ExplainTokenContext): Generator<Found> {
  if (accept === undefined || outbound || kind === "forge" || kind === "unknown" || accept.includes(kind)) return;
  yield { code: `${kind}-token-not-accepted` };
}

function checkQsh(
  claims: JwtClaims,
  outbound: boolean,
  kind: SeenKind,
  { request, baseUrl, body, redact }: ExplainTokenContext,
): { found: Found; qsh?: QshExplanation } | undefined {
  const claimed: unknown = claims["qsh"];
  if (claimed === undefined) return { found: { code: "qsh-missing" } };
  if (typeof claimed !== "string") return { found: { code: "claim-malformed", claim: "qsh" } };
  // A context token is bound to no request on purpose, when it goes from a page to the app.
  if (kind === "context" && !outbound) return undefined;
  if (request === undefined) return { found: { code: "qsh-not-checked" } };
  const qsh = explainQsh(claimed, request, {
    peers: qshPeers,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(body === undefined ? {} : { body }),
    ...(redact === undefined ? {} : { redact }),
  });
  if (qsh.match === "exact") return { found: { code: "qsh-valid" }, qsh };
  // Products sign the decoded path when they call an app, and a verifier accepts it.
  if (!outbound && qsh.causes.length === 1 && qsh.causes[0]?.code === "path-decoded") return { found: { code: "qsh-valid-decoded" } };
  return { found: { code: "qsh-mismatch" }, qsh };
}

function conclude(found: readonly Found[], facts: Omit<TokenExplanation, "verdict" | "findings">): TokenExplanation {
  const findings = found.map((fault): TokenFinding => ({ ...findingTexts[fault.code], ...fault }));
  const wrong = findings.some(({ level }) => level === "error");
  const open = findings.some(({ code }) => code === "signature-not-checked" || code === "qsh-not-checked");
  return { verdict: wrong ? "invalid" : open ? "unchecked" : "valid", ...facts, findings };
}
