/**
 * A fresh RSA key pair, in the forms that people paste and store.
 */
import { encodeHex } from "../encoding/hex.ts";
import { writePem } from "../encoding/pem.ts";
import { argumentError } from "../errors.ts";
import { asBufferSource, requireSubtle } from "./webcrypto.ts";

/** Options of {@link generateKeyPair}. */
export interface KeyPairOptions {
  /** 2048, 3072 or 4096 bits; 3072 unless told. */
  modulusLength?: number;
}

/** What {@link generateKeyPair} made. */
export interface KeyPair {
  /** PKCS#8 (`-----BEGIN PRIVATE KEY-----`). Keep it secret: a file that only its owner reads. */
  readonly privateKey: string;
  /** SPKI (`-----BEGIN PUBLIC KEY-----`). */
  readonly publicKey: string;
  /** The public key without header lines and line breaks, as the form of an application link wants it. */
  readonly publicKeyBase64: string;
  /** SHA-256 of the public key's DER in lower-case hex: `openssl pkey -in KEY -pubout -outform DER | sha256sum`. */
  readonly fingerprint: string;
}

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
  const modulusLength = (Object.hasOwn(options, "modulusLength") ? options.modulusLength : undefined) ?? 3072;
  if (modulusLength !== 2048 && modulusLength !== 3072 && modulusLength !== 4096) {
    throw argumentError('"options.modulusLength"', "must be 2048, 3072 or 4096 bits");
  }
  const subtle = requireSubtle();
  // The hash is bound to the CryptoKey alone; what is exported signs with any.
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength,
    publicExponent: Uint8Array.of(1, 0, 1),
    hash: "SHA-256",
  };
  const pair = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const privateKey = writePem("PRIVATE KEY", new Uint8Array(await subtle.exportKey("pkcs8", pair.privateKey)));
  const spki = new Uint8Array(await subtle.exportKey("spki", pair.publicKey));
  const publicKey = writePem("PUBLIC KEY", spki);
  const fingerprint = encodeHex(new Uint8Array(await subtle.digest("SHA-256", asBufferSource(spki))));
  return { privateKey, publicKey, publicKeyBase64: publicKey.replace(/-----[^-]+-----|\n/g, ""), fingerprint };
}
