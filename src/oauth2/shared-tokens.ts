/**
 * Access tokens in a cache that others can read: under keys that say nothing, as values that only the same shared
 * secret opens. A cache that fails or dawdles is a miss, never a failure. Loaded where there is a cache.
 */
import { openBytes, sealBytes } from "../crypto/aead.ts";
import { deriveAeadKey } from "../crypto/derive.ts";
import { sha256Hex } from "../crypto/digest.ts";
import { encode, tryDecode } from "../encoding/base64url.ts";
import { decodeUtf8, encodeUtf8 } from "../encoding/utf8.ts";
import { within } from "../http.ts";
import type { TokenCache } from "../types.ts";
import { makeAccessToken } from "./access-token.ts";
import type { HeldToken } from "./held-token.ts";

/** What a token was given for: two that differ in any of it never share an entry. */
export interface TokenIdentity {
  readonly grant: string;
  readonly authorizationServer: string;
  readonly tenant: string;
  readonly client: string;
  readonly user: string;
  readonly scopes: readonly string[];
  readonly secret: Uint8Array;
}

/** The cache's key: a hash, so that neither host, account nor secret stands there. */
export function cacheKeyOf(identity: TokenIdentity): string {
  const { grant, authorizationServer, tenant, client, user, scopes, secret } = identity;
  const parts = [grant, authorizationServer, tenant, client, user, [...scopes].sort().join(" "), sha256Hex(encode(secret))];
  // Each with its length: no two lists of parts make the same text.
  return `token:v1:${sha256Hex(parts.map((part) => `${part.length}:${part}`).join(""))}`;
}

/** Options of {@link SharedTokens}. */
export interface SharedTokensOptions {
  cache: TokenCache;
  identity: TokenIdentity;
  /** Seconds that a call of the cache may take. */
  cacheTimeout: number;
  /** Seconds to wait for the lock: as long as its holder's exchange may take. */
  lockTimeout: number;
}

/** One token's place in a shared cache. */
export class SharedTokens {
  readonly #options: SharedTokensOptions;
  readonly #key: string;
  #sealingKey: CryptoKey | undefined;

  constructor(options: SharedTokensOptions) {
    this.#options = options;
    this.#key = cacheKeyOf(options.identity);
  }

  /** The token that is there. */
  async read(): Promise<HeldToken | undefined> {
    const { cache, cacheTimeout } = this.#options;
    const value = await orMiss(cacheTimeout, async () => cache.get(this.#key));
    return typeof value === "string" ? orMiss(cacheTimeout, () => this.#open(value)) : undefined;
  }

  /** Puts a token there. */
  async write(held: HeldToken, now: number): Promise<void> {
    const { cache, cacheTimeout } = this.#options;
    const ttl = Math.floor(held.token.expiresAt - now);
    if (ttl < 1) return;
    await orMiss(cacheTimeout, async () => cache.set(this.#key, await this.#seal(held), ttl));
  }

  /** Takes a token out, if it is still that one. */
  async remove(accessToken: string): Promise<void> {
    const { cache, cacheTimeout } = this.#options;
    if ((await this.read())?.token.accessToken !== accessToken) return;
    await orMiss(cacheTimeout, async () => cache.delete(this.#key));
  }

  /** Whether the cache can keep others out for a while. */
  get canLock(): boolean {
    return this.#options.cache.lock !== undefined;
  }

  /** Runs a task under the cache's lock; without it where that fails or takes too long. */
  async exclusively<T>(task: () => Promise<T>): Promise<T> {
    const { cache, cacheTimeout, lockTimeout } = this.#options;
    let running: Promise<T> | undefined;
    const run = (): Promise<T> => (running ??= task());
    let granted: (task: Promise<T>) => void = () => {};
    const ended = new Promise<T>((resolve) => (granted = resolve));
    const lock = async (): Promise<T | undefined> =>
      cache.lock?.(this.#key, () => {
        granted(run());
        return run();
      });
    const locked = lock();
    await orMiss(lockTimeout, () => Promise.race([locked, ended]));
    // A token that is there does not wait for a release that hangs.
    if (running !== undefined) await orMiss(cacheTimeout, () => locked);
    // However it ended, the task is run, and once.
    return run();
  }

  async #seal({ token, mintedAt }: HeldToken): Promise<string> {
    const { accessToken, expiresAt, scopes } = token;
    const plain = encodeUtf8(JSON.stringify({ accessToken, expiresAt, mintedAt, scopes: scopes ?? null }));
    return `v1.${encode(await sealBytes(await this.#sealing(), plain, encodeUtf8(this.#key)))}`;
  }

  async #open(value: string): Promise<HeldToken | undefined> {
    const sealed = value.startsWith("v1.") ? tryDecode(value.slice(3)) : undefined;
    if (sealed === undefined) return undefined;
    const plain = await openBytes(await this.#sealing(), sealed, encodeUtf8(this.#key));
    const text = plain === undefined ? undefined : decodeUtf8(plain);
    if (text === undefined) return undefined;
    // Only the shared secret's holders can have written it, so it is as it was written.
    const { accessToken, expiresAt, mintedAt, scopes } = JSON.parse(text) as Sealed;
    return { token: makeAccessToken(accessToken, expiresAt, scopes ?? undefined), mintedAt };
  }

  /** The key is kept, its promise never is: on Workers a promise of another request may never settle. */
  async #sealing(): Promise<CryptoKey> {
    return (this.#sealingKey ??= await deriveAeadKey(this.#options.identity.secret, { info: "jwt-qsh token cache v1" }));
  }
}

interface Sealed {
  readonly accessToken: string;
  readonly expiresAt: number;
  readonly mintedAt: number;
  readonly scopes: readonly string[] | null;
}

/** What a task answers in time; `undefined` when it fails or takes too long. */
async function orMiss<T>(seconds: number, task: () => Promise<T>): Promise<T | undefined> {
  return within(task(), seconds).catch(() => undefined);
}
