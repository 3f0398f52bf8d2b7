/**
 * The body of an inbound request, read from a clone and within bounds: the caller's stays usable.
 */
import { argumentError } from "../errors.ts";
import { readCapped } from "../http.ts";
import type { WebRequest } from "../types.ts";

/** Reads up to `maxBytes`; `undefined` when there is more, or when the connection broke off. */
export async function readBody(request: WebRequest, maxBytes: number): Promise<Uint8Array | undefined> {
  if (request.bodyUsed) throw argumentError('"request.body"', "must not be read before the request is verified");
  try {
    return await readCapped(request.clone(), maxBytes);
  } catch {
    return undefined;
  }
}
