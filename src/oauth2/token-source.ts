/**
 * The token source of every grant: one token in memory, fetched before it runs out, once for all who wait, and kept
 * for other isolates where there is a cache. It knows nothing of how a token is asked for.
 */
import { Cache, LruMap } from "../cache.ts";
import type { Loaded } from "../cache.ts";
import { ExchangeError, requireType } from "../errors.ts";
import type { ExchangeErrorFacts } from "../errors.ts";
import { ownOptions, seconds } from "../jwt/options.ts";
import type { WebAbortSignal } from "../types.ts";
import { timed } from "./held-token.ts";
import type { HeldToken, TimedToken, Windows } from "./held-token.ts";
import type { SharedTokens } from "./shared-tokens.ts";
import type { AccessToken } from "./access-token.ts";

/** Options of {@link TokenSource.getToken}. */
export interface GetTokenOptions {
  /** Stops waiting; the exchange goes on while others wait for it. */
  signal?: WebAbortSignal;
  /** Seconds that the token must still be good for. More than the server gives makes every call an exchange. */
  minValidity?: number;
  /** Fetches a new token, whatever is there. */
  forceRefresh?: boolean;
}

/** Where access tokens come from. */
export interface TokenSource {
  /**
   * A token that is good: from memory, from the shared cache, or from the authorization server.
   *
   * @throws {ExchangeError} ERR_EXCHANGE_REJECTED, ERR_EXCHANGE_MALFORMED or ERR_EXCHANGE_UNREACHABLE when a new token
   *   is needed and cannot be had
   */
  getToken(options?: GetTokenOptions): Promise<AccessToken>;
  /** Gives a token up that was refused. Does nothing unless it is the one that would be handed out next. */
  invalidate(accessToken: string): Promise<void>;
}

/** What a grant brings. */
export interface TokenSourceSettings extends Windows {
  /** Exchanges once. `now` is when it was started, from where lifetimes count. */
  readonly mint: (now: number, signal: AbortSignal) => Promise<AccessToken>;
  /** Opens the cache that others share. */
  readonly shared?: (() => Promise<SharedTokens | undefined>) | undefined;
  /** Seconds after which a fetch is no longer waited for. */
  readonly takeOver: number;
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
  readonly now: () => number;
}

/** Seconds between two tries behind a token that still serves. */
const AHEAD_PAUSE = 3;
/** Seconds to leave a server alone that is overloaded and does not say for how long. */
const COOL_DOWN = 5;
/** A server that asks for more is tried again all the same. */
const MAX_COOL_DOWN = 300;

/** Both are own members, so that a polluted prototype turns neither into the other. */
type Outcome = { readonly held: TimedToken; readonly error: undefined } | { readonly error: ExchangeError };

interface Wanted {
  readonly minValidity: number;
  readonly force: boolean;
}

const USUAL: Wanted = { minValidity: 0, force: false };

/** Makes the source of a grant. */
export function createTokenSource(settings: TokenSourceSettings): TokenSource {
  const keeper = new TokenKeeper(settings);
  return Object.freeze({
    getToken: (options?: GetTokenOptions) => keeper.getToken(options),
    invalidate: (accessToken: string) => keeper.invalidate(accessToken),
  });
}

class TokenKeeper {
  readonly #settings: TokenSourceSettings;
  readonly #flights: Cache<Outcome>;
  /** Tokens that were refused: a shared cache that is slow to forget must not bring them back. */
  readonly #refused: LruMap<string, true> = new LruMap(8);
  #held: TimedToken | undefined;
  #cooling: { readonly from: number; readonly until: number; readonly error: ExchangeError } | undefined;
  #nextAhead = 0;
  #waiting = 0;

  constructor(settings: TokenSourceSettings) {
    this.#settings = settings;
    this.#flights = new Cache({ limit: 8, now: settings.now, takeOver: settings.takeOver });
  }

  async getToken(options?: GetTokenOptions): Promise<AccessToken> {
    const own = options === undefined ? undefined : ownOptions(options);
    const minValidity = own?.minValidity ?? 0;
    const force = own?.forceRefresh ?? false;
    // Some runtimes have null for the signal of a request that has none.
    const signal = own?.signal ?? undefined;
    signal?.throwIfAborted();
    if (minValidity !== 0) seconds(0, Number.MAX_SAFE_INTEGER)(minValidity, '"options.minValidity"');
    const now = this.#settings.now();
    const held = this.#held;
    if (held === undefined || force || !this.#serves(held, minValidity, now)) {
      return this.#fetch({ minValidity, force }, signal);
    }
    if (now > held.softFrom) this.#fetchBehind(now);
    return held.token;
  }

