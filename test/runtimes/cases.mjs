/**
 * The portable cases: no test framework, nothing but the language and the built package, so that one file judges every
 * engine. What an engine cannot do must be refused there, by name: a row that is not supported and does not reject is
 * a failure.
 */
import * as core from "../../dist/index.js";
import { createConnectSigner, createConnectVerifier } from "../../dist/connect.js";
import { createSignedFetch } from "../../dist/fetch.js";
import * as sync from "../../dist/sync.js";
import { createFakeHost } from "../../dist/testing.js";

/** The kinds of the vector files, by our codes. */
const TOKEN_CODES = {
  malformed: ["ERR_TOKEN_MALFORMED"],
  algorithm: ["ERR_TOKEN_ALGORITHM"],
  header: ["ERR_TOKEN_HEADER"],
  unsupported: ["ERR_TOKEN_HEADER"],
  signature: ["ERR_TOKEN_SIGNATURE"],
  expired: ["ERR_TOKEN_EXPIRED"],
  notBefore: ["ERR_TOKEN_NOT_YET_VALID"],
  claim: ["ERR_CLAIM_MISSING", "ERR_CLAIM_INVALID", "ERR_CLAIM_MISMATCH"],
  issuer: ["ERR_CLAIM_MISMATCH"],
  audience: ["ERR_CLAIM_MISMATCH"],
  key: ["ERR_KEY_INVALID"],
  ok: ["ok"],
};
const ATTACK_CODES = {
  token_too_large: ["ERR_TOKEN_TOO_LARGE"],
  malformed_token: ["ERR_TOKEN_MALFORMED"],
  unsupported_algorithm: ["ERR_TOKEN_ALGORITHM"],
  wrong_token_type: ["ERR_TOKEN_ALGORITHM"],
  unsupported_header: ["ERR_TOKEN_HEADER"],
  invalid_kid: ["ERR_KEY_ID"],
  invalid_key: ["ERR_KEY_INVALID"],
  invalid_signature: ["ERR_TOKEN_SIGNATURE"],
  missing_claim: ["ERR_CLAIM_MISSING"],
  invalid_claim: ["ERR_CLAIM_INVALID"],
  expired: ["ERR_TOKEN_EXPIRED"],
  not_yet_valid: ["ERR_TOKEN_NOT_YET_VALID"],
  issuer_mismatch: ["ERR_CLAIM_MISMATCH"],
  audience_mismatch: ["ERR_CLAIM_MISMATCH"],
  invalid_option: ["ERR_INVALID_ARG_TYPE", "ERR_INVALID_ARG_VALUE"],
};
const ATTACK_OPTIONS = {
  leewaySec: "leeway",
  requireExp: "requireExp",
  issuer: "issuer",
  audience: "audience",
  subject: "subject",
  typ: "typ",
  maxTokenAgeSec: "maxAge",
  maxLifetimeSec: "maxLifetime",
  maxTokenChars: "maxTokenLength",
};
/** These attack an `algorithms` option, which we do not have. */
const NO_SUCH_OPTION = new Set(["A093", "A094"]);

const UNSUPPORTED = "ERR_UNSUPPORTED_RUNTIME";
const SECRET = "a-shared-secret-of-at-least-32-bytes";

