/**
 * What is raced. A scenario is handed the peers of its runtime and makes its cases; the floor of each, what no library
 * can go below, stands among them.
 */
import * as ours from "./ours.mjs";
import * as data from "./fixtures.mjs";
import { joseConnect, joseRsa, plainQsh, portablePeers } from "./portable-peers.mjs";

const { pick } = data;
const sync = (run, check) => ({ kind: "sync", run, check });
const sequential = (run, check) => ({ kind: "sequential", run, check });
const concurrent = (run, check) => ({ kind: "concurrent", run, check });
const encoder = new TextEncoder();

/** All that sign or verify, by name. */
async function signers({ node, noble }) {
  const key = ours.secretKey(data.SECRET);
  const ownSync = ({ signJwtSync, verifyJwtSync, secretKey }) => {
    const own = secretKey(data.SECRET);
    return { sign: (claims) => signJwtSync(claims, own), verify: (token) => verifyJwtSync(token, own).claims };
  };
  return {
    sync: { "jwt-qsh/sync": ownSync(ours), "jwt-qsh/sync, noble": ownSync(noble), ...node?.nodePeers() },
    async: {
      "jwt-qsh": { sign: (claims) => ours.signJwt(claims, key), verify: async (token) => (await ours.verifyJwt(token, key)).claims },
      ...(await portablePeers()),
    },
  };
}

const sameIssuer = (result) => result?.iss === data.claims[0].iss;

