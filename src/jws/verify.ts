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
  assertSignature(await judgeSignature(jws, key, engine));
}

/** Whether a signature is good; throws at once when its algorithm is not the key's. Each function less saves a turn. */
export function judgeSignature(jws: CompactJws, key: SecretKey | PublicKey, engine: MacEngine): Awaitable<boolean> {
  const { header, signingInput, signature } = jws;
  checkAlgorithm(header, key.algorithm.name);
  return key.type === "secret" ? engine.verify(key, signingInput, signature) : verifyRsa(key, signingInput, signature);
}

export function assertSignature(good: boolean): void {
  if (!good) throw new TokenError("ERR_TOKEN_SIGNATURE", "signature does not verify");
}
