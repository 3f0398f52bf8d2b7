/**
 * Signs a JWS (RFC 7515 section 5.1) with the algorithm of its key.
 */
import { signRsa, webEngine } from "../crypto/engine.ts";
import type { MacEngine } from "../crypto/engine.ts";
import type { SecretKey } from "../crypto/keys.ts";
import type { PrivateKey } from "../crypto/rsa-keys.ts";
import { sealCompact } from "./compact.ts";

export async function signJws(
  signingInput: string,
  key: SecretKey | PrivateKey,
  engine: MacEngine = webEngine,
): Promise<string> {
  const signature = key.type === "secret" ? engine.sign(key, signingInput) : signRsa(key, signingInput);
  return sealCompact(signingInput, await signature);
}
