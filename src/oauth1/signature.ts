/**
 * The signature over a base string (RFC 5849 section 3.4).
 */
import { RSA_SHA1, RSA_SHA256 } from "../crypto/algorithms.ts";
import type { RsaAlgorithm } from "../crypto/algorithms.ts";
import { hmacBytes, rsaSigner } from "../crypto/text-signature.ts";
import { encodeBase64 } from "../encoding/pem.ts";
import { encodePercent } from "../encoding/percent.ts";
import { encodeUtf8, isWellFormed } from "../encoding/utf8.ts";
import { argumentError } from "../errors.ts";
import type { Awaitable, JsonWebKeyLike, WebCryptoKey } from "../types.ts";

/** The methods that are spoken. `PLAINTEXT` is no signature and is not among them. */
export type SignatureMethod = "RSA-SHA1" | "RSA-SHA256" | "HMAC-SHA1" | "HMAC-SHA256";

/** A row of {@link signatureMethods}. */
export type SignatureRow =
  { readonly family: "RSA"; readonly algorithm: RsaAlgorithm } | { readonly family: "HMAC"; readonly hash: string };

/** The table of methods. */
export const signatureMethods: Readonly<Record<SignatureMethod, SignatureRow>> = {
  "RSA-SHA1": { family: "RSA", algorithm: RSA_SHA1 },
  "RSA-SHA256": { family: "RSA", algorithm: RSA_SHA256 },
  "HMAC-SHA1": { family: "HMAC", hash: "SHA-1" },
  "HMAC-SHA256": { family: "HMAC", hash: "SHA-256" },
};

/** What proves the consumer: exactly one of `privateKey`, `sign` and `consumerSecret`. */
export interface ConsumerProof {
  /** `RSA-SHA1` unless told. */
  signatureMethod?: SignatureMethod;
  /** For the RSA methods: PEM (PKCS#1, PKCS#8, encrypted PKCS#8), a JWK or a `CryptoKey`, of 1024 bits or more. */
  privateKey?: string | JsonWebKeyLike | WebCryptoKey;
  /** Opens an encrypted PKCS#8 key. */
  passphrase?: string;
  /** For the RSA methods, instead of a key: signs these bytes with RSASSA-PKCS1-v1_5, for a key that stays in a KMS. */
  sign?: (bytes: Uint8Array) => Awaitable<Uint8Array>;
  /** For the HMAC methods. */
  consumerSecret?: string;
}

/** {@link ConsumerProof} for one signature. */
export interface SignatureOptions extends ConsumerProof {
  /** For the HMAC methods: the secret of the token; empty unless told. The RSA methods do not use it. */
  tokenSecret?: string;
}

/**
 * Signs a base string.
 *
 * For one signature; {@link createOAuth1Signer} imports its key once and signs many requests.
 *
 * @example
 * ```ts
 * import { oauth1Signature } from "jwt-qsh/oauth1";
 *
 * const signature = await oauth1Signature(baseString, { privateKey: pem });
 * ```
 *
 * @returns base64
 * @throws {KeyError} ERR_KEY_INVALID for a key that cannot be used
 * @throws {UnsupportedError} ERR_UNSUPPORTED_RUNTIME without `crypto.subtle`, or where the system forbids SHA-1
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 * @see RFC 5849 section 3.4
 */
export async function oauth1Signature(baseString: string, options: SignatureOptions): Promise<string> {
  if (typeof baseString !== "string") throw argumentError('"baseString"', "must be a string", "ERR_INVALID_ARG_TYPE");
  const { sign } = readProof(options);
  const tokenSecret = options.tokenSecret ?? "";
  requireWellFormed(tokenSecret, '"options.tokenSecret"');
  return sign(baseString, tokenSecret);
}

/** A proof that was checked, ready to sign. */
export interface Proof {
  readonly method: SignatureMethod;
  readonly sign: (baseString: string, tokenSecret: string) => Promise<string>;
}

/** Checks the proof once, at the door. */
export function readProof(options: ConsumerProof): Proof {
  if (typeof options !== "object" || options === null) {
    throw argumentError('"options"', "must be an object", "ERR_INVALID_ARG_TYPE");
  }
  const { signatureMethod: method = "RSA-SHA1", privateKey, passphrase, sign, consumerSecret } = options;
  if (!Object.hasOwn(signatureMethods, method)) {
    throw argumentError('"options.signatureMethod"', "must be RSA-SHA1, RSA-SHA256, HMAC-SHA1 or HMAC-SHA256");
  }
  const row = signatureMethods[method];
  const given = [privateKey, sign, consumerSecret].filter((proof) => proof !== undefined);
  if (given.length !== 1) {
    throw argumentError('"options"', 'must hold exactly one of "privateKey", "sign" and "consumerSecret"');
  }
  if (row.family === "HMAC") {
    if (consumerSecret === undefined) throw argumentError('"options.consumerSecret"', `must be given for ${method}`);
    requireWellFormed(consumerSecret, '"options.consumerSecret"');
    return { method, sign: hmacSign(row.hash, consumerSecret) };
  }
  if (consumerSecret !== undefined) {
    throw argumentError('"options.signatureMethod"', 'must be HMAC-SHA1 or HMAC-SHA256 with "consumerSecret"');
  }
  if (sign !== undefined && typeof sign !== "function") {
    throw argumentError('"options.sign"', "must be a function", "ERR_INVALID_ARG_TYPE");
  }
  return { method, sign: rsaSign(sign ?? rsaSigner(privateKey as string, row.algorithm, passphrase)) };
}

/** Section 3.4.3: neither secret enters. */
function rsaSign(sign: (bytes: Uint8Array) => Awaitable<Uint8Array>): Proof["sign"] {
  return async (baseString) => {
    const signature = await sign(encodeUtf8(baseString));
    if (!ArrayBuffer.isView(signature)) {
      throw argumentError('"options.sign"', "must return a Uint8Array", "ERR_INVALID_ARG_TYPE");
    }
    return encodeBase64(signature);
  };
}

/** Section 3.4.2. */
function hmacSign(hash: string, consumerSecret: string): Proof["sign"] {
  return async (baseString, tokenSecret) =>
    encodeBase64(await hmacBytes(hash, hmacKey(consumerSecret, tokenSecret), encodeUtf8(baseString)));
}

/** The key of the HMAC methods. The `&` stands there also where a secret is empty. */
export function hmacKey(consumerSecret: string, tokenSecret: string): string {
  return `${encodePercent(consumerSecret)}&${encodePercent(tokenSecret)}`;
}

/** A string that has one UTF-8 form. */
export function requireWellFormed(text: unknown, label: string): asserts text is string {
  if (typeof text !== "string") throw argumentError(label, "must be a string", "ERR_INVALID_ARG_TYPE");
  if (!isWellFormed(text)) throw argumentError(label, "must be well-formed Unicode");
}
