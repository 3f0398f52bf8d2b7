import { argumentError } from "../errors.ts";
import { readClock } from "../jwt/claims.ts";
import { optionalFunction, ownOptions } from "../jwt/options.ts";
import type { ReplayGuard } from "../types.ts";

/** Options of {@link memoryReplayGuard}. */
export interface MemoryReplayGuardOptions {
  /** The most ids that are remembered; 100000 unless told. At the limit those that end first are forgotten. */
  limit?: number;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

/**
 * Makes a replay guard that remembers within this process.
 *
 * Enough for one long-lived server. Where several processes or isolates answer, a token can be used once in each of
 * them: there the guard must be one that they share, with an atomic write.
 *
 * @example
 * ```ts
 * import { createConnectVerifier, memoryReplayGuard } from "jwt-qsh/connect";
 *
 * const verify = createConnectVerifier({
 *   appKey: "com.example.app",
 *   baseUrl: "https://app.example.com",
 *   installations: (clientKey) => tenants.get(clientKey),
 *   accept: ["request"],
 *   replayGuard: memoryReplayGuard(),
 * });
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 */
export function memoryReplayGuard(options: MemoryReplayGuardOptions = {}): ReplayGuard {
  const { limit = 100_000, now } = ownOptions(options);
  if (!Number.isInteger(limit) || limit < 1) throw argumentError('"options.limit"', "must be a whole number of at least 1");
  optionalFunction(now, '"options.now"');
  const untilById = new Map<string, number>();

  /** Makes room: what is over goes, and when that is nothing, the tenth that ends first. */
  function sweep(time: number): void {
    for (const [id, until] of untilById) if (until <= time) untilById.delete(id);
    if (untilById.size < limit) return;
    const first = [...untilById].sort((a, b) => a[1] - b[1]).slice(0, Math.ceil(limit / 10));
    for (const [id] of first) untilById.delete(id);
  }

  return Object.freeze({
    seen(id: string, until: number): boolean {
      const time = readClock(now);
      const known = untilById.get(id);
      if (known !== undefined && known > time) return true;
      if (untilById.size >= limit) sweep(time);
      untilById.set(id, until);
      return false;
    },
  });
}
