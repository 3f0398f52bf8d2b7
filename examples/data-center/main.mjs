// Against the embedded fake site: npm run build && node examples/data-center/main.mjs
import { createSignedFetch } from "jwt-qsh/fetch";
import { createOAuth1Consumer, generateKeyPair } from "jwt-qsh/oauth1";
import { createFakeDataCenter } from "jwt-qsh/testing";
import { checkLicense } from "./licenses.mjs";

const start = 1_800_000_000;
let now = start;
const { privateKey, publicKey } = await generateKeyPair({ modulusLength: 2048 });
const baseUrl = "https://jira.example.com/jira";
const licenses = [
  { key: "jira-software", name: "Jira Software", activeUsers: 42, licensedUsers: 50, expiresAt: start + 100 * 86_400 },
];
const consumers = [{ consumerKey: "monitor", signatureMethod: "RSA-SHA1", publicKey }];
const site = createFakeDataCenter({ baseUrl, consumers, licenses, now: () => now });

// The dance, with the user's part played by the fake site.
const consumer = createOAuth1Consumer({
  baseUrl,
  consumerKey: "monitor",
  privateKey,
  fetch: site.fetch,
  now: () => now,
});
const requestToken = await consumer.requestToken({ callback: "oob" });
const { verifier } = site.approve(requestToken.token);
const accessToken = await consumer.accessToken(requestToken, verifier);

const jira = createSignedFetch({ baseUrl, sign: consumer.signer(accessToken), fetch: site.fetch });
const limits = { seats: { warn: 5, critical: 1 }, days: { warn: 30, critical: 7 } };
for (const days of [0, 75, 95, 101]) {
  now = start + days * 86_400;
  const { code, line } = await checkLicense(jira, "jira-software", limits, now * 1000);
  console.log(`${code} ${line}`);
}
