/**
 * The scenarios of test/vectors/data/oauth2.json, each run against the fake host's authorization server and products.
 * Seconds of waiting in a scenario are tenths here; the clock is the rig's.
 */
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test, vi } from "vitest";
import { createSignedFetch } from "../../src/fetch/index.ts";
import { createBearerSigner } from "../../src/oauth2/index.ts";
import type { TokenSource } from "../../src/oauth2/index.ts";
import { MapCache, NOW, pause, startRig } from "../unit/oauth2/rig.ts";
import type { Rig } from "../unit/oauth2/rig.ts";

interface Scenario {
  readonly id: string;
  readonly expect: Record<string, unknown>;
}

const { scenarios } = JSON.parse(readFileSync(new URL("data/oauth2.json", import.meta.url), "utf8")) as {
  scenarios: Scenario[];
};
const done: string[] = [];

function scenario(id: string, run: (expected: Record<string, unknown>) => Promise<void>): void {
  done.push(id);
  const found = scenarios.find((one) => one.id === id);
  test(id, () => {
    expect(found?.id).toBe(id);
    return run(found?.expect ?? {});
  });
}

/** A fetch as the user, and what reached the product. */
function apiOf(rig: Rig, source: TokenSource): { api: ReturnType<typeof createSignedFetch>; sent: Request[] } {
  const sent: Request[] = [];
  const api = createSignedFetch({
    baseUrl: rig.host.baseUrl,
    sign: createBearerSigner(source),
    fetch: (request) => {
      sent.push(request.clone());
      return rig.host.fetch(request);
    },
  });
  return { api, sent };
}

const tokenOf = async (source: TokenSource): Promise<string> => (await source.getToken()).accessToken;

describe("expiry", () => {
  scenario("sc-a01-expiry-boundary", async ({ tokenRequestsAfterEachCall }) => {
    const rig = startRig();
    const source = rig.source({ refreshAhead: 0 });
    const seen: number[] = [];
    for (const offset of [0, 600000, 889000, 889999, 890000, 890001, 890002]) {
      rig.clock.now = NOW + offset / 1000;
      await source.getToken();
      seen.push(rig.exchanges());
    }
    expect(seen).toEqual(tokenRequestsAfterEachCall);
  });

  scenario("sc-a02-short-lifetime-9s", async ({ tokenRequests }) => {
    const rig = startRig({ accessTokenLifetime: 9 });
    const source = rig.source();
    for (let i = 0; i < 3; i++) await source.getToken();
    expect(rig.exchanges()).toBe(tokenRequests);
  });

  scenario("sc-a18-soft-refresh", async ({ backgroundTokenRequests }) => {
    const rig = startRig();
    const behind: Promise<unknown>[] = [];
    const source = rig.source({ waitUntil: (promise) => void behind.push(promise) });
    const first = await tokenOf(source);
    behind.length = 0;
    rig.clock.now = NOW + 800;
    rig.host.misbehave(rig.tokenUrl, { kind: "slow", after: 0.3 });
    for (let i = 0; i < 5; i++) expect(await tokenOf(source)).toBe(first);
    await vi.waitFor(() => expect(rig.exchanges()).toBe(1 + Number(backgroundTokenRequests)));
    expect(behind.length).toBe(1);
    await behind[0];
    expect(await tokenOf(source)).not.toBe(first);
    expect(rig.exchanges()).toBe(2);
  });
});

