/**
 * What the pages about Data Center take for granted: a key, an access token, and a site that answers every `fetch`. Its
 * user approves every request token, by a code or in the browser. A proxy in front of it is set up badly at one path.
 */
import { createFakeDataCenter } from "jwt-qsh/testing";
import { generateKeyPairSync, sign as signWithNode } from "node:crypto";

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const later = Date.now() / 1000 + 3600;
const site = createFakeDataCenter({
  baseUrl: "https://jira.example.com",
  consumers: [{ consumerKey: "my-consumer", signatureMethod: "RSA-SHA1", publicKey: pair.publicKey }],
  accessTokens: [
    {
      token: "access-token",
      secret: "access-token-secret",
      consumerKey: "my-consumer",
      user: "ada",
      expiresAt: later,
      sessionHandle: "session",
      sessionExpiresAt: later,
    },
  ],
});

export const pem: string = pair.privateKey;
export const baseUrl = "https://jira.example.com";
export const saved = { token: "access-token", tokenSecret: "access-token-secret" };

/** What the user reads off the page of approval, and where the browser is sent instead. */
export let code = "";
export let callbackUrl = "";

/** Signs with a key that stays where it is: RSASSA-PKCS1-v1_5 over SHA-1. */
export const kms = {
  sign: (bytes: Uint8Array): Promise<Uint8Array> => Promise.resolve(signWithNode("sha1", bytes, pair.privateKey)),
};

/** Where a log goes. */
export const told: string[] = [];

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (request.url.endsWith("/rest/api/2/project")) {
    await site.fetch(request.clone());
    const signed = site.log.at(-1)?.baseString ?? "";
    const seen = signed.replace("https%3A%2F%2Fjira.example.com", "http%3A%2F%2Fjira.example.com%3A8080");
    site.complain("signature_invalid", { parameters: [["oauth_signature_base_string", seen]] });
  }
  const response = await site.fetch(request);
  if (request.url.endsWith("/request-token")) {
    const requestToken = new URLSearchParams(await response.clone().text()).get("oauth_token");
    const consent = site.approve(requestToken ?? "");
    code = consent.verifier;
    callbackUrl = consent.callbackUrl ?? "";
  }
  return response;
};