  async invalidate(accessToken: string): Promise<void> {
    requireType(accessToken, "string", '"accessToken"');
    this.#refused.set(accessToken, true);
    if (this.#held?.token.accessToken === accessToken) this.#held = undefined;
    await (await this.#settings.shared?.())?.remove(accessToken);
  }

  #serves({ token, mintedAt, hardFrom }: TimedToken, minValidity: number, now: number): boolean {
    // A clock that was set back must not keep a token for longer.
    return now <= hardFrom && now + minValidity <= token.expiresAt && now >= mintedAt - this.#settings.expirySkew;
  }

  /** Waits for a token, its own or another's. An abort ends the wait, and the exchange when nobody else waits. */
  async #fetch(wanted: Wanted, signal: WebAbortSignal | undefined): Promise<AccessToken> {
    const cooling = this.#coolingError();
    if (cooling !== undefined) return this.#makeDo(cooling, wanted);
    const own = new AbortController();
    let leads = false;
    const load = (): Promise<Loaded<Outcome>> => {
      leads = true;
      return this.#load(wanted, own.signal);
    };
    this.#waiting++;
    try {
      const flight = this.#flights.load(flightOf(wanted), load);
      // It may outlive its caller: others wait for it too. Who leads is known by now, for a load starts at once.
      if (leads) this.#keepAlive(flight);
      const outcome = await untilAborted(flight, signal);
      return outcome.error === undefined ? outcome.held.token : this.#makeDo(outcome.error, wanted);
    } finally {
      this.#waiting--;
      // Only by the one who started it: on Workers nobody else may touch its connection.
      if (signal?.aborted === true && (!leads || this.#waiting === 0)) own.abort(signal.reason);
    }
  }

  /** Fetches while the held token still serves. */
  #fetchBehind(now: number): void {
    if (now < this.#nextAhead || this.#coolingError() !== undefined) return;
    // A fetch whose request was cut off, as Workers do, never ends: it is tried again after that time.
    this.#nextAhead = now + this.#settings.takeOver;
    const later = (): void => {
      this.#nextAhead = this.#settings.now() + AHEAD_PAUSE;
    };
    const load = (): Promise<Loaded<Outcome>> => this.#load(USUAL, new AbortController().signal);
    const fetched = this.#flights.load(flightOf(USUAL), load);
    this.#keepAlive(fetched.then((outcome) => (outcome.error === undefined ? undefined : later()), later));
  }

  #keepAlive(promise: Promise<unknown>): void {
    const ignore = (): void => {};
    this.#settings.waitUntil?.(promise.then(ignore, ignore));
  }

  /** A failure to fetch is a value, which everyone who waited gets; it is not kept. */
  async #load(wanted: Wanted, signal: AbortSignal): Promise<Loaded<Outcome>> {
    signal.throwIfAborted();
    try {
      return { value: { held: this.#keep(await this.#obtain(wanted, signal)), error: undefined }, ttl: 0 };
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      this.#coolDown(error);
      return { value: { error }, ttl: 0 };
    }
  }

  async #obtain(wanted: Wanted, signal: AbortSignal): Promise<HeldToken> {
    const shared = await this.#settings.shared?.();
    const kept = await this.#readShared(wanted, shared);
    if (kept !== undefined) return kept;
    if (shared === undefined || !shared.canLock) return this.#mint(signal, shared);
    // Whoever had the lock before may have put there what we want.
    return shared.exclusively(async () => (await this.#readShared(wanted, shared)) ?? this.#mint(signal, shared));
  }

  /** What another isolate has fetched, when it is good and news to us. */
  async #readShared(
    { minValidity, force }: Wanted,
    shared: SharedTokens | undefined,
  ): Promise<HeldToken | undefined> {
    const { now } = this.#settings;
    const found = force ? undefined : await shared?.read();
    if (found === undefined || this.#refused.get(found.token.accessToken) === true) return undefined;
    const isNews = this.#held === undefined || found.token.expiresAt > this.#held.token.expiresAt;
    return isNews && this.#serves(timed(found, this.#settings), minValidity, now()) ? found : undefined;
  }

  async #mint(signal: AbortSignal, shared: SharedTokens | undefined): Promise<HeldToken> {
    const { mint, now } = this.#settings;
    const mintedAt = now();
    const token = await mint(mintedAt, signal);
    // Servers may hand out the same token again while it is good: then they mean it.
    this.#refused.delete(token.accessToken);
    await shared?.write({ token, mintedAt }, now());
    return { token, mintedAt };
  }

  /** A token without a lifetime is for those who waited, and for nobody after them. */
  #keep(fresh: HeldToken): TimedToken {
    const held = timed(fresh, this.#settings);
    if (held.token.expiresAt > held.mintedAt) this.#held = held;
    this.#cooling = undefined;
    this.#nextAhead = 0;
    return held;
  }

  /** Stale if error: a token that has not expired is better than none. */
  #makeDo(error: ExchangeError, { minValidity, force }: Wanted): AccessToken {
    const token = this.#held?.token;
    if (token === undefined || force || this.#settings.now() + minValidity >= token.expiresAt) throw error;
    return token;
  }

  /** Both statuses are of a refusal: no other error has a status of the server's that is one of them. */
  #coolDown(error: ExchangeError): void {
    if (error.status !== 429 && error.status !== 503) return;
    const from = this.#settings.now();
    this.#cooling = { from, until: from + Math.min(error.retryAfter ?? COOL_DOWN, MAX_COOL_DOWN), error };
  }

  #coolingError(): ExchangeError | undefined {
    const now = this.#settings.now();
    if (this.#cooling === undefined || now < this.#cooling.from || now >= this.#cooling.until) return undefined;
    const { until, error } = this.#cooling;
    const facts: ExchangeErrorFacts = { status: error.status, retryAfter: until - now };
    if (error.problem !== undefined) facts.problem = error.problem;
    return new ExchangeError("ERR_EXCHANGE_REJECTED", "cannot fetch token: authorization server asked for a pause", facts);
  }
}

/** Those who want the same wait together. */
function flightOf({ minValidity, force }: Wanted): string {
  return force ? "forced" : `${minValidity}`;
}

/** Settles as the promise does, or at once with the signal's reason. */
function untilAborted<T>(promise: Promise<T>, signal: WebAbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