describe("many callers", () => {
  scenario("sc-a03-coalesce-20-ok", async ({ tokenRequests }) => {
    const rig = startRig();
    rig.host.misbehave(rig.tokenUrl, { kind: "slow", after: 0.2 });
    const source = rig.source();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => tokenOf(source)));
    expect([new Set(tokens).size, rig.exchanges()]).toEqual([1, tokenRequests]);
  });

  scenario("sc-a11-abort-one-of-three", async ({ tokenRequests }) => {
    const rig = startRig();
    rig.host.misbehave(rig.tokenUrl, { kind: "slow", after: 0.4 });
    const source = rig.source();
    const abort = new AbortController();
    const starter = source.getToken({ signal: abort.signal }).then(
      () => undefined,
      (error: unknown) => ({ error, at: performance.now() }),
    );
    const others = [tokenOf(source), tokenOf(source)];
    await pause(0.1);
    const reason = new Error("the caller's own");
    const abortedAt = performance.now();
    abort.abort(reason);
    const refused = await starter;
    expect(refused?.error).toBe(reason);
    expect((refused?.at ?? Infinity) - abortedAt).toBeLessThan(50);
    const [second, third] = await Promise.all(others);
    expect([second === third, rig.exchanges()]).toEqual([true, tokenRequests]);
  });

  scenario("sc-a14-cancelled-before-start", async ({ tokenRequests }) => {
    const rig = startRig();
    const reason = new Error("never mind");
    await expect(rig.source().getToken({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(rig.exchanges()).toBe(tokenRequests);
  });
});

describe("the product's 401", () => {
  scenario("sc-a04-api-401-once", async ({ tokenRequests, apiRequests, finalStatus }) => {
    const bodies: (BodyInit | null)[] = [
      null,
      "text",
      new TextEncoder().encode("bytes"),
      new Blob(["blob"]),
      new URLSearchParams({ a: "1" }),
    ];
    const form = new FormData();
    form.set("a", "1");
    for (const body of [...bodies, form]) {
      const rig = startRig();
      const { api, sent } = apiOf(rig, rig.source());
      rig.host.misbehave(`${rig.host.baseUrl}/`, { kind: "status", status: 401 }, { times: 1 });
      rig.host.misbehave(`${rig.host.baseUrl}/rest/ok`, { kind: "status", status: 200 });
      rig.host.misbehave(`${rig.host.baseUrl}/rest/ok`, { kind: "status", status: 401 }, { times: 1 });
      const response = await api("/rest/ok", body === null ? {} : { method: "POST", body });
      expect([rig.exchanges(), sent.length, response.status]).toEqual([tokenRequests, apiRequests, finalStatus]);
      const [first, second] = await Promise.all(sent.map((request) => request.text()));
      // A multipart boundary is made anew for each request.
      const plain = (text = ""): string => text.replace(/-+formdata-[\w-]+/g, "boundary");
      expect(plain(second)).toBe(plain(first));
      expect(sent[0]?.headers.get("authorization")).not.toBe(sent[1]?.headers.get("authorization"));
    }
    // A second 401 is the caller's.
    const rig = startRig();
    const { api, sent } = apiOf(rig, rig.source());
    rig.host.misbehave(`${rig.host.baseUrl}/`, { kind: "status", status: 401 });
    expect([(await api("/rest/x")).status, sent.length, rig.exchanges()]).toEqual([401, 2, 2]);
  });

  scenario("sc-a05-api-401-scope", async ({ tokenRequests, apiRequests, finalStatus }) => {
    const rig = startRig();
    const { api, sent } = apiOf(rig, rig.source({ scopes: ["READ"] }));
    const response = await api("/rest/api/3/issue", { method: "POST", body: "{}" });
    expect([rig.exchanges(), sent.length, response.status]).toEqual([tokenRequests, apiRequests, finalStatus]);
    expect(await response.json()).toMatchObject({ code: 401, message: "Unauthorized; scope does not match" });
  });

  scenario("sc-a06-api-401-stream-body", async ({ apiRequests, finalStatus }) => {
    const rig = startRig();
    const source = rig.source();
    const first = await tokenOf(source);
    const { api, sent } = apiOf(rig, source);
    rig.host.revokeAccessTokens();
    const body = new Blob(["streamed"]).stream();
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    const response = await api("/rest/api/3/issue", init);
    expect([sent.length, response.status, rig.exchanges()]).toEqual([apiRequests, finalStatus, 1]);
    expect(await tokenOf(source)).not.toBe(first);
    expect(rig.exchanges()).toBe(2);
  });

  scenario("sc-a08-caller-authorization", async () => {
    const rig = startRig();
    const source = rig.source();
    const { api, sent } = apiOf(rig, source);
    const headers = new Headers({ authorization: "Basic abc" });
    const init = { headers };
    const request = new Request(`${rig.host.baseUrl}/rest/api/3/myself`, { headers: { authorization: "Basic abc" } });
    await api("/rest/api/3/myself", init);
    await api(request);
    const expected = `Bearer ${await tokenOf(source)}`;
    expect(sent.map((one) => one.headers.get("authorization"))).toEqual([expected, expected]);
    expect([headers.get("authorization"), request.headers.get("authorization"), init]).toEqual(["Basic abc", "Basic abc", { headers }]);
  });
});

describe("where tokens go", () => {
  scenario("sc-a07-foreign-origin", async () => {
    const rig = startRig();
    const { api, sent } = apiOf(rig, rig.source());
    const insecure = `${rig.host.baseUrl.replace("https:", "http:")}/x`;
    for (const url of ["https://evil.example/", insecure, "https://example.atlassian.net.evil.example/"]) {
      await expect(api(url)).rejects.toMatchObject({ code: "ERR_ORIGIN_NOT_ALLOWED" });
    }
    rig.host.misbehave(`${rig.host.baseUrl}/leave`, { kind: "redirect", location: "https://evil.example/" });
    expect((await api("/leave")).status).toBe(302);
    expect(sent.map(({ url }) => url)).toEqual([`${rig.host.baseUrl}/leave`]);
    expect(rig.host.traffic.filter(({ url }) => /evil|^http:/.test(url))).toEqual([]);
  });

  scenario("sc-a15-token-endpoint-302", async ({ requestsToOtherHost }) => {
    for (const status of [301, 302, 303, 307, 308]) {
      const rig = startRig();
      rig.host.misbehave(rig.tokenUrl, { kind: "redirect", location: "https://other.example/t", status });
      await expect(rig.source().getToken()).rejects.toMatchObject({ code: "ERR_EXCHANGE_REJECTED", status });
      expect([rig.host.count("https://other.example/"), rig.exchanges()]).toEqual([requestsToOtherHost, 1]);
    }
  });

  scenario("sc-a16-token-failure-closes-body", async ({ streamCancelled, apiRequests }) => {
    const rig = startRig();
    rig.host.misbehave(rig.tokenUrl, { kind: "status", status: 400, body: '{"error":"invalid_grant"}' });
    const { api, sent } = apiOf(rig, rig.source());
    let cancelled = false;
    const body = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    const upload = api("/x", { method: "POST", body, duplex: "half" } as RequestInit);
    await expect(upload).rejects.toMatchObject({ code: "ERR_EXCHANGE_REJECTED", problem: "invalid_grant" });
    expect([cancelled, sent.length]).toEqual([streamCancelled, apiRequests]);
  });
});

describe("the shared cache", () => {
  scenario("sc-a09-two-sources-share-cache", async ({ tokenRequests }) => {
    const rig = startRig();
    const cache = new MapCache();
    for (let i = 0; i < 3; i++) {
      const { api } = apiOf(rig, rig.source({ cache }));
      for (let call = 0; call < 2; call++) expect((await api("/rest/api/3/myself")).status).toBe(200);
    }
    expect(rig.exchanges()).toBe(tokenRequests);
  });

  scenario("sc-a12-store-hit", async ({ tokenRequests, storeGets, storeSets }) => {
    const rig = startRig();
    const cache = new MapCache();
    const token = await tokenOf(rig.source({ cache }));
    const [before, gets, sets] = [rig.exchanges(), cache.gets, cache.sets];
    expect(await tokenOf(rig.source({ cache }))).toBe(token);
    expect([rig.exchanges() - before, cache.gets - gets, cache.sets - sets]).toEqual([tokenRequests, storeGets, storeSets]);
  });

  scenario("sc-a13-key-isolation", async ({ distinctKeys }) => {
    const rig = startRig();
    const cache = new MapCache();
    const other = rig.host.install({ ...rig.host.installations[0], appKey: "com.example.other", baseUrl: "https://o.example" });
    for (const installation of [rig.installation, other]) {
      for (const scopes of [["READ"], ["write", "read"]]) await rig.source({ installation, scopes, cache }).getToken();
      // In another order they are the same.
      await rig.source({ installation, scopes: ["READ", "WRITE"], cache }).getToken();
    }
    expect([cache.entries.size, rig.exchanges()]).toEqual([distinctKeys, 4]);
    const told = JSON.stringify([...cache.entries]);
    const secrets = [rig.accountId, "example.atlassian.net", "READ", rig.installation.oauthClientId, rig.installation.sharedSecret];
    for (const secret of [...secrets, ...rig.host.accessTokens.map(({ accessToken }) => accessToken)]) {
      expect(told).not.toContain(secret);
    }
    for (const key of cache.entries.keys()) expect(key).toMatch(/^token:v1:[0-9a-f]{64}$/);
  });

  scenario("sc-a17-store-slow", async ({ rejectsWithinMs }) => {
    const rig = startRig();
    const cache = new MapCache();
    cache.get = () => new Promise(() => {});
    const signal = AbortSignal.timeout(200);
    let firedAt = 0;
    // Counted from when the timer fired, which a busy machine does late.
    signal.addEventListener("abort", () => (firedAt = performance.now()));
    const refused = await rig.source({ cache }).getToken({ signal }).catch((error: unknown) => error);
    expect(refused).toBe(signal.reason);
    expect(performance.now() - firedAt).toBeLessThan(Number(rejectsWithinMs) - 200);
  });
});

describe("clocks", () => {
  scenario("sc-a10-clock-skew-retry", async ({ tokenRequests }) => {
    const rig = startRig();
    const source = rig.source({ now: () => rig.clock.now + 76.4 });
    await source.getToken();
    expect(rig.exchanges()).toBe(tokenRequests);
    const iats = (): unknown[] => rig.host.exchanges.map(({ claims }) => claims?.["iat"]);
    expect(iats()).toEqual([NOW + 76, NOW]);
    // Remembered: the next assertion is right at once.
    await source.getToken({ forceRefresh: true });
    expect([rig.exchanges(), iats().at(-1)]).toEqual([3, NOW]);
  });
});

afterAll(() => {
  expect(done.sort()).toEqual(scenarios.map(({ id }) => id).sort());
});
