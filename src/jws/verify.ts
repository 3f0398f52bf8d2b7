/**
 * Verifies a JWS (RFC 7515 section 5.2): the algorithm is the key's, then the signature.
 */
import { verifyRsa, webEngine } from "../crypto/engine.ts";
import type { MacEngine } from "../crypto/engine.ts";
import type { SecretKey } from "../crypto/keys.ts";
import type { PublicKey } from "../crypto/rsa-keys.ts";
import { TokenError } from "../errors.ts";
import type { Awaitable } from "../types.ts";
import { checkAlgorithm } from "./compact.ts";
import type { CompactJws } from "./compact.ts";

export async function verifyJws(
  jws: CompactJws,
  key: SecretKey | PublicKey,
  engine: MacEngine = webEngine,
): Promise<void> {
  checkAlgorithm(jws.header, key.algorithm.name);
  const good = key.type === "secret" ? verifyMac(engine, key, jws) : verifyRsa(key, jws.signingInput, jws.signature);
  assertSignature(typeof good === "boolean" ? good : await good);
}

/** Compares the keyed hash of a token, at once where the engine can. */
export function verifyMac(engine: MacEngine, key: SecretKey, jws: CompactJws): Awaitable<boolean> {
  const { signingInput, encodedSignature } = jws;
  return engine.verifyText?.(key, signingInput, encodedSignature) ?? engine.verify(key, signingInput, jws.signature);
}

export function assertSignature(good: boolean): void {
  if (!good) throw new TokenError("ERR_TOKEN_SIGNATURE", "signature does not verify");
}
