/**
 * A fresh RSA key pair, in the forms that people paste and store. Loaded when one is asked for.
 */
import { encodeHex } from "../encoding/hex.ts";
import { writePem } from "../encoding/pem.ts";
import { argumentError } from "../errors.ts";
import { asBufferSource, requireSubtle } from "./webcrypto.ts";

/** Options of `generateKeyPair`. */
export interface KeyPairOptions {
  /** 2048, 3072 or 4096 bits; 3072 unless told. */
  modulusLength?: number;
}

/** What `generateKeyPair` made. */
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

/** What the door of the same name does. */
export async function generateKeyPair(options: KeyPairOptions): Promise<KeyPair> {
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
