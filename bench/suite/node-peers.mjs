/** The peers that stand on Node's own crypto, which Deno and Bun have too. */
import { createHmac, createPublicKey, createSecretKey, hash, verify } from "node:crypto";
import atlassian from "atlassian-jwt";
import { createSigner, createVerifier } from "fast-jwt";
import jsonwebtoken from "jsonwebtoken";
import jwtSimple from "jwt-simple";
import OAuth from "oauth-1.0a";
import { APP_KEY, BASE_URL, SECRET, secretBytes } from "./fixtures.mjs";

const keyObject = createSecretKey(secretBytes);
const HS256 = { algorithms: ["HS256"] };

export function nodePeers() {
  const cached = createVerifier({ key: SECRET, ...HS256, cache: 1000 });
  return {
    "fast-jwt": { sign: createSigner({ key: SECRET, algorithm: "HS256" }), verify: createVerifier({ key: SECRET, ...HS256 }) },
    "fast-jwt, cache hit": { verify: cached },
    "atlassian-jwt": {
      sign: (claims) => atlassian.encodeSymmetric(claims, SECRET, "HS256"),
      verify: (token) => atlassian.decodeSymmetric(token, SECRET, "HS256"),
    },
    "jwt-simple": {
      sign: (claims) => jwtSimple.encode(claims, SECRET, "HS256"),
      verify: (token) => jwtSimple.decode(token, SECRET, false, "HS256"),
    },
    // With a string it is sixty times slower on Node 20: it tries to read the secret as a private key first.
    "jsonwebtoken (KeyObject)": {
      sign: (claims) => jsonwebtoken.sign(claims, keyObject),
      verify: (token) => jsonwebtoken.verify(token, keyObject, HS256),
    },
  };
}

export const atlassianConnect = {
  qsh: (method, url) => atlassian.createQueryStringHash(atlassian.fromMethodAndUrl(method, url), false, ""),
  outbound(url) {
    const iat = Math.floor(Date.now() / 1000);
    const qsh = atlassian.createQueryStringHash(atlassian.fromMethodAndUrl("GET", url), false, BASE_URL);
    return atlassian.encodeSymmetric({ iss: APP_KEY, iat, exp: iat + 180, qsh }, SECRET, "HS256");
  },
  inbound(request) {
    const claims = atlassian.decodeSymmetric(request.headers.get("authorization").slice(4), SECRET, "HS256");
    if (claims.exp < Date.now() / 1000) throw new Error("expired");
    const { method, url } = request;
    if (claims.qsh !== atlassian.createQueryStringHash(atlassian.fromMethodAndUrl(method, url), false, "")) {
      throw new Error("wrong qsh");
    }
    return claims;
  },
};

export const fastJwtRsa = (pem) => createVerifier({ key: pem, algorithms: ["RS256"] });

export function oauthBaseString(consumerKey) {
  const oauth = new OAuth({ consumer: { key: consumerKey, secret: "" }, signature_method: "RSA-SHA1", hash_function: () => "" });
  return (method, url, parameters) => oauth.getBaseString({ method, url, data: {} }, parameters);
}

/** What is under everything: one call of OpenSSL or BoringSSL. */
export const nativeFloor = {
  hmac: (input) => createHmac("sha256", keyObject).update(input).digest("base64url"),
  hash: hash === undefined ? undefined : (bytes) => hash("sha256", bytes, "hex"),
  rsa(pem) {
    const key = createPublicKey(pem);
    return (input, signature) => verify("sha256", input, key, signature);
  },
};
