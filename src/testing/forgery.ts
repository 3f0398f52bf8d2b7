import type { JsonObject } from "../types.ts";
import { encodeBase64url, utf8 } from "./encoding.ts";
import { signHmac, signRsa, signingInputOf } from "./jws.ts";
import { generateRingKey, type RingKey } from "./key-ring.ts";

/** A classic attack on a token, or a classic mistake: what a verifier must refuse. */
export type TokenForgery =
  // claims
  | "expired"
  | "not-yet-valid"
  | "no-exp"
  | "no-issuer"
  | "wrong-issuer"
  | "wrong-audience"
  | "no-qsh"
  | "context-qsh"
  | "wrong-qsh"
  // header
  | "no-kid"
  | "unknown-kid"
  | "path-kid"
  | "crit"
  // signature
  | "alg-none"
  | "wrong-alg"
  | "wrong-key"
  | "no-signature"
  | "tampered"
  // RS256 tokens only
  | "pem-as-secret"
  | "hmac-with-secret";

interface Draft {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** Who signs: a tenant's secret, or a key pair (with the secret that an attacker would try instead). */
export type Signer = { readonly secret: string } | { readonly key: RingKey; readonly knownSecret: string };

/** Signs a token; with a forgery, signs or mis-signs a bad one. @param now seconds */
export async function mint(draft: Draft, signer: Signer, now: number, forgery?: TokenForgery): Promise<string> {
  const { header, claims } = forgery === undefined ? draft : altered(draft, forgery, now);
  if ("secret" in signer) {
    switch (forgery) {
      case "pem-as-secret":
      case "hmac-with-secret":
        throw new TypeError('"options.forgery" must be one that fits an HS256 token');
      case "wrong-key":
        return signHmac(header, claims, `not-${signer.secret}`);
      case "wrong-alg":
        return signHmac({ ...header, alg: "HS512" }, claims, signer.secret, "SHA-512");
      default:
        return damaged(await signHmac(header, claims, signer.secret), header, claims, forgery);
    }
  }
  switch (forgery) {
    case "pem-as-secret":
      return signHmac({ ...header, alg: "HS256" }, claims, signer.key.pem);
    case "hmac-with-secret":
      return signHmac({ ...header, alg: "HS256" }, claims, signer.knownSecret);
    case "wrong-key":
      return signRsa(header, claims, (await generateRingKey(signer.key.kid)).privateKey);
    case "wrong-alg":
      return signRsa({ ...header, alg: "RS512" }, claims, signer.key.privateKey);
    default:
      return damaged(await signRsa(header, claims, signer.key.privateKey), header, claims, forgery);
  }
}

/** Forgeries that go under a good signature. `undefined` takes a member away. */
function altered({ header, claims }: Draft, forgery: TokenForgery, now: number): Draft {
  const time = Math.floor(now);
  const inClaims: Partial<Record<TokenForgery, JsonObject>> = {
    expired: { iat: time - 7200, exp: time - 3600, ...("nbf" in claims ? { nbf: time - 7200 } : {}) },
    "not-yet-valid": { iat: time + 3600, nbf: time + 3600, exp: time + 7200 },
    "no-exp": { exp: undefined },
    "no-issuer": { iss: undefined },
    "wrong-issuer": { iss: "somebody-else" },
    "wrong-audience": { aud: ["https://attacker.example"] },
    "no-qsh": { qsh: undefined },
    "context-qsh": { qsh: "context-qsh" },
    "wrong-qsh": { qsh: "0".repeat(64) },
  };
  const inHeader: Partial<Record<TokenForgery, JsonObject>> = {
    "no-kid": { kid: undefined },
    "unknown-kid": { kid: "00000000-0000-4000-8000-000000000000" },
    "path-kid": { kid: "../../etc/passwd" },
    crit: { crit: ["b64"], b64: true },
  };
  return { header: { ...header, ...inHeader[forgery] }, claims: { ...claims, ...inClaims[forgery] } };
}

/** Forgeries that break what was signed. */
function damaged(token: string, header: JsonObject, claims: JsonObject, forgery: TokenForgery | undefined): string {
  const [head = "", , signature = ""] = token.split(".");
  switch (forgery) {
    case "alg-none":
      return `${signingInputOf({ ...header, alg: "none" }, claims)}.`;
    case "no-signature":
      return token.slice(0, token.lastIndexOf(".") + 1);
    case "tampered":
      return `${head}.${encodeBase64url(utf8(JSON.stringify({ ...claims, sub: "attacker" })))}.${signature}`;
    default:
      return token;
  }
}
