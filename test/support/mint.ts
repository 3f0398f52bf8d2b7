/** Tokens by node:crypto: a witness that shares nothing with the code under test. */
import { createHash, createHmac, createSign } from "node:crypto";

function segment(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A token signed with HS256. */
export function mintHs256(claims: object, secret: string | Uint8Array, header: object = {}): string {
  const input = `${segment({ typ: "JWT", alg: "HS256", ...header })}.${segment(claims)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

/** A token signed with RS256. */
export function mintRs256(claims: object, privateKeyPem: string, header: object = {}): string {
  const input = `${segment({ alg: "RS256", ...header })}.${segment(claims)}`;
  return `${input}.${createSign("RSA-SHA256").update(input).sign(privateKeyPem, "base64url")}`;
}

/** The SHA-256 of a canonical request that is written out by hand. */
export function hashOf(canonical: string): string {
  return createHash("sha256").update(canonical).digest("hex");
}
