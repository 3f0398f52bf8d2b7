/** The peers that run everywhere: they speak WebCrypto, or compute nothing but JavaScript. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import * as tsndr from "@tsndr/cloudflare-worker-jwt";
import * as hono from "hono/jwt";
import { importSPKI, jwtVerify, SignJWT } from "jose";
import { APP_KEY, importSecret } from "./fixtures.mjs";

/** Each with the imported key, which is what their documentation advises for hot paths. */
export async function portablePeers() {
  const key = await importSecret();
  return {
    jose: {
      sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(key),
      verify: async (token) => (await jwtVerify(token, key, { algorithms: ["HS256"] })).payload,
    },
    "hono/jwt": {
      sign: (claims) => hono.sign(claims, key, "HS256"),
      verify: (token) => hono.verify(token, key, "HS256"),
    },
    "@tsndr/cloudflare-worker-jwt": {
      sign: (claims) => tsndr.sign(claims, key),
      verify: async (token) => (await tsndr.verify(token, key))?.payload,
    },
  };
}

export async function joseRsa(pem) {
  const key = await importSPKI(pem, "RS256");
  return async (token) => (await jwtVerify(token, key, { algorithms: ["RS256"] })).payload;
}

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The query string hash as one writes it in an afternoon: `URL`, `URLSearchParams` and noble. */
export function plainQsh(method, url) {
  const { pathname, searchParams } = new URL(url, "https://example.com");
  const byName = new Map();
  for (const [name, value] of searchParams) {
    if (name === "jwt") continue;
    if (!byName.has(name)) byName.set(name, []);
    byName.get(name).push(value);
  }
  const pairs = [...byName].map(([name, values]) => [encode(name), values.sort().map(encode).join(",")]);
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return bytesToHex(sha256(utf8ToBytes(`${method}&${pathname}&${pairs.map((pair) => pair.join("=")).join("&")}`)));
}

/** A whole client and a whole server of jose and {@link plainQsh}. */
export async function joseConnect() {
  const { jose } = await portablePeers();
  return {
    outbound(url) {
      const iat = Math.floor(Date.now() / 1000);
      return jose.sign({ iss: APP_KEY, iat, exp: iat + 180, qsh: plainQsh("GET", url) });
    },
    async inbound(request) {
      const claims = await jose.verify(request.headers.get("authorization").slice(4));
      if (claims.qsh !== plainQsh(request.method, request.url)) throw new Error("wrong qsh");
      return claims;
    },
  };
}
