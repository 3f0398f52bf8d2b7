import { Cache } from "../../cache.ts";
import { argumentError } from "../../errors.ts";
import { readClock } from "../../jwt/claims.ts";
import { optionalFunction, ownOptions, seconds } from "../../jwt/options.ts";
import type { Installation, InstallationStore } from "../../types.ts";

/** Options of {@link cachedInstallations}. */
export interface CachedInstallationsOptions {
  /** Seconds that a tenant is kept for, 0.001 to 3600. */
  ttl: number;
  /** The most tenants that are kept; 1000 unless told. */
  limit?: number;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

/** A look-up that takes longer is made again by whoever waits for it. */
const TAKE_OVER = 5;

/**
 * Keeps tenants in memory for a while, before a store that is far away.
 *
 * However many requests ask for a tenant at the same time, one look-up is made. What is saved or removed here counts
 * here at once, and in other processes when their copy is `ttl` seconds old: for so long they do not know a new
 * secret, and still accept a tenant that is gone. Some seconds take most of the load away. A tenant that is not known
 * is asked for each time, so that an install counts as soon as the store has it; so is `findByForgeInstallation`.
 *
 * @example
 * ```ts
 * import { cachedInstallations, sqlInstallations } from "jwt-qsh/stores";
 *
 * const installations = cachedInstallations(sqlInstallations(env.DB), { ttl: 10 });
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 */
export function cachedInstallations<Store extends InstallationStore>(
  store: Store,
  options: CachedInstallationsOptions,
): Store extends Required<InstallationStore> ? Required<InstallationStore> : InstallationStore {
  const { ttl, limit, now } = readOptions(options);
  const cache = new Cache<{ readonly record: string | undefined }>({ limit, now, takeOver: TAKE_OVER });

  async function load(clientKey: string): Promise<{ value: { record: string | undefined }; ttl: number }> {
    const found = await store.find(clientKey);
    return found === undefined
      ? { value: { record: undefined }, ttl: 0 }
      : { value: { record: JSON.stringify(found) }, ttl };
  }

  const cached: InstallationStore = {
    async find(clientKey) {
      const { record } = await cache.load(clientKey, () => load(clientKey));
      // Kept as text, so that nobody's copy is anybody else's.
      return record === undefined ? undefined : (JSON.parse(record) as Installation);
    },
    save: (installation) => change(installation.clientKey, () => store.save(installation)),
    remove: (clientKey) => change(clientKey, () => store.remove(clientKey)),
  };
  if (store.findByForgeInstallation !== undefined) {
    cached.findByForgeInstallation = (installationId) => store.findByForgeInstallation?.(installationId);
  }
  return cached as ReturnType<typeof cachedInstallations<Store>>;

  /** Forgets when it is done, done or not; and a look-up that is under way by then does not keep what it saw. */
  async function change(clientKey: string, write: () => unknown): Promise<void> {
    try {
      await write();
    } finally {
      cache.delete(clientKey);
    }
  }
}

function readOptions(options: CachedInstallationsOptions): Required<CachedInstallationsOptions> {
  const { ttl, limit = 1000, now } = ownOptions(options);
  seconds(0.001, 3600)(ttl, '"options.ttl"');
  if (!(Number.isInteger(limit) && limit > 0)) throw argumentError('"options.limit"', "must be a whole number above 0");
  optionalFunction(now, '"options.now"');
  return { ttl, limit, now: () => readClock(now) };
}
