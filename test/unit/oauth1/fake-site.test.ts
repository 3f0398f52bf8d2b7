/** The dance and the signer against the fake Data Center site, which shares no code with them. */
import { describe, expect, it } from "vitest";
import { createSignedFetch } from "../../../src/fetch/index.ts";
import { createOAuth1Consumer, explainBaseString, readOAuth1Problem } from "../../../src/oauth1/index.ts";
import type { AccessToken, OAuth1Consumer } from "../../../src/oauth1/index.ts";
import { createFakeDataCenter } from "../../../src/testing/index.ts";
import type { DataCenterQuirks, FakeDataCenter, OAuth1ProblemName } from "../../../src/testing/index.ts";
import { makePair } from "./keys.ts";

const pair = makePair();
const BASE = "https://jira.example.com/jira";
const NOW = 1_800_000_000;

interface Stage {
  site: FakeDataCenter;
  consumer: OAuth1Consumer;
  dance(): Promise<AccessToken>;
  call(token: AccessToken): (path: string, init?: RequestInit) => Promise<Response>;
}

function stage(quirks: DataCenterQuirks = {}, now = (): number => NOW): Stage {
  const site = createFakeDataCenter({
    baseUrl: BASE,
    now,
    quirks,
    consumers: [{ consumerKey: "script", signatureMethod: "RSA-SHA1", publicKey: pair.publicPem }],
  });
  const consumer = createOAuth1Consumer({
    baseUrl: BASE,
    consumerKey: "script",
    privateKey: pair.privatePem,
    fetch: site.fetch,
    now: () => NOW,
  });
  return {
    site,
    consumer,
    async dance() {
      const requestToken = await consumer.requestToken({ callback: "oob" });
      const { verifier } = site.approve(requestToken.token);
      return consumer.accessToken(requestToken, verifier);
    },
    call: (token) => createSignedFetch({ baseUrl: BASE, sign: consumer.signer(token), fetch: site.fetch }),
  };
}

