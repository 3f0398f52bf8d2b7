/**
 * Keeps a page of an app supplied with its context token.
 */
import type { ContextClaims } from "../connect/claims.ts";
import { argumentError, ClaimError, TokenError } from "../errors.ts";
import { createSignedFetch } from "../fetch/signed-fetch.ts";
import type { SignedFetch } from "../fetch/signed-fetch.ts";
import { decodeJwt } from "../jwt/decode.ts";
import type { DecodedJwt } from "../jwt/decode.ts";
import type { FetchLike, RequestSigner, WebUrl } from "../types.ts";
import { createTokenAsker } from "./host.ts";
import type { ContextHost, TokenAsker } from "./host.ts";
import { Validity } from "./validity.ts";
import type { HeldToken } from "./validity.ts";

/** Options of {@link createContextTokenClient}. */
export interface ContextTokenClientOptions {
  /** Where the app's server is: the only place that the token is sent to. The page's own origin unless told. */
  baseUrl?: string | WebUrl;
  /** Seconds before its end at which a token is renewed, or a third of its life when that is less; 60 unless told. */
  refreshAhead?: number;
  /** Seconds until the host must have answered; 10 unless told. */
  timeout?: number;
  /** The fetch underneath; the global one unless told. */
  fetch?: FetchLike;
  /** Weakens security: lets `baseUrl` be http on a host that is not this machine. */
  unsafeHttp?: boolean;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

/** What a context token says, as far as it is known. Not proven: a page cannot verify it. */
export type PageClaims = DecodedJwt["claims"] & Pick<ContextClaims, "iss" | "sub" | "exp" | "iat" | "qsh" | "context">;

/** A page's token, always fresh. */
export interface ContextTokenClient {
  /**
   * The token: kept while it is good, renewed before its end, asked for once however many want it.
   *
   * @throws {TokenError} ERR_TOKEN_MISSING when the host does not answer, ERR_TOKEN_MALFORMED when it answers nonsense,
   *   ERR_TOKEN_EXPIRED when it has nothing but a token that is over
   */
  token(): Promise<string>;
  /** What the token says. For the page's own use: the page cannot verify it, only the server can. */
  claims(): Promise<PageClaims>;
  /** A `fetch` that sends the token to the app's server and nowhere else. */
  readonly fetch: SignedFetch;
}

/** How often a host is asked before it is given up. */
const ATTEMPTS = 3;
/** Milliseconds before the second attempt; each further wait is twice as long. */
const PAUSE = 250;
/** Below it a caller waits for the renewal: a request takes time to arrive. Seconds. */
const TOO_SHORT = 5;

/**
 * Makes a client for the context token of a page: `AP.context.getToken()`, but cached, renewed before it ends, and asked
 * for once at a time.
 *
 * It bears with a host that is slow, that fails, or that answers with a token that is over; with a page that has slept;
 * and with a clock that is wrong, because it counts a token's life from when it first saw it. Its `fetch` renews and
 * tries again, once, when the server answers 401.
 *
 * @example
 * ```ts
 * import { createContextTokenClient } from "jwt-qsh/browser";
 *
 * const client = createContextTokenClient(AP);
 * const response = await client.fetch("/api/tasks");
 * const { context } = await client.claims();
 * ```
 *
 * @param AP the global of all.js, or anything with its `context.getToken`
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for a host or options that make no sense
 * @see https://developer.atlassian.com/cloud/jira/platform/jsapi/context/
 */
export function createContextTokenClient(AP: ContextHost, options: ContextTokenClientOptions = {}): ContextTokenClient {
  const { refreshAhead = 60, timeout = 10, now = () => Date.now() / 1000 } = options;
  requireSeconds(refreshAhead, '"options.refreshAhead"');
  requireSeconds(timeout, '"options.timeout"');
  if (typeof now !== "function") throw argumentError('"options.now"', "must be a function", "ERR_INVALID_ARG_TYPE");
  const tokens = new ContextTokens(createTokenAsker(AP, timeout), new Validity(now), refreshAhead);

  const sign: RequestSigner = async (request) => {
    const signed = new Request(request);
    signed.headers.set("authorization", `JWT ${await tokens.get()}`);
    return signed;
  };
  sign.retry = async (response, request) => {
    if (response.status !== 401) return false;
    const refused = request.headers.get("authorization")?.slice("JWT ".length);
    return (await tokens.replace(refused)) !== refused;
  };

  const { fetch, unsafeHttp } = options;
  const makeFetch = (baseUrl: string | WebUrl | undefined): SignedFetch =>
    createSignedFetch({ baseUrl: baseUrl as string, sign, ...(fetch && { fetch }), ...(unsafeHttp && { unsafeHttp }) });
  // What the caller says is judged at once; a page that has no fit origin may still want a token.
  let signedFetch = options.baseUrl === undefined ? undefined : makeFetch(options.baseUrl);

  return Object.freeze<ContextTokenClient>({
    token: () => tokens.get(),
    claims: async () => decodeJwt(await tokens.get()).claims as PageClaims,
    async fetch(input, init) {
      signedFetch ??= makeFetch(pageOrigin());
      return signedFetch(input, init);
    },
  });
}

/** The token at hand, and its renewal. */
class ContextTokens {
  readonly #ask: TokenAsker;
  readonly #validity: Validity;
  readonly #refreshAhead: number;
  #held: HeldToken | undefined;
  #renewal: Promise<string> | undefined;

