import { describe, expect, test } from "vitest";
import { createConnectSigner } from "../../../src/connect/index.ts";
import { createSignedFetch } from "../../../src/fetch/index.ts";
import { createBearerSigner, createBitbucketTokenSource } from "../../../src/oauth2/index.ts";
import type { RequestSigner } from "../../../src/types.ts";
import { APP, NOW, startRig } from "./rig.ts";
import type { Rig } from "./rig.ts";

const ENDPOINT = "https://bitbucket.org/site/oauth2/access_token";

function start(now?: () => number): { rig: Rig; sign: RequestSigner; clientKey: string } {
  const rig = startRig();
  const { clientKey, sharedSecret } = rig.host.install(APP, { product: "bitbucket" });
  const sign = createConnectSigner({
    appKey: APP.appKey,
    sharedSecret,
    subject: clientKey,
    baseUrl: "https://bitbucket.org",
    now: now ?? ((): number => rig.clock.now),
  });
  return { rig, sign, clientKey };
}

describe("the swap", () => {
  test("an app's JWT buys a token that Bitbucket's API takes", async () => {
    const { rig, sign, clientKey } = start();
    const source = createBitbucketTokenSource({ sign, fetch: rig.host.fetch, now: () => rig.clock.now });
    const api = createSignedFetch({
      baseUrl: "https://api.bitbucket.org/2.0",
      sign: createBearerSigner(source),
      fetch: rig.host.fetch,
    });
    const user = await api("/user");
    expect([user.status, await user.json()]).toMatchObject([200, { account_id: clientKey }]);
    expect(await source.getToken()).toMatchObject({
      expiresAt: NOW + 7200,
      scopes: ["account", "repository", "repository:write", "pullrequest", "pullrequest:write", "webhook"],
    });
    expect(rig.host.exchanges).toMatchObject([{ grant: "bitbucket", verdict: "granted" }]);
  });

  test("scopes go as they are, in lower case", async () => {
    const { rig, sign } = start();
    const scopes = ["repository:write", "account", "account"];
    const source = createBitbucketTokenSource({ sign, scopes, fetch: rig.host.fetch, now: () => rig.clock.now });
    expect((await source.getToken()).scopes).toEqual(["repository:write", "account"]);
    expect(rig.host.exchanges[0]?.scope).toBe("repository:write account");
  });

  test("is made once for all who ask at a time, and again when it runs out", async () => {
    const { rig, sign } = start();
    const source = createBitbucketTokenSource({ sign, fetch: rig.host.fetch, now: () => rig.clock.now });
    await Promise.all(Array.from({ length: 50 }, () => source.getToken()));
    expect(rig.host.count(ENDPOINT)).toBe(1);
    rig.clock.now += 7191;
    await source.getToken();
    expect(rig.host.count(ENDPOINT)).toBe(2);
  });

  test("lets the signer correct a clock that is off, once", async () => {
    const { rig, sign } = start(() => NOW + 3600);
    const source = createBitbucketTokenSource({ sign, fetch: rig.host.fetch, now: () => rig.clock.now });
    rig.host.misbehave(
      ENDPOINT,
      { kind: "status", status: 401, headers: { date: "Fri, 15 Jan 2027 08:00:00 GMT" }, body: '{"error":"invalid_client"}' },
      { times: 1 },
    );
    await source.getToken();
    expect(rig.host.count(ENDPOINT)).toBe(2);
    rig.host.misbehave(ENDPOINT, { kind: "status", status: 401, body: '{"error":"invalid_client"}' });
    await expect(source.getToken({ forceRefresh: true })).rejects.toMatchObject({
      code: "ERR_EXCHANGE_REJECTED",
      status: 401,
      problem: "invalid_client",
    });
    expect(rig.host.count(ENDPOINT)).toBe(3);
  });

  test("asks twice at most, whatever the signer says", async () => {
    const { rig, sign } = start();
    rig.host.misbehave(ENDPOINT, { kind: "status", status: 401 });
    const stubborn = Object.assign((request: Request) => sign(request), { retry: async () => true });
    await expect(createBitbucketTokenSource({ sign: stubborn, fetch: rig.host.fetch }).getToken()).rejects.toMatchObject({ status: 401 });
    expect(rig.host.count(ENDPOINT)).toBe(2);
  });

  test("never follows a redirect, and rejects as the signer does", async () => {
    const { rig, sign } = start();
    const source = createBitbucketTokenSource({ sign, fetch: rig.host.fetch, now: () => rig.clock.now });
    rig.host.misbehave(ENDPOINT, { kind: "redirect", location: "https://other.example/", status: 307 });
    await expect(source.getToken()).rejects.toMatchObject({ code: "ERR_EXCHANGE_REJECTED", status: 307 });
    expect(rig.host.count("https://other.example/")).toBe(0);
    const broken = new Error("no key");
    const unable = createBitbucketTokenSource({ sign: () => Promise.reject(broken), fetch: rig.host.fetch });
    await expect(unable.getToken()).rejects.toBe(broken);
  });
});

test.each([
  [{ sign: undefined }, '"options.sign" must be a function'],
  [{ scopes: "account" }, '"options.scopes" must be an array of scopes'],
  [{ fetch: 1 }, '"options.fetch" must be a function'],
  [{ now: 1 }, '"options.now" must be a function'],
])("refuses %j", (change, message) => {
  const options = { sign: async (request: Request) => request, ...change };
  expect(() => createBitbucketTokenSource(options as never)).toThrow(expect.objectContaining({ message, code: "ERR_INVALID_ARG_TYPE" }));
});
