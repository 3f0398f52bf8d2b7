/** A Connect token, what an app knows about it, and what is found: for the tests of `explainToken`. */
import { explainToken } from "../../src/connect/explain.ts";
import type { ExplainTokenContext, TokenExplanation } from "../../src/connect/explain.ts";
import { hashOf, mintHs256 } from "./mint.ts";
import { NOW } from "./token.ts";

export const APP = "com.example.app";
export const CLIENT = "5a1f9e1c-tenant";
export const SECRET = "the shared secret of one tenant, as text";

export const times = { iat: NOW - 5, exp: NOW + 175 };
export const inbound = { iss: CLIENT, ...times, qsh: hashOf("GET&/page&id=1") };
export const request = { method: "GET", url: "/page?id=1" };
export const now = (): number => NOW;

/** All that an app may know. */
export const known: ExplainTokenContext = {
  appKey: APP,
  clientKey: CLIENT,
  sharedSecret: SECRET,
  baseUrl: "https://app.example.com",
  request,
  accept: ["request"],
  now,
};

/** Of a token with these claims, well signed. */
export function explain(claims: object, context: ExplainTokenContext = {}): Promise<TokenExplanation> {
  return explainToken(mintHs256(claims, SECRET), { ...known, ...context });
}

export function codes({ findings }: TokenExplanation): string[] {
  return findings.map(({ code }) => code);
}

/** The codes of what gets the token refused. */
export function faults({ findings }: TokenExplanation): string[] {
  return findings.filter(({ level }) => level === "error").map(({ code }) => code);
}