describe("the dance", () => {
  it("with a code leads to calls as the user", async () => {
    const { dance, call } = stage();
    const token = await dance();
    expect(token.expiresAt).toBe(NOW + 157_680_000);
    const response = await call(token)("/rest/api/2/myself");
    expect(response.status).toBe(200);
    expect(response.headers.get("x-ausername")).not.toBe("anonymous");
  });

  it("with a callback takes the verifier from it", async () => {
    const { site, consumer } = stage();
    const requestToken = await consumer.requestToken({ callback: "http://localhost:8765/cb?state=1" });
    const { callbackUrl } = site.approve(requestToken.token);
    const { verifier } = consumer.parseCallback(callbackUrl ?? "", requestToken);
    await expect(consumer.accessToken(requestToken, verifier)).resolves.toHaveProperty("token");
  });

  it("ends where the user refuses", async () => {
    const { site, consumer } = stage();
    const requestToken = await consumer.requestToken({ callback: "http://localhost:8765/cb" });
    const { callbackUrl } = site.deny(requestToken.token);
    expect(() => consumer.parseCallback(callbackUrl ?? "", requestToken)).toThrow(
      expect.objectContaining({ problem: "permission_denied" }) as Error,
    );
  });

  it("does not take a request token before it was approved, twice, or with another code", async () => {
    const { site, consumer } = stage();
    const requestToken = await consumer.requestToken({ callback: "oob" });
    await expect(consumer.accessToken(requestToken, "guess1")).rejects.toMatchObject({ problem: "permission_unknown" });
    const { verifier } = site.approve(requestToken.token);
    await consumer.accessToken(requestToken, verifier);
    await expect(consumer.accessToken(requestToken, verifier)).rejects.toMatchObject({
      name: "OAuth1Error",
      code: "ERR_OAUTH1_PROBLEM",
    });
  });

  it("renews where the site can, and says so where it cannot", async () => {
    const able = stage({ renewal: true });
    const token = await able.dance();
    const renewed = await able.consumer.renew(token);
    expect(renewed.token).not.toBe(token.token);
    expect((await able.call(renewed)("/rest/api/2/myself")).status).toBe(200);
    const unable = stage();
    await expect(unable.consumer.renew(await unable.dance())).rejects.toMatchObject({ code: "ERR_OAUTH1_PROBLEM" });
  });

  it.each([-7200, 7200])("works with a site whose clock is %s s off, for all that follows too", async (skewSeconds) => {
    const { site, dance, call } = stage({ skewSeconds });
    const token = await dance();
    const first = site.log.map(({ verdict }) => verdict);
    expect(first.filter((verdict) => verdict === "timestamp_refused")).toHaveLength(1);
    expect((await call(token)("/rest/api/2/myself")).status).toBe(200);
    expect(site.log.filter(({ verdict }) => verdict === "timestamp_refused")).toHaveLength(1);
  });

  it("takes less than two seconds of our time with 2048 bits", async () => {
    const start = performance.now();
    await stage().dance();
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it("reads answers that end with a line feed", async () => {
    await expect(stage({ trailingNewline: true }).dance()).resolves.toHaveProperty("token");
  });

  it.each<OAuth1ProblemName>([
    "consumer_key_unknown",
    "signature_method_rejected",
    "token_rejected",
    "parameter_absent",
    "nonce_used",
    "user_refused",
  ])("tells %s", async (problem) => {
    const { site, consumer } = stage();
    site.complain(problem);
    await expect(consumer.requestToken({ callback: "oob" })).rejects.toMatchObject({
      code: "ERR_OAUTH1_PROBLEM",
      problem,
    });
  });

  it("tells a problem also where the body is a page", async () => {
    const { site, consumer } = stage({ htmlErrorPage: true });
    site.removeConsumer("script");
    await expect(consumer.requestToken({ callback: "oob" })).rejects.toMatchObject({
      name: "OAuth1Error",
      status: 401,
    });
  });
});

describe("calls", () => {
  it("sign a form body", async () => {
    const { site, dance, call } = stage();
    const jira = call(await dance());
    await jira("/rest/api/2/search?jql=a+b", {
      method: "POST",
      body: new URLSearchParams({ jql: "project = TEST", x: "ü~!" }),
    });
    expect(site.log.at(-1)).toMatchObject({ credential: "oauth1", verdict: "accepted" });
  });

  it("tell an expired token from a revoked one", async () => {
    let now = NOW;
    const { site, dance, call } = stage({}, () => now);
    const token = await dance();
    now += 157_680_001;
    const jira = call(token);
    // The signer first follows the site's clock, as it must; then the site looks at the token.
    expect(await readOAuth1Problem(await jira("/rest/api/2/myself"))).toMatchObject({ problem: "token_expired" });
    now = NOW;
    site.revoke(token.token);
    expect(await readOAuth1Problem(await jira("/rest/api/2/myself"))).toMatchObject({ problem: "token_revoked" });
  });

  it("tell what a proxy did to the address", async () => {
    const { dance } = stage();
    const broken = stage({ proxyMisconfigured: { scheme: "http", port: 8080 } });
    const token = await dance();
    const sign = broken.consumer.signer(token);
    const known = createFakeDataCenter({
      baseUrl: BASE,
      now: () => NOW,
      quirks: { proxyMisconfigured: { scheme: "http", port: 8080 } },
      consumers: [{ consumerKey: "script", signatureMethod: "RSA-SHA1", publicKey: pair.publicPem }],
      accessTokens: [
        {
          token: token.token,
          secret: "",
          consumerKey: "script",
          user: broken.site.users[0]?.name ?? "",
          expiresAt: 1e11,
          sessionHandle: "",
          sessionExpiresAt: 0,
        },
      ],
    });
    const signed = await sign(new Request(`${BASE}/rest/api/2/myself`));
    const refusal = await readOAuth1Problem(await known.fetch(signed));
    expect(refusal?.problem).toBe("signature_invalid");
    const theirs = refusal?.serverBaseString ?? "";
    expect(
      explainBaseString(
        theirs.replace("http%3A%2F%2Fjira.example.com%3A8080", "https%3A%2F%2Fjira.example.com"),
        theirs,
      ).text,
    ).toBe("the server saw http and port 8080, we signed https and no port: its proxy settings differ");
  });

  it("fail with signature_invalid under another key", async () => {
    const { site, dance } = stage();
    const token = await dance();
    const other = createOAuth1Consumer({
      baseUrl: BASE,
      consumerKey: "script",
      privateKey: makePair().privatePem,
      now: () => NOW,
    });
    const response = await site.fetch(await other.signer(token)(new Request(`${BASE}/rest/api/2/myself`)));
    expect(await readOAuth1Problem(response)).toMatchObject({ problem: "signature_invalid", status: 401 });
  });
});
