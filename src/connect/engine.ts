/**
 * The option that says what computes the HMAC.
 */
import type { MacEngine } from "../crypto/engine.ts";
import { argumentError } from "../errors.ts";

/** Refuses at the door what is no engine; to name none is fine. */
export function checkEngine(engine: unknown): asserts engine is MacEngine | undefined {
  if (engine === undefined) return;
  const { sign, verify } = (engine ?? {}) as Partial<MacEngine>;
  if (typeof sign !== "function" || typeof verify !== "function") {
    throw argumentError('"options.engine"', "must be an engine of this library", "ERR_INVALID_ARG_TYPE");
  }
}
