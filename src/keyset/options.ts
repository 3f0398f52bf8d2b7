/**
 * What may be told about key servers.
 */
import { argumentError } from "../errors.ts";
import { fetchOrGlobal } from "../http.ts";
import type { FetchLike } from "../types.ts";

/** Options of everything that fetches keys. */
export interface KeyServerOptions {
  /** The fetch to use; the global one unless told. */
  fetch?: FetchLike | undefined;
  /** Seconds until a key server must have answered, body included; 5 unless told. */
  timeout?: number | undefined;
  /** The most fetches in any minute, found keys not counted; 60 unless told. */
  maxKeyFetches?: number | undefined;
}

/** Checks the options, and fills in what is not told. */
export function readKeyServerOptions(options: KeyServerOptions): {
  timeout: number;
  maxKeyFetches: number;
  fetch: FetchLike;
} {
  const { timeout = 5, maxKeyFetches = 60 } = options;
  if (typeof timeout !== "number" || !(timeout > 0 && timeout <= 60)) {
    throw argumentError('"options.timeout"', "must be a number of seconds, at most 60");
  }
  if (!Number.isInteger(maxKeyFetches) || maxKeyFetches < 1) {
    throw argumentError('"options.maxKeyFetches"', "must be a whole number of at least 1");
  }
  return { timeout, maxKeyFetches, fetch: fetchOrGlobal(options.fetch) };
}
