import { createHmac } from "node:crypto";

/** The instant at which all tokens of the tests are judged, in seconds. */
export const NOW = 1_800_000_000;

/** A secret that every keyed hash takes. */
export const SECRET = "a-secret-of-the-tests-that-is-at-least-64-bytes-long-0123456789abcdef";

/** Text as a segment of a token. */
export function segment(content: string | Uint8Array): string {
  return Buffer.from(content as string).toString("base64url");
}

/** Seals what the library would not write, by node's own HMAC: two encoded segments. */
export function sealSegments(header: string, payload: string, secret: string = SECRET, hash = "sha256"): string {
  return `${header}.${payload}.${createHmac(hash, secret).update(`${header}.${payload}`).digest("base64url")}`;
}

/** Seals two texts, which need not be JSON. */
export function sealText(header: string, payload: string, secret: string = SECRET): string {
  return sealSegments(segment(header), segment(payload), secret);
}

/** Seals claims, good for a minute unless they say otherwise, under any header. */
export function seal(claims: object = {}, header: object = { alg: "HS256" }, secret: string = SECRET): string {
  return sealText(JSON.stringify(header), JSON.stringify({ exp: NOW + 60, ...claims }), secret);
}
