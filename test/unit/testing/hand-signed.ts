import { createHash, createHmac, createPublicKey, verify } from "node:crypto";

/** The claims of a token for one call, its hash over a canonical request that the test writes by hand. */
export function claimsFor(iss: string, canonical: string, now: number): Record<string, unknown> {
  const qsh = createHash("sha256").update(canonical).digest("hex");
  return { iss, iat: now, exp: now + 180, qsh };
}

/** A token by `node:crypto` and nothing else. */
export function handSigned(claims: object, secret: string, header: object = { typ: "JWT", alg: "HS256" }): string {
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

/** Reads a token that the host made, after checking its HMAC by `node:crypto`. */
export function handVerified(token: string, secret: string): { header: Claims; claims: Claims } {
  const [header = "", payload = "", mac = ""] = token.split(".");
  const expected = createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url");
  if (mac !== expected) throw new Error("the HMAC does not match");
  return decoded(token);
}

export type Claims = Record<string, unknown>;

/** Reads a token that the host made, after checking its RS256 signature by `node:crypto`. */
export function handVerifiedRsa(token: string, pem: string): { header: Claims; claims: Claims } {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const input = Buffer.from(`${header}.${payload}`);
  if (!verify("sha256", input, createPublicKey(pem), Buffer.from(signature, "base64url"))) {
    throw new Error("the signature does not match");
  }
  return decoded(token);
}

/** Reads a token and believes it. */
export function decoded(token: string): { header: Claims; claims: Claims } {
  const [header = "", payload = ""] = token.split(".");
  const read = (part: string): Claims => JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Claims;
  return { header: read(header), claims: read(payload) };
}

/** The token in an `Authorization` header. */
export function credentialOf(request: Request, scheme: string = "JWT"): string {
  return (request.headers.get("authorization") ?? "").slice(scheme.length + 1);
}
