/**
 * The door to what makes key pairs.
 */
import type { KeyPair, KeyPairOptions } from "./keypair-generation.ts";

export type { KeyPair, KeyPairOptions };

/**
 * Makes an RSA key pair for OAuth 1.0a.
 *
 * The public half goes to the server's administrator, who enters it with the consumer key; the private half stays here.
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "jwt-qsh/oauth1";
 *
 * const { privateKey, publicKeyBase64 } = await generateKeyPair();
 * console.log(publicKeyBase64); // paste it into "Public Key" of the incoming link
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_VALUE when `modulusLength` is none of the three
 * @throws {UnsupportedError} ERR_UNSUPPORTED_RUNTIME without `crypto.subtle`
 */
export async function generateKeyPair(options: KeyPairOptions = {}): Promise<KeyPair> {
  return (await import("./keypair-generation.ts")).generateKeyPair(options);
}
