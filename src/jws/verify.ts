/**
 * Verifies a JWS (RFC 7515 section 5.2): the algorithm is the key's, then the signature.
 */
import { verifyRsa, webEngine } from "../crypto/engine.ts";
import type { MacEngine } from "../crypto/engine.ts";
import type { SecretKey } from "../crypto/keys.ts";
import type { PublicKey } from "../crypto/rsa-keys.ts";
import { TokenError } from "../errors.ts";
import { checkAlgorithm } from "./compact.ts";
import type { CompactJws } from "./compact.ts";

export async function verifyJws(
  jws: CompactJws,
  key: SecretKey | PublicKey,
  engine: MacEngine = webEngine,
): Promise<void> {
  checkAlgorithm(jws.header, key.algorithm.name);
  const { signingInput, signature } = jws;
  const good = key.type === "secret" ? engine.verify(key, signingInput, signature) : verifyRsa(key, signingInput, signature);
  assertSignature(await good);
}

export function assertSignature(good: boolean): void {
  if (!good) throw new TokenError("ERR_TOKEN_SIGNATURE", "signature does not verify");
}
