/** The OAuth 1.0a dance with a Data Center site that verifies with code of its own. */
import { createSignedFetch } from "../../../dist/fetch.js";
import { createOAuth1Consumer, generateKeyPair } from "../../../dist/oauth1.js";
import { createFakeDataCenter } from "../../../dist/testing.js";
import { HOST_NEEDS } from "./connect.mjs";
import { equal, outcome, settled, truth } from "./verdict.mjs";

const BASE = "https://jira.example.com/jira";
const NOW = 1_800_000_000;

function stage(pair, quirks = {}) {
  const consumers = [{ consumerKey: "script", signatureMethod: "RSA-SHA1", publicKey: pair.publicKey }];
  const site = createFakeDataCenter({ baseUrl: BASE, now: () => NOW, quirks, consumers });
  const { privateKey } = pair;
  const consumer = createOAuth1Consumer({
    baseUrl: BASE,
    consumerKey: "script",
    privateKey,
    fetch: site.fetch,
    now: () => NOW,
  });
  const dance = async () => {
    const requestToken = await consumer.requestToken({ callback: "oob" });
    return consumer.accessToken(requestToken, site.approve(requestToken.token).verifier);
  };
  const call = (token) => createSignedFetch({ baseUrl: BASE, sign: consumer.signer(token), fetch: site.fetch });
  return { site, consumer, dance, call };
}

export function danceCases({ oauth1 }, { add }) {
  const on = (name, run) => add(name, run, ...HOST_NEEDS);
  const { private_pem: privateKey, public_spki_pem: publicKey } = oauth1.keys.a2048;
  const pair = { privateKey, publicKey };
  on("leads to calls as the user, with a form too", async () => {
    const { site, dance, call } = stage(pair);
    const jira = call(await dance());
    const response = await jira("/rest/api/2/myself");
    equal([response.status, response.headers.get("x-ausername")], [200, site.users[0].name], "as whom");
    await jira("/rest/api/2/search?jql=a+b", { method: "POST", body: new URLSearchParams({ x: "ü~!" }) });
    equal(site.log[site.log.length - 1].verdict, "accepted", "the form");
  });
  on("with a key pair that was made here", async () => {
    const { dance } = stage(await generateKeyPair({ modulusLength: 2048 }));
    truth(typeof (await dance()).token === "string", "the token");
  });
  on("with a callback, and where the user refuses", async () => {
    const { site, consumer } = stage(pair);
    const callback = "http://localhost:8765/cb?state=1";
    const first = await consumer.requestToken({ callback });
    const { verifier } = consumer.parseCallback(site.approve(first.token).callbackUrl, first);
    truth(typeof (await consumer.accessToken(first, verifier)).token === "string", "the token");
    equal(await outcome(() => consumer.accessToken(first, verifier)), "ERR_OAUTH1_PROBLEM", "a second time");
    const second = await consumer.requestToken({ callback });
    const { callbackUrl } = site.deny(second.token);
    const { error } = await settled(() => consumer.parseCallback(callbackUrl, second));
    equal(error?.problem, "permission_denied", "the problem");
  });
  on("sets the clock by the server's, once", async () => {
    const { site, dance, call } = stage(pair, { skewSeconds: -7200 });
    equal((await call(await dance())("/rest/api/2/myself")).status, 200, "the call");
    equal(site.log.filter(({ verdict }) => verdict === "timestamp_refused").length, 1, "refusals");
  });
  on("renews where the site can", async () => {
    const { consumer, dance, call } = stage(pair, { renewal: true });
    const token = await dance();
    const renewed = await consumer.renew(token);
    truth(renewed.token !== token.token, "another token");
    equal((await call(renewed)("/rest/api/2/myself")).status, 200, "the call");
    equal((await call(token)("/rest/api/2/myself")).status, 401, "the former one");
  });
}