/** `at once` returns the token, the others a promise: awaited one after the other, or 64 of them together. */
async function signing(peers, how) {
  const contestants = await signers(peers);
  const secret = await data.importSecret();
  const claims = pick(data.claims);
  const made = await data.makeTokens(data.claims, secret);
  const inputs = pick(made.map((token) => data.flat(token.slice(0, token.lastIndexOf(".")))));
  const verifies = async (token) => {
    const [header, payload, signature] = token.split(".");
    const bytes = Uint8Array.from(atob(signature.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    return crypto.subtle.verify("HMAC", secret, bytes, encoder.encode(`${header}.${payload}`));
  };
  if (how === "sync") {
    return {
      ...nativeFloor(peers, inputs),
      ...cases(contestants.sync, ({ sign }) => sign && sync((i) => sign(claims(i)), verifies)),
    };
  }
  const kind = how === "concurrent" ? concurrent : sequential;
  const inputBytes = pick(made.map((token) => encoder.encode(token.slice(0, token.lastIndexOf(".")))));
  return {
    "floor: crypto.subtle": kind((i) => crypto.subtle.sign("HMAC", secret, inputBytes(i))),
    ...cases(contestants.async, ({ sign }) => kind((i) => sign(claims(i)), verifies)),
  };
}

async function verifying(peers, how) {
  const contestants = await signers(peers);
  const secret = await data.importSecret();
  const made = await data.makeTokens(data.claims, secret);
  const tokens = pick(made);
  const inputs = pick(made.map((token) => data.flat(token.slice(0, token.lastIndexOf(".")))));
  if (how === "sync") {
    return {
      ...nativeFloor(peers, inputs),
      ...cases(contestants.sync, ({ verify }) => sync((i) => verify(tokens(i)), sameIssuer)),
    };
  }
  const kind = how === "concurrent" ? concurrent : sequential;
  const inputBytes = pick(made.map((token) => encoder.encode(token.slice(0, token.lastIndexOf(".")))));
  const signature = new Uint8Array(32);
  return {
    "floor: crypto.subtle": kind((i) => crypto.subtle.verify("HMAC", secret, signature, inputBytes(i))),
    ...cases(contestants.async, ({ verify }) => kind((i) => verify(tokens(i)), sameIssuer)),
  };
}

const nativeFloor = ({ node }, inputs) => (node === undefined ? {} : { "floor: native HMAC": sync((i) => node.nativeFloor.hmac(inputs(i))) });

function cases(contestants, make) {
  const made = Object.entries(contestants).map(([name, one]) => [name, make(one)]);
  return Object.fromEntries(made.filter(([, one]) => one !== undefined));
}

/** The parts that signing and verifying cannot do without, each alone. Their sum is the limit. */
async function parts({ node, noble }) {
  const signed = await signing({ node, noble }, "sync");
  const verified = await verifying({ node, noble }, "sync");
  const made = await data.makeTokens(data.claims, await data.importSecret());
  const claims = pick(data.claims);
  const jsons = pick(data.claims.map((set) => data.flat(JSON.stringify(set))));
  const payloads = pick(made.map((token) => data.flat(token.split(".")[1])));
  const inputs = pick(made.map((token) => data.flat(token.slice(0, token.lastIndexOf(".")))));
  const signature = made[0].slice(-43);
  const tokens = pick(made);
  return {
    sign: signed["jwt-qsh/sync"],
    verify: verified["jwt-qsh/sync"],
    ...(node === undefined ? {} : { HMAC: signed["floor: native HMAC"] }),
    "JSON.stringify": sync((i) => JSON.stringify(claims(i))),
    "JSON.parse": sync((i) => JSON.parse(jsons(i))),
    "base64url encode": sync((i) => data.base64urlOf(jsons(i))),
    "base64url decode": sync((i) => atob(payloads(i).replaceAll("-", "+").replaceAll("_", "/"))),
    "UTF-8 encode": sync((i) => encoder.encode(inputs(i))),
    "strings joined": sync((i) => `${inputs(i)}.${signature}`),
    "strings cut": sync((i) => {
      const token = tokens(i);
      const first = token.indexOf(".");
      const second = token.indexOf(".", first + 1);
      return token.slice(0, first) + token.slice(first + 1, second) + token.slice(second + 1);
    }),
  };
}

/** `parameters` in the query, from a URL to 64 hex digits. */
async function hashing({ node, noble }, parameters) {
  const urls = data.targets(parameters);
  const canonical = pick(urls.map((url) => encoder.encode(ours.canonicalRequest({ method: "GET", url }))));
  const url = pick(urls);
  const expected = plainQsh("GET", urls[0]);
  const check = (hash) => hash === expected;
  return {
    ...(node?.nativeFloor.hash === undefined ? {} : { "floor: native hash": sync((i) => node.nativeFloor.hash(canonical(i)), check) }),
    "jwt-qsh": sync((i) => ours.qsh({ method: "GET", url: url(i) }), check),
    "jwt-qsh, noble": sync((i) => noble.qsh({ method: "GET", url: url(i) }), check),
    ...(node === undefined ? {} : { "atlassian-jwt": sync((i) => node.atlassianConnect.qsh("GET", url(i)), check) }),
    "URLSearchParams + noble": sync((i) => plainQsh("GET", url(i)), check),
  };
}

/** From a URL to a token that is bound to it. */
async function outbound({ node }) {
  const urls = pick(data.targets(3).map((target) => data.flat(data.BASE_URL + target)));
  const client = (engine) => ({ appKey: data.APP_KEY, sharedSecret: ours.secretKey(data.SECRET), baseUrl: data.BASE_URL, ...engine });
  const sign = (options) => (i) => ours.signConnectToken({ method: "GET", url: urls(i) }, options);
  const { outbound: jose } = await joseConnect();
  return {
    "jwt-qsh, sync engine": sequential(sign(client({ engine: ours.syncEngine }))),
    "jwt-qsh": sequential(sign(client())),
    "jwt-qsh, 64 at a time": concurrent(sign(client())),
    ...(node === undefined ? {} : { "atlassian-jwt": sync((i) => node.atlassianConnect.outbound(urls(i))) }),
    "jose + URLSearchParams": sequential((i) => jose(urls(i))),
    "jose + URLSearchParams, 64 at a time": concurrent((i) => jose(urls(i))),
  };
}

/** From a request to who sent it. */
async function inbound({ node }) {
  const baseUrl = "https://app.example.com";
  const urls = data.targets(3).map((target) => baseUrl + target);
  const clientKey = "b1e38f4f-0c9f-7c3d-a5c3-eb7f0d4c49d2";
  const sets = urls.map((url) => ({ iss: clientKey, iat: Math.floor(Date.now() / 1000), exp: data.claims[0].exp, qsh: plainQsh("GET", url) }));
  const tokens = await data.makeTokens(sets, await data.importSecret());
  const requests = pick(urls.map((url, i) => new Request(url, { headers: { authorization: `JWT ${tokens[i]}` } })));
  const installation = { clientKey, sharedSecret: data.SECRET };
  const settings = { appKey: data.APP_KEY, baseUrl, installations: () => installation, accept: ["request"] };
  const verify = ours.createConnectVerifier(settings);
  const verifySync = ours.createConnectVerifier({ ...settings, engine: ours.syncEngine });
  const { inbound: jose } = await joseConnect();
  const ofTenant = (result) => (result.claims ?? result).iss === clientKey;
  return {
    "jwt-qsh, sync engine": sequential((i) => verifySync(requests(i)), ofTenant),
    "jwt-qsh": sequential((i) => verify(requests(i)), ofTenant),
    "jwt-qsh, 64 at a time": concurrent((i) => verify(requests(i)), ofTenant),
    ...(node === undefined ? {} : { "atlassian-jwt": sync((i) => node.atlassianConnect.inbound(requests(i)), ofTenant) }),
    "jose + URLSearchParams": sequential((i) => jose(requests(i)), ofTenant),
    "jose + URLSearchParams, 64 at a time": concurrent((i) => jose(requests(i)), ofTenant),
  };
}

/** A token of an install, with the key at hand. */
async function rsa({ node }, { wide }) {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const spki = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey))));
  const pem = `-----BEGIN PUBLIC KEY-----\n${spki.replace(/.{64}/g, "$&\n")}\n-----END PUBLIC KEY-----\n`;
  const made = await data.makeTokens(data.claims, pair.privateKey, "RS256");
  const tokens = pick(made);
  const split = made.map((token) => {
    const dot = token.lastIndexOf(".");
    const signature = atob(token.slice(dot + 1).replaceAll("-", "+").replaceAll("_", "/"));
    return [encoder.encode(token.slice(0, dot)), Uint8Array.from(signature, (char) => char.charCodeAt(0))];
  });
  const raw = pick(split);
  const key = ours.publicKey(pem);
  const jose = await joseRsa(pem);
  const kind = wide ? concurrent : sequential;
  const native = node?.nativeFloor.rsa(pem);
  const fastJwt = node?.fastJwtRsa(pem);
  return {
    "floor: crypto.subtle": kind((i) => crypto.subtle.verify("RSASSA-PKCS1-v1_5", pair.publicKey, raw(i)[1], raw(i)[0]), (good) => good),
    "jwt-qsh": kind(async (i) => (await ours.verifyJwt(tokens(i), key)).claims, sameIssuer),
    jose: kind((i) => jose(tokens(i)), sameIssuer),
    ...(wide || node === undefined
      ? {}
      : {
          "floor: native RSA": sync((i) => native(...raw(i)), (good) => good),
          "fast-jwt": sync((i) => fastJwt(tokens(i)), sameIssuer),
        }),
  };
}

