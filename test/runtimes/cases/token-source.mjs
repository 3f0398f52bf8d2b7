/** Acting as a user: tokens of the fake host's authorization server, one exchange for many callers. */
import { createConnectSigner } from "../../../dist/connect.js";
import { createSignedFetch } from "../../../dist/fetch.js";
import { createBearerSigner, createBitbucketTokenSource, createUserTokenSource } from "../../../dist/oauth2.js";
import { createFakeHost } from "../../../dist/testing.js";
import { APP, HOST_NEEDS } from "./connect.mjs";
import { equal, outcome, pause, settled, truth } from "./verdict.mjs";

const NOW = 1_800_000_000;

/** A fake host with the app installed, and a clock that a case moves. */
function startRig(options = {}) {
  const clock = { now: NOW };
  const host = createFakeHost({ ...options, now: () => clock.now });
  const installation = host.install(APP);
  const { accountId } = host.users[0];
  const tokenUrl = `${host.endpoints.authorizationServer}/oauth2/token`;
  const source = (more = {}) =>
    createUserTokenSource({ installation, accountId, fetch: host.fetch, now: () => clock.now, ...more });
  return { clock, host, installation, tokenUrl, source, exchanges: () => host.count(tokenUrl) };
}

const tokenOf = async (source) => (await source.getToken()).accessToken;

/** A cache in a map. */
function mapCache() {
  const entries = new Map();
  return {
    entries,
    get: async (key) => entries.get(key),
    set: async (key, value) => void entries.set(key, value),
    delete: async (key) => void entries.delete(key),
  };
}

export function tokenSourceCases(_vectors, { add }) {
  const on = (name, run) => add(name, run, ...HOST_NEEDS);
  on("a call as the user", async () => {
    const { host, source } = startRig();
    const sign = createBearerSigner(source());
    const jira = createSignedFetch({ baseUrl: host.baseUrl, sign, fetch: host.fetch });
    const response = await jira("/rest/api/3/myself");
    equal([response.status, (await response.json()).accountId], [200, host.users[0].accountId], "who answers");
    equal(host.exchanges[0].verdict, "granted", "the exchange");
  });
  on("one exchange for twenty callers", async () => {
    const { host, tokenUrl, source, exchanges } = startRig();
    host.misbehave(tokenUrl, { kind: "slow", after: 0.1 });
    const one = source();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => tokenOf(one)));
    equal([new Set(tokens).size, exchanges()], [1, 1], "tokens, exchanges");
  });
  on("kept until ten seconds before its end, to the millisecond", async () => {
    const { clock, source, exchanges } = startRig();
    const one = source({ refreshAhead: 0 });
    const seen = [];
    for (const offset of [0, 600, 889.999, 890, 890.001]) {
      clock.now = NOW + offset;
      await one.getToken();
      seen.push(exchanges());
    }
    equal(seen, [1, 1, 1, 1, 2], "exchanges after each call");
  });
  on("renewed behind the callers' backs before its end", async () => {
    const { clock, source, exchanges } = startRig();
    const behind = [];
    const one = source({ waitUntil: (promise) => void behind.push(promise) });
    const first = await tokenOf(one);
    behind.length = 0;
    clock.now = NOW + 800;
    equal(await tokenOf(one), first, "the token at hand");
    await Promise.all(behind);
    truth((await tokenOf(one)) !== first, "another token");
    equal(exchanges(), 2, "exchanges");
  });
  on("a refused token is replaced, and the call made again, once", async () => {
    const { host, source, exchanges } = startRig();
    const one = source();
    const jira = createSignedFetch({ baseUrl: host.baseUrl, sign: createBearerSigner(one), fetch: host.fetch });
    await one.getToken();
    host.revokeAccessTokens();
    equal([(await jira("/rest/api/3/myself")).status, exchanges()], [200, 2], "status, exchanges");
    host.misbehave(`${host.baseUrl}/`, { kind: "status", status: 401 });
    equal([(await jira("/rest/api/3/myself")).status, exchanges()], [401, 3], "a second refusal is the caller's");
  });
  on("a clock that is wrong is set by the server's", async () => {
    const { clock, source, exchanges } = startRig();
    const one = source({ now: () => clock.now + 76.4 });
    await one.getToken();
    await one.getToken({ forceRefresh: true });
    equal(exchanges(), 3, "exchanges: refused, granted, granted at once");
  });
  on("one caller gives up, the others do not", async () => {
    const { host, tokenUrl, source, exchanges } = startRig();
    host.misbehave(tokenUrl, { kind: "slow", after: 0.2 });
    const one = source();
    const abort = new AbortController();
    const starter = one.getToken({ signal: abort.signal }).catch((error) => error);
    const others = [tokenOf(one), tokenOf(one)];
    await pause(0.02);
    const reason = new Error("the caller's own");
    abort.abort(reason);
    truth((await starter) === reason, "the caller's own reason");
    const [second, third] = await Promise.all(others);
    equal([second === third, exchanges()], [true, 1], "the others");
  });
  on("two sources share a cache, whose keys tell nothing", async () => {
    const { source, exchanges, installation } = startRig();
    const cache = mapCache();
    equal(await tokenOf(source({ cache })), await tokenOf(source({ cache })), "the token");
    equal([exchanges(), cache.entries.size], [1, 1], "exchanges, entries");
    const told = JSON.stringify([...cache.entries]);
    truth(!told.includes(installation.sharedSecret) && !told.includes(installation.oauthClientId), "keys tell nothing");
  });
  on("what the endpoint does wrong", async () => {
    for (const [fault, code] of [
      [{ kind: "network" }, "ERR_EXCHANGE_UNREACHABLE"],
      [{ kind: "html", status: 503 }, "ERR_EXCHANGE_REJECTED"],
      [{ kind: "status", status: 400, body: '{"error":"invalid_grant"}' }, "ERR_EXCHANGE_REJECTED"],
      [{ kind: "redirect", location: "https://evil.example/" }, "ERR_EXCHANGE_REJECTED"],
      [{ kind: "oversized", bytes: 2_000_000 }, "ERR_EXCHANGE_MALFORMED"],
    ]) {
      const { host, tokenUrl, source } = startRig();
      host.misbehave(tokenUrl, fault);
      equal(await outcome(() => source().getToken()), code, fault.kind);
      equal(host.count("https://evil.example/"), 0, "requests elsewhere");
    }
  });
  on("Bitbucket: a Connect token is swapped", async () => {
    const { host, clock } = startRig();
    const tenant = host.install(APP, { product: "bitbucket" });
    const baseUrl = "https://bitbucket.org";
    const { clientKey: subject, sharedSecret } = tenant;
    const sign = createConnectSigner({ ...APP, baseUrl, sharedSecret, subject, now: () => clock.now });
    const source = createBitbucketTokenSource({ sign, fetch: host.fetch, now: () => clock.now });
    const { value, error } = await settled(() => source.getToken());
    equal([value?.tokenType, error?.code], ["Bearer", undefined], "the token");
  });
}
