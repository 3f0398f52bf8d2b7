import { decodeBase64, percentEncode, utf8 } from "./encoding.ts";

/** The signature methods that a consumer can be bound to. */
export type OAuth1SignatureMethod = "RSA-SHA1" | "RSA-SHA256" | "HMAC-SHA1" | "HMAC-SHA256";

/** What proves a consumer: the public half of its key, or a secret. */
export interface OAuth1Credentials {
  readonly signatureMethod: OAuth1SignatureMethod;
  /** SPKI PEM (RSA). */
  readonly publicKey?: string;
  /** HMAC. */
  readonly consumerSecret?: string;
}

/** Verifies a signature over a base string. */
export async function verifyOAuth1Signature(
  baseString: string,
  signature: string,
  credentials: OAuth1Credentials,
  tokenSecret: string,
): Promise<boolean> {
  const bytes = decodeBase64(signature);
  if (bytes === undefined) return false;
  const hash = credentials.signatureMethod.endsWith("SHA256") ? "SHA-256" : "SHA-1";
  const data = utf8(baseString) as BufferSource;
  if (credentials.signatureMethod.startsWith("HMAC")) {
    const secret = `${percentEncode(credentials.consumerSecret ?? "")}&${percentEncode(tokenSecret)}`;
    const algorithm = { name: "HMAC", hash };
    const key = await crypto.subtle.importKey("raw", utf8(secret) as BufferSource, algorithm, false, ["verify"]);
    return crypto.subtle.verify("HMAC", key, bytes as BufferSource, data);
  }
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash };
  const spki = spkiOf(credentials.publicKey ?? "") as BufferSource;
  const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  return crypto.subtle.verify("RSASSA-PKCS1-v1_5", key, bytes as BufferSource, data);
}

/** Jira's form takes a public key with or without its BEGIN and END lines. */
export function spkiOf(publicKey: string): Uint8Array {
  const der = decodeBase64(publicKey.replaceAll(/-----(?:BEGIN|END) PUBLIC KEY-----|\s/g, ""));
  if (der === undefined || der.length === 0) throw new TypeError('"consumer.publicKey" must be a public key in PEM');
  return der;
}