  constructor(ask: TokenAsker, validity: Validity, refreshAhead: number) {
    this.#ask = ask;
    this.#validity = validity;
    this.#refreshAhead = refreshAhead;
  }

  async get(): Promise<string> {
    const held = this.#held;
    if (held === undefined) return this.#renew();
    const left = this.#validity.left(held);
    if (left > Math.min(this.#refreshAhead, held.lifetime / 3)) return held.token;
    const renewed = this.#renew().catch((error: unknown) => {
      if (this.#validity.left(held) > 0) return held.token;
      throw error;
    });
    if (left <= TOO_SHORT) return renewed;
    // Good enough for now: the renewal goes on behind the caller's back.
    renewed.catch(() => undefined);
    return held.token;
  }

  /** A token in place of one that was refused; the same one when the host has no other. */
  async replace(refused: string | undefined): Promise<string> {
    return this.#held?.token === refused ? this.#renew() : this.get();
  }

  #renew(): Promise<string> {
    this.#renewal ??= this.#askForOne().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #askForOne(): Promise<string> {
    let failure: unknown;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await pause(PAUSE * 2 ** (attempt - 1));
      try {
        const token = await this.#ask();
        const held = this.#hold(token, attempt === ATTEMPTS - 1);
        if (held !== undefined) return (this.#held = held).token;
        failure = new TokenError("ERR_TOKEN_EXPIRED", "host has no token that is not over");
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** Reads an answer; `undefined` when it is over. At last a new token that only seems so is taken for good. */
  #hold(token: string, isLast: boolean): HeldToken | undefined {
    const known = this.#held;
    // The same again: its time is counted from when it was first seen.
    if (known?.token === token) return this.#validity.left(known) > 0 ? known : undefined;
    const { exp, iat: issued } = decodeJwt(token).claims;
    const iat = typeof issued === "number" ? issued : undefined;
    if (typeof exp !== "number") throw new ClaimError("ERR_CLAIM_MISSING", "exp", '"exp" claim is required');
    const held = this.#validity.hold(token, { exp, iat });
    if (this.#validity.left(held) > 0) return held;
    return isLast && iat !== undefined ? this.#validity.holdAgainstClock(token, { exp, iat }) : undefined;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}

/** The origin of the page, where there is one: neither a worker's blob nor a sandboxed frame has one. */
function pageOrigin(): string | undefined {
  const origin = (globalThis as { location?: { origin?: string } }).location?.origin;
  return origin === undefined || origin === "null" ? undefined : origin;
}

function requireSeconds(value: unknown, label: string): void {
  if (typeof value !== "number") throw argumentError(label, "must be a number of seconds", "ERR_INVALID_ARG_TYPE");
  if (!(value > 0 && value <= 86400)) throw argumentError(label, "must be more than 0 and at most 86400 seconds");
}
