/**
 * What the library can do, tried once each. An engine that lacks what a thing needs must refuse it, and say what it
 * lacks; the table says which.
 */
import * as core from "../../../dist/index.js";
import { createContextTokenClient } from "../../../dist/browser.js";
import {
  createConnectSigner,
  createConnectVerifier,
  createLifecycleVerifier,
  memoryInstallations,
  signConnectToken,
} from "../../../dist/connect.js";
import { createSignedFetch } from "../../../dist/fetch.js";
import { createForgeVerifier } from "../../../dist/forge.js";
import { createOAuth1Signer, generateKeyPair, oauth1Signature, signatureBaseString } from "../../../dist/oauth1.js";
import { createUserTokenSource } from "../../../dist/oauth2.js";
import { encryptedInstallations } from "../../../dist/stores.js";
import { signJwtSync, verifyJwtSync } from "../../../dist/sync.js";
import { streamOf } from "./streams.mjs";
import { equal, truth, utf8 } from "./verdict.mjs";

const baseUrl = "https://example.atlassian.net";
const sharedSecret = "a-shared-secret-of-at-least-32-bytes";
const target = "/rest/api/3/search?jql=a";
const app = { appKey: "com.example.app", sharedSecret, baseUrl };

const control = ({ attacks }, id) => attacks.cases.find((one) => one.id === id);
const answering = (body) => async () => new Response(body);
const requestOf = ({ input: { method, url, headers, body } }, base) =>
  new Request(base + url, { method, headers, ...(body && { body: JSON.stringify(body) }) });

async function roundTrip(alg, secret) {
  const key = core.secretKey(secret, { alg });
  const token = await core.signJwt({ iss: "a" }, key, { lifetime: 60 });
  equal((await core.verifyJwt(token, key)).claims.iss, "a", "the issuer");
}

export const abilities = {
  "query string hash": () => {
    const request = { method: "GET", url: target };
    equal(core.qsh(request), core.qsh({ ...request, method: "get" }), "the hash");
  },
  "hash of a stream": async () => {
    const builder = new core.CanonicalRequestBuilder("POST", "/a");
    await builder.appendForm(streamOf([utf8("b="), utf8("c")]));
    equal(builder.qsh(), core.qsh({ method: "POST", url: "/a?b=c" }), "the hash");
  },
  "explained hash": () => {
    const { match } = core.explainQsh(core.qsh({ method: "GET", url: "/b" }), { method: "GET", url: target });
    equal(match, "none", "the match");
  },
  "HS256": () => roundTrip("HS256", sharedSecret),
  "HS256, synchronous": () => {
    const key = core.secretKey(sharedSecret);
    equal(verifyJwtSync(signJwtSync({ iss: "a" }, key, { lifetime: 60 }), key).claims.iss, "a", "the issuer");
  },
  "HS384": () => roundTrip("HS384", sharedSecret + sharedSecret),
  "HS512": () => roundTrip("HS512", sharedSecret + sharedSecret),
  "RS256, signed": ({ oauth1 }) =>
    core.signJwt({ iss: "a" }, core.privateKey(oauth1.keys.a2048.private_pem), { lifetime: 60 }),
  "RS256, verified": ({ tokens }) => {
    const isPlain = ({ alg, request, install, forge }) => alg === "RS256" && !request && !install && !forge;
    const one = tokens.find((vector) => isPlain(vector) && vector.expect === "ok");
    return core.verifyJwt(one.token, core.publicKey(one.publicKey), { now: () => one.at });
  },
  "Connect token": () => signConnectToken({ method: "GET", url: baseUrl + target }, app),
  "Connect, signed fetch": async () => {
    const jira = createSignedFetch({ baseUrl, sign: createConnectSigner(app), fetch: answering("done") });
    equal(await (await jira(target)).text(), "done", "the answer");
  },
  "Connect verifier": async (vectors) => {
    const one = control(vectors, "A114");
    const { appKey, appBaseUrl, now } = one.options;
    const installations = (key) => one.input.tenants.find(({ clientKey }) => clientKey === key);
    const options = { appKey, baseUrl: appBaseUrl, installations, accept: ["request"], now: () => now };
    equal((await createConnectVerifier(options)(requestOf(one, appBaseUrl))).kind, "request", "the kind");
  },
  "signed install": async (vectors) => {
    const one = control(vectors, "A150");
    const { appKey, appBaseUrls, now } = one.options;
    const fetch = answering(one.input.keyServer.routes[0].body);
    const verify = createLifecycleVerifier({ appKey, baseUrl: appBaseUrls, fetch, now: () => now });
    equal((await verify(requestOf(one, appBaseUrls[0]))).event, "installed", "the event");
  },
  "Forge verifier": async (vectors) => {
    const { input, options } = control(vectors, "A186");
    const { appId, now } = options;
    const fetch = answering(input.keyServer.routes[0].body);
    const verify = createForgeVerifier({ appId, fetch, now: () => now });
    const headers = { authorization: `Bearer ${input.token}` };
    equal((await verify(new Request("https://remote.example/", { headers }))).kind, "forge", "the kind");
  },
  "token source": async () => {
    const installation = { baseUrl, oauthClientId: "client", sharedSecret };
    const body = JSON.stringify({ access_token: "a", token_type: "Bearer", expires_in: 900 });
    const source = createUserTokenSource({ installation, accountId: "user", fetch: answering(body) });
    equal((await source.getToken()).accessToken, "a", "the token");
  },
  "OAuth 1.0a base string": () => {
    const text = signatureBaseString({ method: "GET", url: `${baseUrl}/a`, oauthParams: [] });
    truth(text.startsWith("GET&"), "the base string");
  },
  "OAuth 1.0a signature": ({ oauth1 }) => oauth1Signature("a&b&c", { privateKey: oauth1.keys.a2048.private_pem }),
  "OAuth 1.0a signer": async ({ oauth1 }) => {
    const privateKey = oauth1.keys.a2048.private_pem;
    const sign = createOAuth1Signer({ baseUrl, consumerKey: "c", privateKey, token: { token: "t" } });
    truth((await sign(new Request(baseUrl + target))).headers.has("authorization"), "the header");
  },
  "key pair": () => generateKeyPair({ modulusLength: 2048 }),
  "encrypted installations": async () => {
    const store = encryptedInstallations(memoryInstallations(), sharedSecret);
    await store.save({ clientKey: "k", sharedSecret });
    equal((await store.find("k")).sharedSecret, sharedSecret, "the secret");
  },
  "context token of a page": async () => {
    const context = { getToken: async () => signJwtSync({ iss: "t" }, core.secretKey(sharedSecret), { lifetime: 900 }) };
    const client = createContextTokenClient({ context }, { baseUrl });
    equal((await client.claims()).iss, "t", "the issuer");
  },
};

/** By ability: `works`, or what the refusal says is missing; anything else is told as it is. */
export async function tryAbilities(vectors) {
  const found = {};
  for (const [name, attempt] of Object.entries(abilities)) {
    try {
      await attempt(vectors);
      found[name] = "works";
    } catch (error) {
      const isRefusal = core.isAuthError(error) && error.code === "ERR_UNSUPPORTED_RUNTIME";
      found[name] = isRefusal ? error.feature : `fails: ${error?.name}: ${error?.message}`;
    }
  }
  return found;
}