function equal(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${String(b).slice(0, 200)}, got ${String(a).slice(0, 200)}`);
}

/** `ok`, or the code of the error; an error that has none is a fault of ours. */
async function outcome(run) {
  try {
    await run();
    return "ok";
  } catch (error) {
    if (core.isAuthError(error) || String(error?.code).startsWith("ERR_INVALID_ARG_")) return error.code;
    throw error;
  }
}

/** What cannot be judged without `crypto.subtle` is refused for that, unless something else was wrong before. */
function oneOf(code, allowed, what, supported) {
  const fits = supported ? allowed.includes(code) : code === UNSUPPORTED || (code !== "ok" && allowed.includes(code));
  if (!fits)
    throw new Error(`${what}: expected ${allowed.join(" or ")}${supported ? "" : `, or ${UNSUPPORTED}`}, got ${code}`);
}

function qshCases({ qsh }, add) {
  for (const vector of qsh) {
    if (vector.level === "policy") continue;
    const isForm = /^application\/x-www-form-urlencoded(?:;|$)/i.test(vector.contentType ?? "");
    const form = vector.method.toUpperCase() === "POST" && isForm ? vector.body : undefined;
    const request = { method: vector.method, url: vector.url, ...(form === undefined ? {} : { form }) };
    const base = vector.baseUrl === undefined ? {} : { baseUrl: vector.baseUrl };
    for (const [path, expected] of [
      ["raw", vector],
      ["decoded", vector.hostOutbound],
    ]) {
      if (expected === undefined) continue;
      add(`qsh, ${path}: ${vector.name}`, async () => {
        const options = { path, ...base };
        equal(core.canonicalRequest(request, options), expected.canonical, "canonicalRequest");
        equal([...core.canonicalParts(request, options)].join(""), expected.canonical, "canonicalParts");
        equal(core.qsh(request, options), expected.qsh, "qsh");
        const builder = new core.CanonicalRequestBuilder(vector.method, vector.url, options);
        if (form !== undefined) await builder.appendForm(streamOf(form));
        equal(builder.qsh(), expected.qsh, "CanonicalRequestBuilder");
      });
    }
  }
}

/** A stream of one byte at a time: the platform's where it has one, else what is like it. */
function streamOf(text) {
  const bytes = [...unescape(encodeURIComponent(text))].map((char) => Uint8Array.of(char.charCodeAt(0)));
  if (typeof ReadableStream === "function") {
    return new ReadableStream({
      pull(controller) {
        const next = bytes.shift();
        if (next === undefined) controller.close();
        else controller.enqueue(next);
      },
    });
  }
  const read = async () => (bytes.length === 0 ? { done: true } : { done: false, value: bytes.shift() });
  return { getReader: () => ({ read, cancel: async () => {}, releaseLock() {} }) };
}

function tokenCases({ tokens }, has, add) {
  for (const vector of tokens) {
    const { alg, secret, at, leeway, requires, issuer, audience } = vector;
    const options = { now: () => at, leeway, requiredClaims: requires, issuer, audience };
    const key = () =>
      secret === undefined ? core.publicKey(vector.publicKey) : core.secretKey(secret, { alg, allowShortSecret: true });
    const kinds = [vector.expect, ...(vector.altExpect ?? [])].flatMap((kind) => TOKEN_CODES[kind]);
    // Rule S11 overrules this one row: a header that brings keys is refused.
    const allowed = vector.name === "valid: jku/jwk/x5u header members ignored" ? ["ERR_TOKEN_HEADER"] : kinds;
    add(`token: ${vector.name}`, async () => {
      const code = await outcome(() => core.verifyJwt(vector.token, key(), options));
      oneOf(code, allowed, "verifyJwt", has.subtle || alg === "HS256");
      if (alg !== "HS256") return;
      oneOf(await outcome(() => sync.verifyJwtSync(vector.token, key(), options)), allowed, "verifyJwtSync", true);
    });
  }
}

function attackCases({ attacks }, has, add) {
  for (const attack of attacks.cases) {
    if (NO_SUCH_OPTION.has(attack.id)) continue;
    const material = typeof attack.key === "string" ? attacks.keys[attack.key] : attack.key;
    const isSecret = material.type === "secret";
    const bytes = material.bytesHex?.match(/../g)?.map((pair) => Number.parseInt(pair, 16));
    const key = () => {
      if (!isSecret) return core.publicKey(material.pem);
      return core.secretKey(material.bytesHex === undefined ? material.value : Uint8Array.from(bytes ?? []));
    };
    const options = { now: () => attack.options.now };
    for (const [name, ours] of Object.entries(ATTACK_OPTIONS)) {
      if (name in attack.options) options[ours] = numberOf(attack.options[name]);
    }
    const token = () => attack.input.tokenParts?.map(textOf).join("") ?? attack.input.token;
    const { result, kind } = attack.expect;
    const allowed = result === "accept" ? ["ok"] : ATTACK_CODES[kind];
    add(`attack ${attack.id}: ${attack.name}`, async () => {
      const code = await outcome(() => core.verifyJwt(token(), key(), options));
      oneOf(code, allowed, "verifyJwt", has.subtle || isSecret);
      if (!isSecret) return;
      oneOf(await outcome(() => sync.verifyJwtSync(token(), key(), options)), allowed, "verifyJwtSync", true);
    });
  }
}

/** The marks of the corpus: `{"$num"}` for a number that JSON lacks, `{"repeat"}` for a long run. */
function numberOf(value) {
  return typeof value === "object" && value !== null && "$num" in value ? Number(value.$num) : value;
}
function textOf(part) {
  return typeof part === "string" ? part : part.repeat[0].repeat(part.repeat[1]);
}

function algorithmCases(has, add) {
  const claims = { iss: "portable", iat: 1_800_000_000, exp: 1_800_000_180 };
  const now = () => 1_800_000_000;
  add("HS256: both doors make one token, and take it", async () => {
    const key = core.secretKey(SECRET);
    const token = await core.signJwt(claims, key);
    // By node:crypto, over the same claims.
    equal(token, HS256_TOKEN, "signJwt");
    equal(sync.signJwtSync(claims, key), HS256_TOKEN, "signJwtSync");
    equal((await core.verifyJwt(token, key, { now })).claims, claims, "verifyJwt");
    equal(sync.verifyJwtSync(token, key, { now }).claims, claims, "verifyJwtSync");
  });
  for (const alg of ["HS384", "HS512"]) {
    add(`${alg}: ${has.subtle ? "signs and verifies" : "is refused"}`, async () => {
      const key = core.secretKey(SECRET + SECRET, { alg });
      const code = await outcome(async () => core.verifyJwt(await core.signJwt(claims, key), key, { now }));
      equal(code, has.subtle ? "ok" : UNSUPPORTED, alg);
    });
  }
  for (const [text, bytes] of [
    ["", []],
    ["Zg", [102]],
    ["Zm8", [102, 111]],
    ["Zm9v", [102, 111, 111]],
    ["-_8", [251, 255]],
  ]) {
    add(`base64url: "${text}"`, () => {
      equal(core.base64url.encode(Uint8Array.from(bytes)), text, "encode");
      equal([...core.base64url.decode(text)], bytes, "decode");
    });
  }
}

const HS256_TOKEN =
  "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwb3J0YWJsZSIsImlhdCI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAwMTgwfQ.UedCr5fUPoBNVdrKQTgqof6d7Rr9BT4jaC6IhPOkTNg";

/** What needs `Request`, and for the witness `crypto.subtle`. */
function conversationCases(has, add) {
  if (!has.request || !has.subtle) return;
  const baseUrl = "https://example.atlassian.net";
  const app = { appKey: "com.example.app", baseUrl: "https://app.example.com/connect" };
  const start = () => {
    const host = createFakeHost({ baseUrl });
    return { host, installation: host.install(app) };
  };
  const target = "/rest/api/3/search/jql?jql=project%20%3D%20DEMO&fields=summary&fields=assignee";
  for (const [name, engine] of [
    ["the default engine", {}],
    ["the sync engine", { engine: sync.syncEngine }],
  ]) {
    add(`the app calls the site, by ${name}`, async () => {
      const { host, installation } = start();
      const sign = createConnectSigner({
        appKey: app.appKey,
        sharedSecret: installation.sharedSecret,
        baseUrl,
        ...engine,
      });
      const response = await createSignedFetch({ baseUrl, sign, fetch: host.fetch })(target);
      equal([response.status, host.log[host.log.length - 1].verdict], [200, "accepted"], "the host");
    });
    add(`the site calls the app, verified by ${name}`, async () => {
      const { host, installation } = start();
      const find = (clientKey) => (clientKey === installation.clientKey ? installation : undefined);
      const verify = createConnectVerifier({ ...app, installations: find, accept: ["request"], ...engine });
      const request = await host.iframeRequest({ path: "/page%20one?a=1", user: host.users[0].accountId });
      equal((await verify(request)).clientKey, installation.clientKey, "the identity");
      const tampered = new Request(request.url.replace("a=1", "a=2"), request);
      equal(await outcome(() => verify(tampered)), "ERR_QSH_MISMATCH", "a tampered request");
    });
  }
}

/** Which engine makes an HS256 signature: by counting the calls of `crypto.subtle`, where there is one. */
async function macEngine(has) {
  if (!has.subtle) return "noble";
  const prototype = Object.getPrototypeOf(globalThis.crypto.subtle);
  const { sign } = prototype;
  let calls = 0;
  prototype.sign = function counted(...args) {
    calls++;
    return sign.apply(this, args);
  };
  try {
    await core.signJwt({ iss: "portable" }, core.secretKey(SECRET), { lifetime: 60 });
  } finally {
    prototype.sign = sign;
  }
  return calls === 1 ? "webcrypto" : "noble";
}

/** Runs every case; the answer is plain data. */
export async function runCases(vectors) {
  const has = { subtle: globalThis.crypto?.subtle !== undefined, request: typeof Request === "function" };
  const cases = [];
  const add = (name, run) => cases.push({ name, run });
  qshCases(vectors, add);
  tokenCases(vectors, has, add);
  attackCases(vectors, has, add);
  algorithmCases(has, add);
  conversationCases(has, add);
  const failures = [];
  for (const { name, run } of cases) {
    try {
      await run();
    } catch (error) {
      failures.push(`${name}: ${error?.name ?? "thrown"}: ${error?.message ?? String(error)}`);
    }
  }
  return { total: cases.length, failures, mac: await macEngine(has), sync: sync.syncEngine.name };
}
