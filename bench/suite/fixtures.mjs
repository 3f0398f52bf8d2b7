/** What every contestant is given: the claims of a Connect token, requests, keys. Nothing here is measured. */

/** As long as the shared secret of an installation. */
export const SECRET = "ATCOa5c3eb7f0d4c49d2b1e38f4f0c9f7c3dX1";
export const secretBytes = new TextEncoder().encode(SECRET);

/** So many different inputs are taken in turn, so that no engine learns one by heart. */
const POOL = 256;
export const pick = (list) => (i) => list[i & (POOL - 1)];
const pool = (make) => Array.from({ length: POOL }, (_, i) => make(i));

const EXPIRES = 4102444800;
const hash = (i) => (((i + 1) * 0x9e3779b1) >>> 0).toString(16).padStart(8, "0").repeat(8);

export const claims = pool((i) => ({ iss: `com.example.my-connect-app-${100 + i}`, iat: 1763757600 + i, exp: EXPIRES + i, qsh: hash(i) }));

/** Text in one piece, as it comes off the wire: what was concatenated may still be in parts. */
export const flat = (text) => JSON.parse(JSON.stringify(text));

export const base64urlOf = (binary) => btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const binaryOf = (bytes) => String.fromCharCode(...new Uint8Array(bytes));

export const importSecret = () => crypto.subtle.importKey("raw", secretBytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);

/** Tokens made with the platform alone. */
export async function makeTokens(claimsSets, key, algorithm = "HS256") {
  const header = base64urlOf(JSON.stringify({ typ: "JWT", alg: algorithm }));
  const tokens = [];
  for (const set of claimsSets) {
    const input = `${header}.${base64urlOf(JSON.stringify(set))}`;
    const signature = await crypto.subtle.sign(key.algorithm.name, key, new TextEncoder().encode(input));
    tokens.push(flat(`${input}.${base64urlOf(binaryOf(signature))}`));
  }
  return tokens;
}

export const sha256HexOf = async (text) => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** A query like a search: plain words, escapes and plus signs, names out of order, one name in ten repeated. */
export function query(parameters, salt = 0) {
  const words = ["10", "project%20%3D%20TEST", "summary%2Cstatus", "caf%C3%A9", "a+b", "2026-11-21", "x%2By"];
  const pairs = Array.from({ length: parameters }, (_, i) => {
    const number = ((i * 7919 + salt) % 100000).toString(36);
    return `${i % 10 === 9 ? "field" : `p${number}`}=${words[(i + salt) % words.length]}`;
  });
  return pairs.join("&");
}

/** Targets of one path and so many parameters. */
export const targets = (parameters) =>
  pool((i) => flat(`/rest/api/3/issue/TEST-${i}${parameters === 0 ? "" : "?"}${query(parameters, i)}`));

export const BASE_URL = "https://example.atlassian.net";
export const APP_KEY = "com.example.app";
