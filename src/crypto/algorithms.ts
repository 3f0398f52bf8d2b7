/**
 * The table of algorithms. Below it nothing enumerates names: everyone is handed a row.
 *
 * A row is chosen by a key, never by a token's header.
 */

export type HmacName = "HS256" | "HS384" | "HS512";

/** A keyed hash (RFC 7518 section 3.2). */
export interface HmacAlgorithm<Name extends string = string> {
  readonly family: "HMAC";
  readonly name: Name;
  readonly hash: string;
  /** The fewest bytes of a secret: those of the hash (RFC 7518 section 3.2). */
  readonly minSecret: number;
}

/** RSASSA-PKCS1-v1_5 (RFC 7518 section 3.3). */
export interface RsaAlgorithm<Name extends string = string> {
  readonly family: "RSASSA-PKCS1-v1_5";
  readonly name: Name;
  readonly hash: string;
  /** The smallest modulus, in bits. */
  readonly minModulus: number;
  /** The largest modulus, in bits: beyond it a verification is a denial of service. */
  readonly maxModulus: number;
}

function hmac<Name extends string>(name: Name, bits: number): HmacAlgorithm<Name> {
  return { family: "HMAC", name, hash: `SHA-${bits}`, minSecret: bits / 8 };
}

function rsa<Name extends string>(name: Name, hash: string, minModulus: number): RsaAlgorithm<Name> {
  return { family: "RSASSA-PKCS1-v1_5", name, hash, minModulus, maxModulus: 8192 };
}

/** The keyed hashes of a JWT. */
export const hmacAlgorithms: Readonly<Record<HmacName, HmacAlgorithm<HmacName>>> = {
  HS256: /* @__PURE__ */ hmac("HS256", 256),
  HS384: /* @__PURE__ */ hmac("HS384", 384),
  HS512: /* @__PURE__ */ hmac("HS512", 512),
};

/** The one signature of a JWT. */
export const RS256: RsaAlgorithm<"RS256"> = /* @__PURE__ */ rsa("RS256", "SHA-256", 2048);

/** The signatures of OAuth 1.0a (RFC 5849 section 3.4), where 1024-bit keys are still in the field. */
export const RSA_SHA1: RsaAlgorithm<"RSA-SHA1"> = /* @__PURE__ */ rsa("RSA-SHA1", "SHA-1", 1024);
export const RSA_SHA256: RsaAlgorithm<"RSA-SHA256"> = /* @__PURE__ */ rsa("RSA-SHA256", "SHA-256", 1024);
