/**
 * Verifies what a product tells an app about its own life: above all `installed`, which brings the tenant's secret.
 */
import type { MacEngine } from "../crypto/engine.ts";
import { argumentError, requireText } from "../errors.ts";
import { readBaseUrl } from "../http.ts";
import { readClock } from "../jwt/claims.ts";
import { optionalFunction, ownOptions, seconds } from "../jwt/options.ts";
import { checkReplayGuard } from "../jwt/replay.ts";
import { readKeyServerOptions } from "../keyset/options.ts";
import type { FetchLike, Installations, ReplayGuard, RequestVerifier, WebUrl } from "../types.ts";
import { bindingRules } from "./binding.ts";
import type { LifecycleEvent } from "./claims.ts";
import { checkEngine } from "./engine.ts";
import type { LifecycleIdentity } from "./identity.ts";
import { KEY_SERVERS } from "./key-servers.ts";
import type { ConnectEnvironment } from "./key-servers.ts";
import type { LifecycleSettings } from "./lifecycle-calls.ts";
import { createTenants } from "./tenants.ts";

/** Options of {@link createLifecycleVerifier}. */
export interface LifecycleVerifierOptions<Events extends readonly LifecycleEvent[] = readonly LifecycleEvent[]> {
  /** The app's key from its descriptor. */
  appKey: string;
  /** Where the app lives: the descriptor's `baseUrl`, which is the audience of an install; a list while an app moves. */
  baseUrl: string | WebUrl | readonly (string | WebUrl)[];
  /** Which cloud the sites are in; production unless told. */
  environment?: ConnectEnvironment;
  /** The base URLs of other key servers, the first one primary. */
  keyServers?: readonly (string | WebUrl)[];
  /**
   * The events that the endpoint takes: one per endpoint is safest, for a token is bound to the URL and not to the body.
   * All unless told, `enabled` and `disabled` only with `installations`.
   */
  accept?: Events;
  /** The tenants, whose secrets prove `enabled` and `disabled`. */
  installations?: Installations;
  /** The most fetches of keys in any minute; 60 unless told. */
  maxKeyFetches?: number;
  /** Seconds until a key server, the installations and the replay guard must have answered, at most 60; 5 unless told. */
  timeout?: number;
  /** The fetch to use for keys; the global one unless told. */
  fetch?: FetchLike;
  /** Seconds by which clocks may differ, 0 to 300; 30 unless told. */
  leeway?: number;
  /** Refuses a token that was used before. */
  replayGuard?: ReplayGuard;
  /** What computes the HMAC of `enabled` and `disabled`; WebCrypto unless told. */
  engine?: MacEngine;
  /** Weakens security: lets a tenant's secret be shorter than 32 bytes. */
  allowShortSecret?: boolean;
  /** Weakens security: lets base URLs, the app's and the tenants', be http on a host that is not this machine. */
  unsafeHttp?: boolean;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

/** The identity of each of some events. */
export type LifecycleIdentities<Event extends LifecycleEvent> = Event extends LifecycleEvent ? LifecycleIdentity<Event> : never;

/** An install token that lives for longer is none (the default of Atlassian's own service verifier). */
const MAX_LIFETIME = 3600;

/**
 * Makes a verifier of lifecycle events.
 *
 * `installed` and `uninstalled` must be signed with RS256 by a key of the environment's key servers; no secret proves
 * them, the tenant's old one included. `enabled` and `disabled` must be signed with the tenant's secret. Audience,
 * hash, issuer and body are checked before it resolves: only then may the secret be stored. Make it once, not per
 * request: it keeps the keys that it fetched.
 *
 * @example
 * ```ts
 * import { createLifecycleVerifier } from "jwt-qsh/connect";
 *
 * const verifyInstall = createLifecycleVerifier({
 *   appKey: "com.example.app",
 *   baseUrl: "https://app.example.com",
 *   accept: ["installed"],
 * });
 * const { clientKey, payload } = await verifyInstall(request);
 * await store(clientKey, payload.sharedSecret);
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense; from the verifier,
 *   when the body was read already
 * @throws {TokenError} ERR_TOKEN_MISSING, ERR_TOKEN_AMBIGUOUS, ERR_TOKEN_TOO_LARGE, ERR_TOKEN_MALFORMED,
 *   ERR_TOKEN_HEADER, ERR_TOKEN_ALGORITHM when an install is not signed with RS256, ERR_TOKEN_SIGNATURE,
 *   ERR_TOKEN_EXPIRED, ERR_TOKEN_NOT_YET_VALID, ERR_TOKEN_KIND for a context token, ERR_TOKEN_REPLAYED
 * @throws {ClaimError} ERR_CLAIM_MISSING, ERR_CLAIM_INVALID, ERR_CLAIM_MISMATCH when the token is for another app, or
 *   the body is about another tenant or app
 * @throws {QshError} ERR_QSH_MISSING, ERR_QSH_MISMATCH
 * @throws {InstallationError} ERR_LIFECYCLE_BODY when the body cannot be used, ERR_INSTALLATION_UNKNOWN,
 *   ERR_INSTALLATION_LOOKUP
 * @throws {KeyError} ERR_KEY_ID, ERR_KEY_NOT_FOUND, ERR_KEY_FETCH, ERR_KEY_RATE_LIMIT, ERR_KEY_INVALID
 * @see https://developer.atlassian.com/cloud/jira/platform/security-for-connect-apps/
 */
export function createLifecycleVerifier<const Events extends readonly LifecycleEvent[]>(
  options: LifecycleVerifierOptions<Events>,
): RequestVerifier<LifecycleIdentities<Events[number]>> {
  const settings = readOptions(options);
  let verify: RequestVerifier<LifecycleIdentity> | undefined;
  return async (request) => {
    const { createLifecycleCalls } = await import("./lifecycle-calls.ts");
    verify ??= createLifecycleCalls(settings);
    return (await verify(request)) as LifecycleIdentities<Events[number]>;
  };
}

/** Checks the options once, at the door. */
function readOptions(options: LifecycleVerifierOptions): LifecycleSettings {
  const own = ownOptions(options);
  const { appKey, leeway = 30, timeout = 5, replayGuard, engine, installations, allowShortSecret = false, unsafeHttp } = own;
  requireText(appKey, '"options.appKey"');
  seconds(0, 300)(leeway, '"options.leeway"');
  checkReplayGuard(replayGuard);
  checkEngine(engine);
  optionalFunction(own.now, '"options.now"');
  const now = (): number => readClock(own.now);
  const bases = readBases(own);
  const client = readKeyServerOptions(own);
  return {
    appKey,
    accept: readAccept(own),
    keyServers: readKeyServers(own),
    client,
    now,
    tenants:
      installations === undefined ? undefined : createTenants({ installations, engine, allowShortSecret, timeout, now }),
    allowShortSecret,
    unsafeHttp: unsafeHttp === true,
    timeout,
    leeway,
    replayGuard,
    rules: ownOptions({ leeway, now }),
    installRules: ownOptions({ leeway, now, maxLifetime: MAX_LIFETIME, audience: bases.flatMap((base) => [base, `${base}/`]) }),
    binding: bindingRules(bases, "either"),
  };
}

/** The base URLs, as they are written and as they are normalised, each without a slash at its end. */
function readBases({ baseUrl, unsafeHttp = false }: LifecycleVerifierOptions): string[] {
  const list = (Array.isArray(baseUrl) ? baseUrl : [baseUrl]) as readonly (string | WebUrl)[];
  if (list.length === 0) throw argumentError('"options.baseUrl"', "must not be empty");
  const bases = list.flatMap((one) => {
    const { href } = readBaseUrl(one, '"options.baseUrl"', { unsafeHttp });
    return typeof one === "string" ? [one, href] : [href];
  });
  return [...new Set(bases.map((base) => base.replace(/\/$/, "")))];
}

function readAccept({ accept, installations }: LifecycleVerifierOptions): ReadonlySet<LifecycleEvent> {
  const signed: LifecycleEvent[] = ["installed", "uninstalled"];
  const all: LifecycleEvent[] = installations === undefined ? signed : [...signed, "enabled", "disabled"];
  if (accept === undefined) return new Set(all);
  if (!Array.isArray(accept) || accept.length === 0 || !accept.every((event) => all.includes(event as LifecycleEvent))) {
    throw argumentError(
      '"options.accept"',
      'must be a list of "installed", "uninstalled" and, with "options.installations", "enabled" and "disabled"',
    );
  }
  return new Set(accept as readonly LifecycleEvent[]);
}

function readKeyServers({ environment = "production", keyServers }: LifecycleVerifierOptions): URL[] {
  if (!Object.hasOwn(KEY_SERVERS, environment)) {
    throw argumentError('"options.environment"', "must be production, staging, fedramp or fedramp-staging");
  }
  const servers = keyServers ?? KEY_SERVERS[environment];
  if (!Array.isArray(servers) || servers.length === 0) {
    throw argumentError('"options.keyServers"', "must be a list of URLs", "ERR_INVALID_ARG_TYPE");
  }
  return (servers as readonly (string | WebUrl)[]).map((server) => readBaseUrl(server, '"options.keyServers"'));
}
