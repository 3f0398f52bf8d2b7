import type { JsonObject, WebCryptoKey } from "../types.ts";
import { decodeBase64url, encodeBase64url, utf8 } from "./encoding.ts";

/** A token taken apart, nothing of it believed yet. */
export interface ParsedToken {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly signingInput: Uint8Array;
  readonly signature: Uint8Array;
}

/** Takes a compact JWS apart; `undefined` when it is none. */
export function parseToken(token: string): ParsedToken | undefined {
  const [header, payload, mac, ...rest] = token.split(".", 4);
  if (header === undefined || payload === undefined || mac === undefined || rest.length > 0) return undefined;
  const signature = decodeBase64url(mac);
  const parsedHeader = jsonObject(decodeBase64url(header));
  const claims = jsonObject(decodeBase64url(payload));
  if (signature === undefined || parsedHeader === undefined || claims === undefined) return undefined;
  return { header: parsedHeader, claims, signingInput: utf8(`${header}.${payload}`), signature };
}

function jsonObject(bytes: Uint8Array | undefined): Record<string, unknown> | undefined {
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined; // neither UTF-8 nor JSON: no token
  }
}

/** The part of a token that is signed. */
export function signingInputOf(header: JsonObject, claims: JsonObject): string {
  return `${segment(header)}.${segment(claims)}`;
}

function segment(value: JsonObject): string {
  return encodeBase64url(utf8(JSON.stringify(value)));
}

/** The secret's bytes are its UTF-8, verbatim. */
async function hmacKey(secret: string, hash: string): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash };
  return crypto.subtle.importKey("raw", utf8(secret) as BufferSource, algorithm, false, ["sign", "verify"]);
}

/** Signs with HMAC. @param header its `alg` is what the token says; the hash is what is done */
export async function signHmac(
  header: JsonObject,
  claims: JsonObject,
  secret: string,
  hash: string = "SHA-256",
): Promise<string> {
  const input = signingInputOf(header, claims);
  const mac = await crypto.subtle.sign("HMAC", await hmacKey(secret, hash), utf8(input) as BufferSource);
  return `${input}.${encodeBase64url(new Uint8Array(mac))}`;
}

export async function verifyHmac(token: ParsedToken, secret: string): Promise<boolean> {
  const key = await hmacKey(secret, "SHA-256");
  return crypto.subtle.verify("HMAC", key, token.signature as BufferSource, token.signingInput as BufferSource);
}

/** Signs with RSASSA-PKCS1-v1_5; the key brings its hash. */
export async function signRsa(header: JsonObject, claims: JsonObject, key: WebCryptoKey): Promise<string> {
  const input = signingInputOf(header, claims);
  const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, utf8(input) as BufferSource);
  return `${input}.${encodeBase64url(new Uint8Array(signature))}`;
}
