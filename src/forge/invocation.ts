/**
 * Verifies what the Forge platform sends to a remote.
 */
import { readAuthorization } from "../encoding/authorization.ts";
import { argumentError, ClaimError, requireText, TokenError } from "../errors.ts";
import { readUrl } from "../http.ts";
import { checkAlgorithm, checkHeader, parseCompact, parsePayload } from "../jws/compact.ts";
import { verifyJws } from "../jws/verify.ts";
import { checkClaims, readClock } from "../jwt/claims.ts";
import type { JwtClaims } from "../jwt/claims.ts";
import { optionalFunction, ownOptions, seconds } from "../jwt/options.ts";
import { checkReplayGuard, refuseReplay } from "../jwt/replay.ts";
import { createJwksKeys } from "../keyset/jwks.ts";
import { createKeyClient } from "../keyset/remote.ts";
import type { FetchLike, JsonObject, ReplayGuard, RequestVerifier, WebRequest, WebUrl } from "../types.ts";
import type { ForgeApp, ForgeClaims, ForgeContext } from "./claims.ts";
import { OpaqueToken } from "./opaque-token.ts";

/** Which of Atlassian's clouds calls. */
export type ForgeEnvironment = "production" | "staging";

/** Options of {@link createForgeVerifier}. */
export interface ForgeVerifierOptions {
  /** The app: its ARI, or the bare id in it. Every app's tokens are signed with the same keys: this tells them apart. */
  appId: string;
  /** Which cloud calls; production unless told. */
  environment?: ForgeEnvironment;
  /** The URL of another key set. */
  jwksUrl?: string | WebUrl;
  /** The most fetches of keys in any minute; 60 unless told. */
  maxKeyFetches?: number;
  /** Seconds until the key server and the replay guard must have answered, at most 60; 5 unless told. */
  timeout?: number;
  /** The fetch to use for keys; the global one unless told. */
  fetch?: FetchLike;
  /** Seconds by which clocks may differ, 0 to 300; 5 unless told, for a token lives for 25. */
  leeway?: number;
  /** Refuses a token that was used before. */
  replayGuard?: ReplayGuard;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

/** Where a call stands in a trace (B3). From headers that nobody signed: for logs alone. */
export interface ForgeTrace {
  readonly traceId?: string;
  readonly spanId?: string;
}

/** The Forge platform called, for this app. */
export interface ForgeIdentity {
  readonly kind: "forge";
  readonly claims: ForgeClaims;
  readonly app: ForgeApp;
  readonly context?: ForgeContext;
  /** The acting user's account id; absent on calls of the app itself. */
  readonly principal?: string;
  /** `x-forge-oauth-system`: acts as the app. Not verified here, and bound to nothing that was: never keep it. */
  readonly systemToken?: OpaqueToken;
  /** `x-forge-oauth-user`: acts as the user. Likewise. */
  readonly userToken?: OpaqueToken;
  readonly trace?: ForgeTrace;
}

const JWKS: Readonly<Record<ForgeEnvironment, string>> = {
  production: "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json",
  staging: "https://forge.cdn.stg.atlassian-dev.net/.well-known/jwks.json",
};

const ARI = "ari:cloud:ecosystem::app/";
/** A token that lives for longer is none of the platform's. */
const MAX_LIFETIME = 3600;

/**
 * Makes a verifier of Forge invocation tokens, for a remote that an app calls.
 *
 * The token must be signed with RS256 by a key of the platform's set, issued by the platform, and for this very app.
 * Nothing in a token chooses where its key comes from. Make it once, not per request: it keeps the key set.
 *
 * @example
 * ```ts
 * import { createForgeVerifier } from "jwt-qsh/forge";
 *
 * const verify = createForgeVerifier({ appId: "ari:cloud:ecosystem::app/8ed7a3a7-0000-4000-8000-000000000001" });
 * const { app, context, principal } = await verify(request);
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 * @throws {TokenError} ERR_TOKEN_MISSING, ERR_TOKEN_AMBIGUOUS, ERR_TOKEN_TOO_LARGE, ERR_TOKEN_MALFORMED,
 *   ERR_TOKEN_HEADER, ERR_TOKEN_ALGORITHM, ERR_TOKEN_SIGNATURE, ERR_TOKEN_EXPIRED, ERR_TOKEN_NOT_YET_VALID,
 *   ERR_TOKEN_REPLAYED
 * @throws {ClaimError} ERR_CLAIM_MISSING, ERR_CLAIM_INVALID, ERR_CLAIM_MISMATCH when the token is for another app
 * @throws {KeyError} ERR_KEY_ID, ERR_KEY_NOT_FOUND, ERR_KEY_FETCH, ERR_KEY_RATE_LIMIT, ERR_KEY_INVALID
 * @throws {InstallationError} ERR_INSTALLATION_LOOKUP when the replay guard fails, hangs or answers nonsense
 * @see https://developer.atlassian.com/platform/forge/remote/essentials/
 */
export function createForgeVerifier(options: ForgeVerifierOptions): RequestVerifier<ForgeIdentity> {
  const settings = readOptions(options);
  const { appId, findKey, rules } = settings;

  return async (request) => {
    // 1. Exactly one credential, of the one strict form.
    const jws = parseCompact(readBearer(request));
    const claims: JwtClaims = parsePayload(jws);
    checkHeader(jws.header);

    // 2. The platform signed it.
    checkAlgorithm(jws.header, "RS256");
    await verifyJws(jws, await findKey(Object.hasOwn(jws.header, "kid") ? jws.header.kid : undefined));

    // 3. It is in time, and for this app.
    checkClaims(claims, rules);
    const app = readApp(claims, appId);

    // 4. Last, so that a copy that is refused does not use up the original.
    await refuseReplay(jws.signingInput, claims, settings);
    return identify(request, claims as unknown as ForgeClaims, app);
  };
}

function readBearer(request: WebRequest): string {
  if (typeof (request as WebRequest | null)?.headers?.get !== "function") {
    throw argumentError('"request"', "must be a Request", "ERR_INVALID_ARG_TYPE");
  }
  const found = readAuthorization(request.headers.get("authorization"), "bearer");
  if (found === undefined) throw new TokenError("ERR_TOKEN_MISSING", "request has no token");
  if (!found.isAlone) throw new TokenError("ERR_TOKEN_AMBIGUOUS", "request has more than one token");
  return found.token;
}

/** The `app` claim, which must not say anything else than the audience does. */
function readApp(claims: JwtClaims, appId: string): ForgeApp {
  const app = readObject(claims, "app") ?? {};
  if (Object.hasOwn(app, "id") && app["id"] !== appId) {
    throw new ClaimError("ERR_CLAIM_MISMATCH", "app", '"app" claim is not the expected one');
  }
  return { ...app, id: appId };
}

function identify(request: WebRequest, claims: ForgeClaims, app: ForgeApp): ForgeIdentity {
  const context = readObject(claims, "context");
  const principal: unknown = Object.hasOwn(claims, "principal") ? claims.principal : undefined;
  const systemToken = readToken(request, "x-forge-oauth-system");
  const userToken = readToken(request, "x-forge-oauth-user");
  const trace = readTrace(request);
  return {
    kind: "forge",
    claims,
    app,
    ...(context && { context }),
    ...(typeof principal === "string" && { principal }),
    ...(systemToken && { systemToken }),
    ...(userToken && { userToken }),
    ...(trace && { trace }),
  };
}

function readObject(claims: JwtClaims, name: "app" | "context"): JsonObject | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ClaimError("ERR_CLAIM_INVALID", name, `"${name}" claim must be an object`);
  }
  return value as JsonObject;
}

