/**
 * Verifies what products, and pages of the app within them, send to an app.
 */
import type { MacEngine } from "../crypto/engine.ts";
import { argumentError, ClaimError, QshError, requireText, TokenError } from "../errors.ts";
import { readBaseUrl } from "../http.ts";
import { checkHeader, parseCompact, parsePayload } from "../jws/compact.ts";
import { checkClaims, readClock } from "../jwt/claims.ts";
import type { JwtClaims } from "../jwt/claims.ts";
import { optionalFunction, ownOptions, seconds } from "../jwt/options.ts";
import { checkReplayGuard, refuseReplay } from "../jwt/replay.ts";
import type { Installation, Installations, ReplayGuard, RequestVerifier, WebUrl } from "../types.ts";
import { bindingRules, boundParts, checkBinding, CONTEXT_QSH } from "./binding.ts";
import { readAccountId } from "./claims.ts";
import { findCredential, readCredential } from "./credential.ts";
import { checkEngine } from "./engine.ts";
import type { ConnectIdentity, TenantIdentity, TokenKind } from "./identity.ts";
import { readIssuer } from "./issuer.ts";
import { createTenants } from "./tenants.ts";

/** Options of {@link createConnectVerifier}. */
export interface ConnectVerifierOptions<Kinds extends readonly TokenKind[] = readonly TokenKind[]> {
  /** The app's key from its descriptor. */
  appKey: string;
  /** Where the app lives: the descriptor's `baseUrl`, whose path is no part of the hash. */
  baseUrl: string | WebUrl;
  /** The tenants: a store, or a function that finds one by its `clientKey`. */
  installations: Installations;
  /**
   * The kinds of token that the route takes. A context token is bound to no URL, so a route that changes something for
   * whoever calls it should not take one.
   */
  accept: Kinds;
  /**
   * `either` also accepts the hash of the percent-decoded path, which products sign, so that `/a%2Fb` and `/a/b` have
   * one token; `raw` is for those who route on encoded slashes. `either` unless told.
   */
  path?: "either" | "raw";
  /** Whether the fields of a form body join the search for the token and the hash; false unless told. */
  form?: boolean;
  /** Seconds by which clocks may differ, 0 to 300; 30 unless told. */
  leeway?: number;
  /** Refuses a token that was used before. */
  replayGuard?: ReplayGuard;
  /** Seconds until the installations and the replay guard must have answered, at most 60; 5 unless told. */
  timeout?: number;
  /** What computes the HMAC: WebCrypto unless told; `syncEngine` of `jwt-qsh/sync` saves a thread hop per request. */
  engine?: MacEngine;
  /** Weakens security: lets a tenant's secret be shorter than 32 bytes. */
  allowShortSecret?: boolean;
  /** Weakens security: lets `baseUrl` be http on a host that is not this machine. */
  unsafeHttp?: boolean;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

/**
 * Makes a verifier of what products send to an app: iframe loads, webhooks, calls of a page.
 *
 * It resolves with an identity that says what was proven, and rejects otherwise. Which kinds of token are taken is said
 * by `accept`, and the identity's type narrows with it. The request's body stays usable. Make it once, not per request:
 * it keeps the imported keys of the tenants that were last seen.
 *
 * @example
 * ```ts
 * import { createConnectVerifier } from "jwt-qsh/connect";
 *
 * const verify = createConnectVerifier({
 *   appKey: "com.example.app",
 *   baseUrl: "https://app.example.com",
 *   installations: (clientKey) => tenants.get(clientKey),
 *   accept: ["request"],
 * });
 * const { clientKey, accountId } = await verify(request);
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense; from the verifier,
 *   when a body that it needs was read already
 * @throws {TokenError} ERR_TOKEN_MISSING, ERR_TOKEN_AMBIGUOUS, ERR_TOKEN_TOO_LARGE, ERR_TOKEN_MALFORMED,
 *   ERR_TOKEN_HEADER, ERR_TOKEN_ALGORITHM, ERR_TOKEN_SIGNATURE, ERR_TOKEN_EXPIRED, ERR_TOKEN_NOT_YET_VALID,
 *   ERR_TOKEN_KIND when the token's kind is not accepted here, ERR_TOKEN_REPLAYED
 * @throws {ClaimError} ERR_CLAIM_MISSING, ERR_CLAIM_INVALID
 * @throws {QshError} ERR_QSH_MISSING, ERR_QSH_MISMATCH
 * @throws {InstallationError} ERR_INSTALLATION_UNKNOWN, ERR_INSTALLATION_LOOKUP when the store or the replay guard
 *   fails, hangs or answers nonsense
 * @throws {KeyError} ERR_KEY_INVALID when a stored secret must not be used, ERR_KEY_ID when `kid` is no string
 * @see https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/
 */
export function createConnectVerifier<const Kinds extends readonly TokenKind[]>(
  options: ConnectVerifierOptions<Kinds>,
): RequestVerifier<ConnectIdentity<Kinds[number]>> {
  const settings = readOptions(options);
  const { appKey, accept, rules, binding } = settings;
  const tenants = createTenants(settings);

  return async (request) => {
    // 1. Exactly one credential, in a place that counts, of the one strict form.
    const { token, form } = settings.form ? await findCredential(request, true) : readCredential(request);
    const jws = parseCompact(token);
    const claims: JwtClaims = parsePayload(jws);
    if (!jws.isUsual) checkHeader(jws.header);

    // 2. Whom the token says it is from, and nothing else of it, chooses whose secrets must prove it.
    const isSession = readIssuer(claims) === appKey;
    if (isSession && !accept.has("session")) throw new TokenError("ERR_TOKEN_KIND", '"iss" claim is the app itself');
    const clientKey = isSession ? readSoleAudience(claims) : readIssuer(claims);
    const installation = await tenants.verify(jws, clientKey);

    // 3. From here on the claims are that tenant's word, or the app's own for that tenant.
    checkClaims(claims, rules);
    const kind = judgeKind(claims, isSession, accept);
    if (kind === "request") checkBinding(claims["qsh"] as string, boundParts(request, form), binding);

    // 4. Last, so that a copy that is refused does not use up the original.
    if (settings.replayGuard !== undefined) await refuseReplay(jws.signingInput, claims, settings);
    return new Identity(kind, clientKey, claims, installation) as unknown as ConnectIdentity<Kinds[number]>;
  };
}

/** The tenant of a session token: the one audience that it must have. */
function readSoleAudience(claims: JwtClaims): string {
  if (!Object.hasOwn(claims, "aud")) throw new ClaimError("ERR_CLAIM_MISSING", "aud", '"aud" claim is required');
  const { aud } = claims;
  const sole: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  if (typeof sole !== "string") throw new ClaimError("ERR_CLAIM_INVALID", "aud", '"aud" claim must be exactly one tenant');
  return sole;
}

/** The kind of a verified token, by its `qsh`; throws when the route does not take that kind. */
function judgeKind(claims: JwtClaims, isSession: boolean, accept: ReadonlySet<TokenKind>): TokenKind {
  const isBound = Object.hasOwn(claims, "qsh");
  if (isSession) {
    // With a hash it is a token that the app sent to a product, and that came back.
    if (isBound) throw new TokenError("ERR_TOKEN_KIND", 'session token must have no "qsh" claim');
    return "session";
  }
  if (!isBound) throw new QshError("ERR_QSH_MISSING", '"qsh" claim is required');
  if (claims["qsh"] === CONTEXT_QSH) {
    if (accept.has("context")) return "context";
    throw new TokenError("ERR_TOKEN_KIND", "context token is not accepted here", {
      hint: 'add "context" to "accept" where the route decides for itself what the user may do',
    });
  }
  if (accept.has("request")) return "request";
  throw new QshError("ERR_QSH_MISMATCH", '"qsh" claim is not that of a context token', {
    claimed: claims["qsh"],
    hint: 'add "request" to "accept" where the product itself calls',
  });
}

/** The tenant's record is behind a getter: it holds the secret, which neither JSON nor a log of the identity shows. */
class Identity implements TenantIdentity {
  readonly kind: TokenKind;
  readonly clientKey: string;
  declare readonly accountId?: string;
  readonly claims: JwtClaims;
  readonly #installation: Installation;

