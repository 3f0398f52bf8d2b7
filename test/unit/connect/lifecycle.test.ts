import { beforeEach, describe, expect, test, vi } from "vitest";
import { createLifecycleHandler } from "../../../src/connect/lifecycle-handler.ts";
import type { LifecycleHandlerOptions } from "../../../src/connect/lifecycle-handler.ts";
import { createLifecycleVerifier } from "../../../src/connect/lifecycle.ts";
import type { LifecycleVerifierOptions } from "../../../src/connect/lifecycle.ts";
import { memoryInstallations } from "../../../src/connect/installations.ts";
import { memoryReplayGuard } from "../../../src/connect/replay.ts";
import type { LifecycleEvent } from "../../../src/connect/claims.ts";
import { createFakeHost } from "../../../src/testing/index.ts";
import type { FakeHost, FakeInstallation, LifecycleOptions } from "../../../src/testing/index.ts";
import type { Installation, InstallationStore, WebRequest } from "../../../src/types.ts";
import { badType, badValue, errorOf, failure, rejection } from "../../support/failure.ts";
import { hashOf, mintHs256 } from "../../support/mint.ts";
import { tells } from "../../support/tells.ts";

const NOW = 1_800_000_000;
const app = { appKey: "com.example.app", baseUrl: "https://app.example.com/connect" };

/** One host for all but those who spoil it: making its keys takes a while. */
const clock = { time: NOW };
const shared = createFakeHost({ now: () => clock.time });
let trafficBefore = 0;

beforeEach(() => {
  clock.time = NOW;
  trafficBefore = shared.traffic.length;
});

/** The URLs that were fetched in this test. */
function fetched(host: FakeHost = shared): string[] {
  return host.traffic.slice(host === shared ? trafficBefore : 0).map(({ url }) => url);
}

interface Scene {
  readonly tenant: FakeInstallation;
  readonly verify: (request: WebRequest) => Promise<object>;
  readonly send: (event: LifecycleEvent, change?: LifecycleOptions) => Promise<object>;
}

function setUp(options: Partial<LifecycleVerifierOptions> = {}, host: FakeHost = shared): Scene {
  const tenant = host.install(app);
  const installations = memoryInstallations([tenant]);
  const verify = createLifecycleVerifier({ ...app, installations, fetch: host.fetch, now: () => NOW, ...options });
  const send = async (event: LifecycleEvent, change: LifecycleOptions = {}): Promise<object> =>
    verify(await host.lifecycleRequest(event, change));
  return { tenant, verify, send };
}

const badBody = (rule: string): object => ({
  name: "InstallationError",
  code: "ERR_LIFECYCLE_BODY",
  message: `lifecycle body ${rule}`,
});