async function base64url(length, decode) {
  const bytes = pick(Array.from({ length: 256 }, (_, i) => Uint8Array.from({ length }, (_byte, k) => (k * 31 + i * 7) & 255)));
  const { base64url: jose } = await import("jose");
  const texts = pick(Array.from({ length: 256 }, (_, i) => data.flat(ours.base64url.encode(bytes(i)))));
  const buffers = globalThis.Buffer;
  if (!decode) {
    return {
      ...(buffers && { "floor: Buffer": sync((i) => buffers.from(bytes(i).buffer).toString("base64url")) }),
      "jwt-qsh": sync((i) => ours.base64url.encode(bytes(i))),
      jose: sync((i) => jose.encode(bytes(i))),
    };
  }
  return {
    // Which takes anything, and stops in silence at what it does not know.
    ...(buffers && { "floor: Buffer": sync((i) => buffers.from(texts(i), "base64url")) }),
    "jwt-qsh": sync((i) => ours.base64url.decode(texts(i))),
    jose: sync((i) => jose.decode(texts(i))),
  };
}

async function oauth1({ node }) {
  const urls = pick(data.targets(3).map((target) => data.flat(`https://jira.example.com${target}`)));
  const parameters = {
    oauth_consumer_key: "bench", oauth_nonce: "4572616e48616d", oauth_signature_method: "RSA-SHA1", oauth_timestamp: 1763757600,
    oauth_token: "ad180jjd733klru7", oauth_version: "1.0",
  };
  const oauthParams = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
  const peer = node?.oauthBaseString("bench");
  const own = (i) => ours.signatureBaseString({ method: "GET", url: urls(i), oauthParams });
  return { "jwt-qsh": sync(own), ...(peer === undefined ? {} : { "oauth-1.0a": sync((i) => peer("GET", urls(i), parameters)) }) };
}

/** By name; a run can ask for some of them by how their names begin. */
export const scenarios = {
  "sign HS256, at once": (peers) => signing(peers, "sync"),
  "sign HS256, one after the other": (peers) => signing(peers, "sequential"),
  "sign HS256, 64 at a time": (peers) => signing(peers, "concurrent"),
  "verify HS256, at once": (peers) => verifying(peers, "sync"),
  "verify HS256, one after the other": (peers) => verifying(peers, "sequential"),
  "verify HS256, 64 at a time": (peers) => verifying(peers, "concurrent"),
  parts,
  ...Object.fromEntries([0, 3, 10, 100, 1000, 10000].map((count) => [`qsh, ${count} parameters`, (peers) => hashing(peers, count)])),
  outbound,
  inbound,
  "verify RS256, one after the other": (peers) => rsa(peers, { wide: false }),
  "verify RS256, 64 at a time": (peers) => rsa(peers, { wide: true }),
  "base64url encode, 200 bytes": () => base64url(200, false),
  "base64url decode, 200 bytes": () => base64url(200, true),
  "OAuth 1.0a base string": oauth1,
};