  constructor(kind: TokenKind, clientKey: string, claims: JwtClaims, installation: Installation) {
    this.kind = kind;
    this.clientKey = clientKey;
    const accountId = readAccountId(claims);
    if (accountId !== undefined) this.accountId = accountId;
    this.claims = claims;
    this.#installation = installation;
  }

  get installation(): Installation {
    return this.#installation;
  }
}

/** Checks the options once, at the door. */
function readOptions(options: ConnectVerifierOptions) {
  const own = ownOptions(options);
  const { appKey, accept, path = "either", form = false, leeway = 30, timeout = 5, replayGuard, engine } = own;
  requireText(appKey, '"options.appKey"');
  const kinds = new Set<unknown>(["request", "context", "session"] satisfies TokenKind[]);
  if (!Array.isArray(accept) || accept.length === 0 || !accept.every((kind) => kinds.has(kind))) {
    throw argumentError('"options.accept"', 'must be a list of "request", "context" and "session"');
  }
  if (path !== "either" && path !== "raw") throw argumentError('"options.path"', "must be either or raw");
  if (typeof form !== "boolean") throw argumentError('"options.form"', "must be a boolean", "ERR_INVALID_ARG_TYPE");
  seconds(0, 300)(leeway, '"options.leeway"');
  seconds(0.001, 60)(timeout, '"options.timeout"');
  checkReplayGuard(replayGuard);
  checkEngine(engine);
  optionalFunction(own.now, '"options.now"');
  const now = (): number => readClock(own.now);
  return {
    appKey,
    installations: own.installations,
    accept: new Set<TokenKind>(accept),
    form,
    engine,
    allowShortSecret: own.allowShortSecret,
    timeout,
    leeway,
    replayGuard,
    now,
    rules: ownOptions({ leeway, now }),
    binding: bindingRules([readBaseUrl(own.baseUrl, '"options.baseUrl"', own).href], path),
  };
}