describe("createLifecycleVerifier", () => {
  test.each<LifecycleEvent>(["installed", "uninstalled", "enabled", "disabled"])("proves %s", async (event) => {
    const { send, tenant } = setUp();
    const identity = await send(event);
    expect(identity).toMatchObject({
      kind: "lifecycle",
      event,
      clientKey: tenant.clientKey,
      payload: { key: app.appKey, clientKey: tenant.clientKey, eventType: event, baseUrl: tenant.baseUrl },
    });
  });

  test("the secret is in the payload of installed, and neither JSON nor a log of the identity shows it", async () => {
    const { send, tenant } = setUp();
    const identity = (await send("installed")) as { payload: { sharedSecret: string } };
    expect(identity.payload.sharedSecret).toBe(tenant.sharedSecret);
    expect(tells(identity, tenant.sharedSecret)).toBe(false);
  });

  test("leaves the body to the caller", async () => {
    const { verify, tenant } = setUp();
    const request = await shared.lifecycleRequest("installed");
    await verify(request);
    expect(await request.json()).toMatchObject({ clientKey: tenant.clientKey });
  });

  test("asks the primary key server, the older one when the key is not there, and each key once", async () => {
    const [primary = "", fallback = ""] = shared.endpoints.keyServers;
    const origins = (): string[] => fetched().map((url) => new URL(url).origin);
    const { send } = setUp();
    await send("installed");
    await send("uninstalled");
    expect(origins()).toEqual([primary]);
    const restore = shared.misbehave(primary, { kind: "html" });
    await setUp().send("installed");
    restore();
    expect(origins()).toEqual([primary, primary, fallback]);
  });

  test("a rotated key is just another key", async () => {
    const host = createFakeHost({ now: () => NOW });
    const { send } = setUp({}, host);
    await send("installed");
    await host.rotateInstallKey();
    expect(await send("installed")).toMatchObject({ event: "installed" });
  });

  test.each(["staging", "fedramp", "fedramp-staging"] as const)("%s has key servers of its own", async (environment) => {
    const { send } = setUp({ environment });
    expect(await send("installed", { environment })).toMatchObject({ event: "installed" });
    expect(await rejection(send("installed"))).toMatchObject({ code: "ERR_KEY_NOT_FOUND" });
  });

  test("nothing in the request chooses the key servers", async () => {
    const body = { baseUrl: "https://evil.jira-dev.com" };
    expect(await rejection(setUp().send("installed", { environment: "staging", body }))).toMatchObject({ code: "ERR_KEY_NOT_FOUND" });
    expect(fetched().map((url) => new URL(url).origin)).toEqual(shared.endpoints.keyServers);
  });

  test("key servers may be others", async () => {
    const host = createFakeHost({
      now: () => NOW,
      endpoints: { keyServers: ["https://keys.example/install"], jwks: "https://keys.example/jwks.json" },
    });
    host.install(app);
    const verify = createLifecycleVerifier({ ...app, keyServers: ["https://keys.example/install/"], fetch: host.fetch, now: () => NOW });
    expect(await verify(await host.lifecycleRequest("installed"))).toMatchObject({ event: "installed" });
  });

  test.each(["https://app.example.com/connect", "https://app.example.com/connect/", new URL("https://app.example.com/connect")])(
    "the base URL may be written %s, or be one of a list",
    async (baseUrl) => {
      expect(await setUp({ baseUrl }).send("installed")).toMatchObject({ event: "installed" });
      const list = ["https://old.example.com", baseUrl];
      expect(await setUp({ baseUrl: list }).send("installed")).toMatchObject({ event: "installed" });
    },
  );

  test("a base URL counts as it is written and as it is normalised", async () => {
    const written = "https://App.Example.com:443/connect";
    const { send } = setUp({ baseUrl: written });
    for (const aud of [written, app.baseUrl]) {
      expect(await send("installed", { claims: { aud: [aud] } })).toMatchObject({ event: "installed" });
    }
  });

  test.each(["a%2Fb", "a/b"])("the hash of the decoded path is good for %s", async (path) => {
    const { verify, tenant } = setUp();
    const body = { key: app.appKey, clientKey: tenant.clientKey, eventType: "enabled" };
    const claims = { iss: tenant.clientKey, qsh: hashOf("POST&/a/b&"), iat: NOW, exp: NOW + 180 };
    const headers = { authorization: `JWT ${mintHs256(claims, tenant.sharedSecret)}` };
    const request = new Request(`${app.baseUrl}/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    expect(await verify(request)).toMatchObject({ event: "enabled" });
  });

  test("a token in a form body is none", async () => {
    const { verify } = setUp();
    const { url, headers } = await shared.lifecycleRequest("installed");
    const body = new URLSearchParams({ jwt: headers.get("authorization")?.slice("JWT ".length) ?? "" });
    expect(await rejection(verify(new Request(url, { method: "POST", body })))).toMatchObject({ code: "ERR_TOKEN_MISSING" });
  });

  describe("signed installs", () => {
    test.each<[LifecycleOptions["forgery"], string]>([
      ["no-token", "ERR_TOKEN_MISSING"],
      ["expired", "ERR_TOKEN_EXPIRED"],
      ["not-yet-valid", "ERR_TOKEN_NOT_YET_VALID"],
      ["no-exp", "ERR_CLAIM_MISSING"],
      ["no-issuer", "ERR_CLAIM_MISSING"],
      ["wrong-issuer", "ERR_CLAIM_MISMATCH"],
      ["wrong-audience", "ERR_CLAIM_MISMATCH"],
      ["no-qsh", "ERR_QSH_MISSING"],
      ["context-qsh", "ERR_TOKEN_KIND"],
      ["wrong-qsh", "ERR_QSH_MISMATCH"],
      ["no-kid", "ERR_KEY_ID"],
      ["unknown-kid", "ERR_KEY_NOT_FOUND"],
      ["path-kid", "ERR_KEY_ID"],
      ["crit", "ERR_TOKEN_HEADER"],
      ["alg-none", "ERR_TOKEN_ALGORITHM"],
      ["wrong-alg", "ERR_TOKEN_ALGORITHM"],
      ["wrong-key", "ERR_TOKEN_SIGNATURE"],
      ["no-signature", "ERR_TOKEN_SIGNATURE"],
      ["tampered", "ERR_TOKEN_SIGNATURE"],
      ["pem-as-secret", "ERR_TOKEN_ALGORITHM"],
      ["hmac-with-secret", "ERR_TOKEN_ALGORITHM"],
    ])("%s is refused: %s", async (forgery, code) => {
      for (const event of ["installed", "uninstalled"] as const) {
        const { send } = setUp();
        expect(await rejection(send(event, forgery === undefined ? {} : { forgery }))).toMatchObject({ code });
      }
    });

    test.each<LifecycleOptions["forgery"]>(["no-token", "alg-none", "no-kid", "path-kid", "pem-as-secret", "hmac-with-secret"])(
      "%s costs no fetch",
      async (forgery) => {
        await rejection(setUp().send("installed", forgery === undefined ? {} : { forgery }));
        expect(fetched()).toEqual([]);
      },
    );

    test("a life of more than an hour is none of an install token", async () => {
      expect(await rejection(setUp().send("installed", { lifetime: 3601 }))).toMatchObject({
        code: "ERR_CLAIM_INVALID",
        message: '"exp" claim is further from "iat" than "maxLifetime"',
      });
    });

    test.each<[string, unknown]>([
      ["our URL within another host", "https://app.example.com/connect.attacker.example"],
      ["the origin alone", "https://app.example.com"],
      ["a path below", "https://app.example.com/connect/x"],
      ["two slashes at the end", "https://app.example.com/connect//"],
    ])("an audience that is %s is not ours", async (_name, aud) => {
      const claims = { aud: [aud as string] };
      expect(await rejection(setUp().send("installed", { claims }))).toEqual({
        name: "ClaimError",
        code: "ERR_CLAIM_MISMATCH",
        message: '"aud" claim is not the expected one',
      });
    });

    test("a token of one endpoint is not good at another, nor for another body there", async () => {
      const { verify } = setUp();
      const uninstall = await shared.lifecycleRequest("uninstalled");
      const installed = await shared.lifecycleRequest("installed");
      const authorization = uninstall.headers.get("authorization") ?? "";
      const request = new Request(installed, { headers: { authorization, "content-type": "application/json" } });
      expect(await rejection(verify(request))).toMatchObject({ code: "ERR_QSH_MISMATCH" });
      const single = createLifecycleVerifier({ ...app, accept: ["installed"], fetch: shared.fetch, now: () => NOW });
      expect(await rejection(single(await shared.lifecycleRequest("installed", { body: { eventType: "uninstalled" } })))).toEqual(
        badBody('must have an "eventType" that is accepted here'),
      );
    });
  });

  describe("enabled and disabled", () => {
    test.each<[LifecycleOptions["forgery"], string]>([
      ["no-token", "ERR_TOKEN_MISSING"],
      ["expired", "ERR_TOKEN_EXPIRED"],
      ["wrong-issuer", "ERR_INSTALLATION_UNKNOWN"],
      ["no-qsh", "ERR_QSH_MISSING"],
      ["context-qsh", "ERR_TOKEN_KIND"],
      ["wrong-qsh", "ERR_QSH_MISMATCH"],
      ["wrong-key", "ERR_TOKEN_SIGNATURE"],
      ["alg-none", "ERR_TOKEN_ALGORITHM"],
    ])("%s is refused: %s", async (forgery, code) => {
      expect(await rejection(setUp().send("enabled", forgery === undefined ? {} : { forgery }))).toMatchObject({ code });
      expect(fetched()).toEqual([]);
    });

    test("a tenant that switched the app off may say that it is on again", async () => {
      const installations = memoryInstallations([{ ...shared.install(app), enabled: false }]);
      const verify = createLifecycleVerifier({ ...app, installations, fetch: shared.fetch, now: () => NOW });
      expect(await verify(await shared.lifecycleRequest("enabled"))).toMatchObject({ event: "enabled" });
    });

    test("are not taken without installations", async () => {
      shared.install(app);
      const verify = createLifecycleVerifier({ ...app, fetch: shared.fetch, now: () => NOW });
      expect(await rejection(verify(await shared.lifecycleRequest("enabled")))).toEqual(
        badBody('must have an "eventType" that is accepted here'),
      );
    });

    test("an install is never proven by the tenant's secret, whatever the body says it is", async () => {
      const { verify, tenant } = setUp();
      const enabled = await shared.lifecycleRequest("enabled", { path: "/lifecycle" });
      const body = JSON.stringify({ key: app.appKey, clientKey: tenant.clientKey, eventType: "installed", sharedSecret: "x".repeat(32) });
      const request = new Request(enabled.url, { method: "POST", headers: enabled.headers, body });
      expect(await rejection(verify(request))).toMatchObject({ code: "ERR_TOKEN_ALGORITHM" });
    });
  });

  describe("the body", () => {
    const secret = badBody('must have a usable "sharedSecret"');
    const baseUrl = badBody('must have an https URL as "baseUrl"');
    const event = badBody('must have an "eventType" that is accepted here');
    test.each<[string, LifecycleOptions["body"], object]>([
      ["another tenant", { clientKey: "victim" }, { code: "ERR_CLAIM_MISMATCH", message: '"iss" claim is not the "clientKey" of the body' }],
      ["a list as tenant", { clientKey: ["x"] }, { code: "ERR_CLAIM_MISMATCH" }],
      ["no tenant", { clientKey: undefined }, { code: "ERR_CLAIM_MISMATCH" }],
      ["another app", { key: "com.other.app" }, { code: "ERR_CLAIM_MISMATCH", message: 'token came with a body whose "key" is another app' }],
      ["no app", { key: undefined }, { code: "ERR_CLAIM_MISMATCH" }],
      ["no event", { eventType: undefined }, event],
      ["another event", { eventType: "upgraded" }, event],
      ["a list as event", { eventType: ["installed"] }, event],
      ["no secret", { sharedSecret: undefined }, secret],
      ["an empty secret", { sharedSecret: "" }, secret],
      ["a short secret", { sharedSecret: "short" }, secret],
      ["a list as secret", { sharedSecret: ["x".repeat(32)] }, secret],
      ["no base URL", { baseUrl: undefined }, baseUrl],
      ["an http base URL", { baseUrl: "http://example.atlassian.net" }, baseUrl],
      ["a script as base URL", { baseUrl: "javascript:alert(1)" }, baseUrl],
      ["an object as base URL", { baseUrl: { href: "https://example.atlassian.net" } }, baseUrl],
      ["a base URL with a query", { baseUrl: "https://example.atlassian.net/?a" }, baseUrl],
      ["a number as client id", { oauthClientId: 5 }, badBody('must have a string as "oauthClientId"')],
      ["a number as installation", { installationId: 5 }, badBody('must have a string as "installationId"')],
      ["a list as product", { productType: [] }, badBody('must have a string as "productType"')],
    ])("with %s is refused", async (_name, body = {}, expected) => {
      expect(await rejection(setUp().send("installed", { body }))).toMatchObject(expected);
    });

    test.each(["clientKey", "key"])("the error of another %s names the claim that it is held against", async (name) => {
      const claim = { clientKey: "iss", key: "aud" }[name];
      expect(await errorOf(setUp().send("installed", { body: { [name]: "other" } }))).toMatchObject({ claim });
    });

    test("may say null, as products do, where there is nothing to say", async () => {
      const body = { oauthClientId: null, installationId: null, productType: null };
      expect(await setUp().send("installed", { body })).toMatchObject({ payload: body });
    });

    test.each<LifecycleEvent>(["uninstalled", "enabled", "disabled"])("of %s needs no base URL, but may bring no bad one", async (name) => {
      expect(await setUp().send(name, { body: { baseUrl: undefined } })).toMatchObject({ event: name });
      expect(await rejection(setUp().send(name, { body: { baseUrl: "http://example.atlassian.net" } }))).toEqual(baseUrl);
    });

    test("may bring an http base URL where that is allowed", async () => {
      const body = { baseUrl: "http://jira.internal.example" };
      expect(await setUp({ unsafeHttp: true }).send("installed", { body })).toMatchObject({ payload: body });
      expect(await rejection(setUp({ unsafeHttp: false }).send("installed", { body }))).toEqual(baseUrl);
    });

    test.each<[string, BodyInit]>([
      ["nothing", ""],
      ["no JSON", "<html>"],
      ["a list", "[]"],
      ["a member twice", '{"eventType":"installed","eventType":"installed"}'],
      ["no UTF-8", new Uint8Array([0x7b, 0xff, 0x7d])],
    ])("of %s is refused before any key is looked for", async (_name, body) => {
      const { verify } = setUp();
      const { url, headers } = await shared.lifecycleRequest("installed");
      expect(await rejection(verify(new Request(url, { method: "POST", headers, body })))).toEqual(badBody("must be one JSON object"));
      expect(fetched()).toEqual([]);
    });

    test("beyond 64 kibibytes is not read", async () => {
      expect(await rejection(setUp().send("installed", { body: { description: "x".repeat(65_536) } }))).toEqual(
        badBody("could not be read within 65536 bytes"),
      );
    });

    test("a secret that is short is good where it is allowed", async () => {
      const { send } = setUp({ allowShortSecret: true });
      expect(await send("installed", { body: { sharedSecret: "short" } })).toMatchObject({ payload: { sharedSecret: "short" } });
    });

    test("nothing of it is told", async () => {
      const marked = { sharedSecret: "c4nary", clientKey: "c4nary", key: "c4nary", baseUrl: "c4nary" };
      for (const [name, value] of Object.entries(marked)) {
        expect(tells(await errorOf(setUp().send("installed", { body: { [name]: value } })), "c4nary")).toBe(false);
      }
    });
  });

  test("a replay guard is told last, and a token passes once", async () => {
    const { verify, tenant } = setUp({ replayGuard: memoryReplayGuard({ now: () => NOW }) });
    const request = await shared.lifecycleRequest("installed");
    const spoiled = new Request(request.clone(), { body: JSON.stringify({ key: app.appKey, eventType: "installed" }), method: "POST" });
    expect(await rejection(verify(spoiled))).toMatchObject({ code: "ERR_CLAIM_MISMATCH" });
    expect(await verify(request.clone())).toMatchObject({ clientKey: tenant.clientKey });
    expect(await rejection(verify(request))).toMatchObject({ code: "ERR_TOKEN_REPLAYED" });
  });

  test("the budget of key fetches binds, found keys not counted", async () => {
    const { send } = setUp({ maxKeyFetches: 1 });
    await send("installed");
    await send("installed");
    expect(await rejection(send("installed", { forgery: "unknown-kid" }))).toMatchObject({ code: "ERR_KEY_RATE_LIMIT" });
  });

  test.each<[string, object, object]>([
    ["appKey", { appKey: "" }, badValue('"options.appKey" must not be empty')],
    ["baseUrl", { baseUrl: [] }, badValue('"options.baseUrl" must not be empty')],
    ["baseUrl", { baseUrl: ["https://a.example", "http://b.example"] }, badValue('"options.baseUrl" must be an https URL')],
    ["environment", { environment: "prod" }, badValue('"options.environment" must be production, staging, fedramp or fedramp-staging')],
    ["environment", { environment: "__proto__" }, badValue('"options.environment" must be production, staging, fedramp or fedramp-staging')],
    ["keyServers", { keyServers: ["http://keys.example"] }, badValue('"options.keyServers" must be an https URL')],
    ["keyServers", { keyServers: [] }, { code: "ERR_INVALID_ARG_TYPE", message: '"options.keyServers" must be a list of URLs' }],
    ["accept", { accept: ["enabled"] }, { message: '"options.accept" must be a list of "installed", "uninstalled" and, with "options.installations", "enabled" and "disabled"' }],
    ["accept", { accept: ["installed", "upgraded"] }, { code: "ERR_INVALID_ARG_VALUE" }],
    ["accept", { accept: [] }, { code: "ERR_INVALID_ARG_VALUE" }],
    ["leeway", { leeway: -1 }, badValue('"options.leeway" must be 0 to 300 seconds')],
    ["timeout", { timeout: Number.NaN }, badValue('"options.timeout" must be a number of seconds, at most 60')],
    ["now", { now: NOW }, badType('"options.now" must be a function')],
    ["maxKeyFetches", { maxKeyFetches: 0 }, badValue('"options.maxKeyFetches" must be a whole number of at least 1')],
    ["fetch", { fetch: "fetch" }, { code: "ERR_INVALID_ARG_TYPE", message: '"options.fetch" must be a function' }],
  ])("%s %o dies at the door", (_name, change, expected) => {
    expect(failure(() => createLifecycleVerifier({ ...app, ...change } as LifecycleVerifierOptions))).toMatchObject(expected);
  });
});

test("the app may live at http where that is said to be unsafe, and there alone", () => {
  const http = { ...app, baseUrl: "http://app.internal.example" };
  createLifecycleVerifier({ ...http, unsafeHttp: true });
  expect(failure(() => createLifecycleVerifier(http))).toEqual(badValue('"options.baseUrl" must be an https URL'));
});

describe("createLifecycleHandler", () => {
  interface HandlerScene {
    readonly host: FakeHost;
    readonly store: ReturnType<typeof memoryInstallations>;
    readonly errors: unknown[];
    readonly handler: (request: WebRequest) => Promise<Response>;
  }

  function handle(options: Partial<LifecycleHandlerOptions> = {}, host: FakeHost = shared): HandlerScene {
    const errors: unknown[] = [];
    const store = memoryInstallations();
    const handler = createLifecycleHandler({
      ...app,
      installations: store,
      fetch: host.fetch,
      now: () => clock.time,
      onError: (error) => errors.push(error),
      ...options,
    });
    return { host, store, errors, handler };
  }

  test("an install is stored with what the product said, and answered with 204", async () => {
    const { host, store, handler } = handle();
    const tenant = await host.installSigned({ ...app, fetch: handler });
    const { clientKey, sharedSecret, baseUrl, oauthClientId, installationId, productType } = tenant;
    expect(store.find(clientKey)).toEqual({ clientKey, sharedSecret, baseUrl, oauthClientId, installationId, productType });
  });

  test("a re-install rotates: the former secret stays good for a window, three at most", async () => {
    const { host, store, handler } = handle();
    const secrets: string[] = [];
    let clientKey = "";
    for (let i = 0; i < 5; i++) {
      const tenant = await host.installSigned({ ...app, fetch: handler });
      secrets.unshift(tenant.sharedSecret);
      clientKey = tenant.clientKey;
      clock.time += 60;
    }
    const [current = "", ...former] = secrets;
    expect(new Set(secrets).size).toBe(5);
    expect(store.find(clientKey)).toMatchObject({
      sharedSecret: current,
      previousSecrets: former.slice(0, 3).map((sharedSecret, i) => ({ sharedSecret, validUntil: NOW + 540 - 60 * i })),
    });
    clock.time += 3600;
    await host.installSigned({ ...app, fetch: handler });
    expect(store.find(clientKey)?.previousSecrets).toEqual([{ sharedSecret: current, validUntil: clock.time + 300 }]);
  });

  test("the same secret again is no rotation, and a secret that comes back is no former one", async () => {
    const { host, store, handler } = handle();
    const app2 = { ...app, fetch: handler };
    const { clientKey } = await host.installSigned(app2, { sharedSecret: "a".repeat(32) });
    await host.installSigned(app2, { sharedSecret: "a".repeat(32) });
    expect(store.find(clientKey)).not.toHaveProperty("previousSecrets");
    await host.installSigned(app2, { sharedSecret: "b".repeat(32) });
    await host.installSigned(app2, { sharedSecret: "a".repeat(32) });
    expect(store.find(clientKey)?.previousSecrets).toEqual([{ sharedSecret: "b".repeat(32), validUntil: NOW + 300 }]);
  });

  test("what a re-install says nothing about stays as it was", async () => {
    const { host, store, handler } = handle();
    const { clientKey, oauthClientId, installationId } = await host.installSigned({ ...app, fetch: handler });
    const body = { oauthClientId: null, installationId: undefined };
    expect((await handler(await host.lifecycleRequest("installed", { body }))).status).toBe(204);
    expect(store.find(clientKey)).toMatchObject({ oauthClientId, installationId });
  });

  test("what an install says nothing about is not in the record", async () => {
    const { host, store, handler } = handle();
    const { clientKey } = host.install(app);
    const body = { oauthClientId: null, installationId: undefined };
    await handler(await host.lifecycleRequest("installed", { body }));
    expect(Object.keys(store.find(clientKey) ?? {}).sort()).toEqual(["baseUrl", "clientKey", "productType", "sharedSecret"]);
  });

  /** A store that takes its time over the second record that it is asked for, and says so: `disabled` asks for its secret first. */
  function slowly(store: ReturnType<typeof memoryInstallations>): { asked: () => Promise<void>; slow: InstallationStore } {
    let finds = 0;
    let tell = (): void => {};
    const asked = new Promise<void>((resolve) => (tell = resolve));
    const slow: InstallationStore = {
      ...store,
      async find(clientKey) {
        const found = store.find(clientKey);
        if (++finds !== 2) return found;
        tell();
        // Much longer than another event takes.
        await new Promise((resolve) => void setTimeout(resolve, 400));
        return found;
      },
    };
    return { asked: () => asked, slow };
  }

  test("a new secret is not lost to an event that began before it came", async () => {
    const { host, store, handler } = handle();
    const { clientKey } = await host.installSigned({ ...app, fetch: handler });
    const slow = slowly(store);
    const late = handle({ installations: slow.slow });
    const disabled = late.handler(await host.lifecycleRequest("disabled"));
    await slow.asked();
    const { sharedSecret } = await host.installSigned({ ...app, fetch: late.handler });
    expect((await disabled).status).toBe(204);
    expect(store.find(clientKey)).toMatchObject({ sharedSecret });
  });

  test("a tenant that is removed while it is being marked is not brought back", async () => {
    const { host, store, handler } = handle();
    const { clientKey } = await host.installSigned({ ...app, fetch: handler });
    const slow = slowly(store);
    const late = handle({ installations: slow.slow });
    const uninstalled = await host.lifecycleRequest("uninstalled");
    const disabled = late.handler(await host.lifecycleRequest("disabled"));
    await slow.asked();
    expect((await late.handler(uninstalled)).status).toBe(204);
    expect((await disabled).status).toBe(204);
    expect(store.find(clientKey)).toBe(undefined);
  });

  test.each([
    ["null", null],
    ["another tenant's record", { clientKey: "another", sharedSecret: "x".repeat(32) }],
  ])("a store that answers a first install with %s knows nothing of it", async (_, answer) => {
    const save = vi.fn();
    const { handler } = handle({ installations: { find: () => answer as never, save, remove: vi.fn() } });
    const { clientKey, sharedSecret } = await shared.installSigned({ ...app, fetch: handler });
    expect(save.mock.calls).toMatchObject([[{ clientKey, sharedSecret }]]);
    expect(save.mock.calls[0]?.[0]).not.toHaveProperty("previousSecrets");
  });

  test("a tenant that is removed while it is being marked is not saved", async () => {
    const tenant = shared.install(app);
    const answers: (Installation | undefined)[] = [tenant, undefined];
    const save = vi.fn();
    const { handler } = handle({ installations: { find: () => answers.shift(), save, remove: vi.fn() } });
    expect((await handler(await shared.lifecycleRequest("disabled"))).status).toBe(204);
    expect(answers).toEqual([]);
    expect(save).not.toHaveBeenCalled();
  });

  test("answers without a logger too", async () => {
    const handler = createLifecycleHandler({ ...app, installations: memoryInstallations(), fetch: shared.fetch, now: () => NOW });
    shared.install(app);
    expect((await handler(await shared.lifecycleRequest("installed", { forgery: "no-token" }))).status).toBe(401);
  });

  test("a window of nothing drops the former secret at once", async () => {
    const { host, store, handler } = handle({ rotationWindow: 0 });
    await host.installSigned({ ...app, fetch: handler });
    const { clientKey } = await host.installSigned({ ...app, fetch: handler });
    expect(store.find(clientKey)).not.toHaveProperty("previousSecrets");
  });

  test("enabled and disabled mark the tenant, a re-install enables it, uninstalled removes it", async () => {
    const { host, store, handler } = handle();
    const { clientKey } = await host.installSigned({ ...app, fetch: handler });
    const tell = async (event: LifecycleEvent): Promise<unknown> => {
      expect((await handler(await host.lifecycleRequest(event))).status).toBe(204);
      return store.find(clientKey)?.enabled;
    };
    expect([await tell("disabled"), await tell("enabled"), await tell("disabled")]).toEqual([false, true, false]);
    await host.installSigned({ ...app, fetch: handler });
    expect(store.find(clientKey)).not.toHaveProperty("enabled");
    await tell("uninstalled");
    expect(store.find(clientKey)).toBe(undefined);
    expect((await handler(await host.lifecycleRequest("enabled"))).status).toBe(401);
  });

  test("what is not proven changes nothing", async () => {
    const { host, store, errors, handler } = handle();
    const tenant = await host.installSigned({ ...app, fetch: handler });
    const before = store.find(tenant.clientKey);
    const attack = { forgery: "hmac-with-secret", body: { sharedSecret: "attacker-secret-of-32-bytes-or-more" } } as const;
    const response = await handler(await host.lifecycleRequest("installed", attack));
    expect([response.status, response.headers.get("content-type")]).toEqual([401, "application/problem+json"]);
    await handler(await host.lifecycleRequest("uninstalled", { forgery: "wrong-key" }));
    expect(store.find(tenant.clientKey)).toEqual(before);
    expect(errors).toMatchObject([{ code: "ERR_TOKEN_ALGORITHM" }, { code: "ERR_TOKEN_SIGNATURE" }]);
  });

  test("a body that cannot be used is a 400, a key server that cannot be asked a 503", async () => {
    const { host, handler } = handle({ timeout: 0.05 }, createFakeHost({ now: () => NOW }));
    host.install(app);
    expect((await handler(await host.lifecycleRequest("installed", { body: { sharedSecret: "short" } }))).status).toBe(400);
    for (const server of host.endpoints.keyServers) host.misbehave(server, { kind: "hang" });
    await host.rotateInstallKey();
    const response = await handler(await host.lifecycleRequest("installed"));
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "30"]);
  });

  test.each<[string, keyof Pick<LifecycleHandlerOptions["installations"], "find" | "save" | "remove">, LifecycleEvent]>([
    ["find", "find", "installed"],
    ["save", "save", "installed"],
    ["remove", "remove", "uninstalled"],
  ])("H7: a store whose %s fails or hangs is a 503 that tells nothing", async (_name, method, event) => {
    for (const broken of [() => Promise.reject(new Error("s3cret")), () => new Promise<never>(() => undefined)]) {
      const store = { ...memoryInstallations(), [method]: broken };
      const { host, errors, handler } = handle({ installations: store, timeout: 0.02 });
      host.install(app);
      expect((await handler(await host.lifecycleRequest(event))).status).toBe(503);
      expect(errors).toMatchObject([{ code: "ERR_INSTALLATION_LOOKUP" }]);
      expect(tells(errors[0], "s3cret")).toBe(false);
    }
  });

  test("onEvent is told after the store, and its failure is a 500", async () => {
    const seen: (Installation | undefined)[] = [];
    const { host, store, errors, handler } = handle({
      onEvent: ({ clientKey }) => {
        seen.push(store.find(clientKey));
        if (seen.length === 2) throw new Error("mine");
      },
    });
    const tenant = await host.installSigned({ ...app, fetch: handler });
    expect(seen).toMatchObject([{ clientKey: tenant.clientKey }]);
    expect((await handler(await host.lifecycleRequest("installed"))).status).toBe(500);
    expect(errors).toEqual([new Error("mine")]);
  });

  test.each<[string, object, object]>([
    ["a function is no store", { installations: () => undefined }, { message: '"options.installations" must have a method "find"' }],
    ["a store that cannot save", { installations: { find: vi.fn() } }, { message: '"options.installations" must have a method "save"' }],
    ["no store", { installations: undefined }, { code: "ERR_INVALID_ARG_TYPE" }],
    ["a window that is none", { rotationWindow: Number.NaN }, badValue('"options.rotationWindow" must be 0 to 2592000 seconds')],
    ["a listener that is none", { onEvent: "log" }, { message: '"options.onEvent" must be a function' }],
    ["a logger that is none", { onError: "log" }, { message: '"options.onError" must be a function' }],
  ])("%s: dies at the door", (_name, change, expected) => {
    const options = { ...app, installations: memoryInstallations(), ...change } as LifecycleHandlerOptions;
    expect(failure(() => createLifecycleHandler(options))).toMatchObject(expected);
  });
});
