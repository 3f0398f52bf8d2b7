/** A script with an access token for a Data Center site, which answers every `fetch` and approves every request token. */
import { generateKeyPairSync } from "node:crypto";
import { createSignedFetch } from "jwt-qsh/fetch";
import { createOAuth1Signer, signatureBaseString } from "jwt-qsh/oauth1";
import { createFakeDataCenter } from "jwt-qsh/testing";

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const baseUrl = "https://jira.example.com";
const later = Date.now() / 1000 + 3600;
const site = createFakeDataCenter({
  baseUrl,
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
export const publicPem: string = pair.publicKey;
export const token = { token: "access-token", tokenSecret: "access-token-secret" };
export const sign = createOAuth1Signer({ baseUrl, consumerKey: "my-consumer", privateKey: pem, token });
export const jira = createSignedFetch({ baseUrl, sign });
export const baseString: string = signatureBaseString({ method: "GET", url: `${baseUrl}/rest`, oauthParams: [] });

/** What the user reads off the page of approval. */
export let code = "";

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const response = await site.fetch(request);
  if (request.url.endsWith("/request-token")) {
    const requestToken = new URLSearchParams(await response.clone().text()).get("oauth_token");
    code = site.approve(requestToken ?? "").verifier;
  }
  return response;
};
