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
  if (key.type === "private") return sealCompact(signingInput, await signRsa(key, signingInput));
  const text = engine.signText?.(key, signingInput);
  return text === undefined ? sealCompact(signingInput, await engine.sign(key, signingInput)) : `${signingInput}.${text}`;
}