function readToken(request: WebRequest, name: string): OpaqueToken | undefined {
  const value = request.headers.get(name);
  return value === null || value === "" ? undefined : new OpaqueToken(value);
}

/** Hex alone: these headers go into logs. */
function readTrace(request: WebRequest): ForgeTrace | undefined {
  const [traceId, spanId] = ["x-b3-traceid", "x-b3-spanid"].map((name) => {
    const value = request.headers.get(name) ?? "";
    return /^(?:[0-9a-f]{16}){1,2}$/i.test(value) ? value : undefined;
  });
  if (traceId === undefined && spanId === undefined) return undefined;
  return { ...(traceId && { traceId }), ...(spanId && { spanId }) };
}

/** Checks the options once, at the door. */
function readOptions(options: ForgeVerifierOptions) {
  const own = ownOptions(options);
  const { environment = "production", leeway = 5, timeout = 5, replayGuard } = own;
  if (!Object.hasOwn(JWKS, environment)) throw argumentError('"options.environment"', "must be production or staging");
  seconds(0, 300)(leeway, '"options.leeway"');
  checkReplayGuard(replayGuard);
  optionalFunction(own.now, '"options.now"');
  const now = (): number => readClock(own.now);
  const appId = readAppId(own.appId);
  const jwksUrl = readUrl(own.jwksUrl ?? JWKS[environment], '"options.jwksUrl"');
  return {
    appId,
    findKey: createJwksKeys(jwksUrl, createKeyClient(own, now)),
    timeout,
    leeway,
    replayGuard,
    rules: ownOptions({
      leeway,
      now,
      issuer: "forge/invocation-token",
      audience: appId,
      maxLifetime: MAX_LIFETIME,
    }),
  };
}

/** The full ARI, which alone is compared. */
function readAppId(appId: unknown): string {
  requireText(appId, '"options.appId"');
  const id = (appId as string).startsWith(ARI) ? (appId as string).slice(ARI.length) : (appId as string);
  if (!/^[A-Za-z0-9-]{1,64}$/.test(id)) throw argumentError('"options.appId"', "must be an app's ARI or the id in it");
  return ARI + id;
}
