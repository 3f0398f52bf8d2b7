/**
 * The tenants: looked up by the name that a token gives itself, and asked for the secret that proves it.
 */
import { LruMap } from "../cache.ts";
import { webEngine } from "../crypto/engine.ts";
import type { MacEngine } from "../crypto/engine.ts";
import { secretKey } from "../crypto/keys.ts";
import type { SecretKey } from "../crypto/keys.ts";
import { argumentError, AuthError, InstallationError, KeyError } from "../errors.ts";
import { within } from "../http.ts";
import { checkAlgorithm } from "../jws/compact.ts";
import type { CompactJws } from "../jws/compact.ts";
import { assertSignature } from "../jws/verify.ts";
import type { Awaitable, Installation, Installations } from "../types.ts";

/** What {@link createTenants} needs; checked by the doors. */
export interface TenantOptions {
  readonly installations: Installations;
  readonly engine?: MacEngine | undefined;
  readonly allowShortSecret?: boolean | undefined;
  /** Seconds until the store must have answered. */
  readonly timeout: number;
  readonly now: () => number;
}

/** Proves which tenant signed a token. */
export interface Tenants {
  /**
   * Verifies HS256 with the secrets of one tenant. A tenant that is not known costs an HMAC all the same.
   *
   * @param evenDisabled whether a tenant that switched the app off may speak
   * @throws {InstallationError} ERR_INSTALLATION_UNKNOWN, ERR_INSTALLATION_LOOKUP
   * @throws {KeyError} ERR_KEY_INVALID when the stored secret must not be used
   * @throws {TokenError} ERR_TOKEN_ALGORITHM, ERR_TOKEN_SIGNATURE
   */
  verify(jws: CompactJws, clientKey: string, evenDisabled?: boolean): Promise<Installation>;
}

/** A secret, and the key that was made of it. */
interface TenantKey {
  readonly secret: string;
  readonly key: SecretKey;
}

/** Keys are kept for this many tenants. */
const MAX_KEYS = 1000;
/** Previous secrets that are tried. */
const MAX_PREVIOUS = 3;

export function createTenants(options: TenantOptions): Tenants {
  const { engine = webEngine, allowShortSecret = false, timeout, now } = options;
  const lookUp = readLookUp(options.installations);
  const keys = new LruMap<string, readonly TenantKey[]>(MAX_KEYS);
  // Nobody's key: for the HMAC of an unknown tenant.
  const dummy = secretKey(new Uint8Array(32).fill(0x5a));

  function find(clientKey: string): Awaitable<Installation | undefined> {
    let found: unknown;
    try {
      found = lookUp(clientKey);
    } catch (error) {
      throw lookUpFailed(error);
    }
    // A store that answers at once is not waited for.
    return isThenable(found) ? answer(clientKey, found) : readInstallation(clientKey, found);
  }

  async function answer(clientKey: string, pending: PromiseLike<unknown>): Promise<Installation | undefined> {
    let found: unknown;
    try {
      found = await within(pending, timeout);
    } catch (error) {
      throw lookUpFailed(error);
    }
    return readInstallation(clientKey, found);
  }

  function keyOf(clientKey: string, secret: unknown): SecretKey {
    if (typeof secret !== "string") throw new KeyError("ERR_KEY_INVALID", "stored secret must be a string");
    const known = keys.get(clientKey) ?? [];
    for (const one of known) if (one.secret === secret) return one.key;
    const key = secretKey(secret, { allowShortSecret });
    // The current one and the previous ones that are tried.
    keys.set(clientKey, [{ secret, key }, ...known].slice(0, MAX_PREVIOUS + 1));
    return key;
  }

  return {
    async verify(jws, clientKey, evenDisabled = false) {
      checkAlgorithm(jws.header, "HS256");
      const found = find(clientKey);
      const installation = isThenable(found) ? await found : found;
      if (installation === undefined || (!evenDisabled && own(installation, "enabled") === false)) {
        await engine.verify(dummy, jws.signingInput, jws.signature);
        throw new InstallationError("ERR_INSTALLATION_UNKNOWN", "tenant is not known");
      }
      let key: SecretKey;
      try {
        key = keyOf(clientKey, own(installation, "sharedSecret"));
      } catch (error) {
        throw unusableSecret(error);
      }
      const good = engine.verify(key, jws.signingInput, jws.signature);
      if (typeof good === "boolean" ? good : await good) return installation;
      for (const secret of previousSecrets(installation, now())) {
        let previous: SecretKey;
        try {
          previous = keyOf(clientKey, secret);
        } catch {
          continue;
        }
        if (await engine.verify(previous, jws.signingInput, jws.signature)) return installation;
      }
      assertSignature(false);
      return installation;
    },
  };
}

/** The look-up of a store or of a function. */
function readLookUp(installations: unknown): (clientKey: string) => Awaitable<unknown> {
  if (typeof installations === "function") return (clientKey) => (installations as (key: string) => unknown)(clientKey);
  const store = installations as { find?: unknown } | null | undefined;
  if (typeof store?.find !== "function") {
    throw argumentError('"options.installations"', 'must be a function or have a method "find"', "ERR_INVALID_ARG_TYPE");
  }
  return (clientKey) => (store as { find: (key: string) => unknown }).find(clientKey);
}

/** A store's own error may hold anything, its secrets too: only one of ours goes on. */
export function lookUpFailed(error: unknown): InstallationError {
  const message = "installation store could not be asked";
  return new InstallationError("ERR_INSTALLATION_LOOKUP", message, error instanceof AuthError ? { cause: error } : {});
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/**
 * A store's answer, when it is this tenant's record by its own members: an object that is used as a map answers
 * `__proto__` with something too, and a record without a secret is no proof of anything.
 */
export function readInstallation(clientKey: string, found: unknown): Installation | undefined {
  return own(found, "clientKey") === clientKey ? (found as Installation) : undefined;
}

function unusableSecret(error: unknown): KeyError {
  const hint = error instanceof KeyError ? error.hint : undefined;
  return new KeyError("ERR_KEY_INVALID", "stored secret must not be used", {
    remote: true,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The secrets of earlier installs whose time is not over. */
export function previousSecrets(installation: Installation, now: number): string[] {
  const list = own(installation, "previousSecrets");
  if (!Array.isArray(list)) return [];
  const valid: string[] = [];
  for (const entry of list as unknown[]) {
    const until = own(entry, "validUntil");
    const secret = own(entry, "sharedSecret");
    // Written so that NaN is over.
    if (typeof secret === "string" && typeof until === "number" && until > now) valid.push(secret);
    if (valid.length === MAX_PREVIOUS) break;
  }
  return valid;
}

function own(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
