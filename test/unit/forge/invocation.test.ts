import { inspect } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import { memoryReplayGuard } from "../../../src/connect/replay.ts";
import { createForgeVerifier } from "../../../src/forge/invocation.ts";
import type { ForgeIdentity, ForgeVerifierOptions } from "../../../src/forge/invocation.ts";
import { createFakeHost } from "../../../src/testing/index.ts";
import type { ForgeRequestOptions } from "../../../src/testing/index.ts";
import { badValue, failure, rejection } from "../../support/failure.ts";
import { tells } from "../../support/tells.ts";

const NOW = 1_800_000_000;
const id = "8ed7a3a7-0000-4000-8000-000000000001";
const appId = `ari:cloud:ecosystem::app/${id}`;
const clock = { time: NOW };
const host = createFakeHost({ now: () => clock.time });
const url = "https://remote.example/api";
let before = 0;

beforeEach(() => {
  clock.time = NOW;
  before = host.traffic.length;
});

function fetched(): string[] {
  return host.traffic.slice(before).map((one) => one.url);
}

function verifier(options: Partial<ForgeVerifierOptions> = {}): (request: Request) => Promise<ForgeIdentity> {
  return createForgeVerifier({ appId, fetch: host.fetch, now: () => clock.time, ...options });
}

async function verify(change: Partial<ForgeRequestOptions> = {}, options: Partial<ForgeVerifierOptions> = {}): Promise<ForgeIdentity> {
  return verifier(options)(await host.forgeRequest({ appId, url, ...change }));
}

describe("createForgeVerifier", () => {
  test("says which install calls, about what, and for whom", async () => {
    const identity = await verify({ user: "user-1", context: { localId: "l" }, installationId: "ari:installation" });
    expect(identity).toMatchObject({
      kind: "forge",
      app: { id: appId, installationId: "ari:installation", module: { type: "jira:issuePanel", key: "panel" } },
      context: { localId: "l", accountId: "user-1" },
      principal: "user-1",
      claims: { iss: "forge/invocation-token", aud: appId },
    });
  });

  test("a call of the app's own backend has no context and no principal", async () => {
    const identity = await verify({ context: null });
    expect(identity).not.toHaveProperty("context");
    expect(identity).not.toHaveProperty("principal");
  });

  test("the app may be named by the bare id", async () => {
    expect((await verify({}, { appId: id })).app.id).toBe(appId);
  });

  test("the audience may be a list, and the app claim may be missing", async () => {
    expect((await verify({ claims: { aud: ["x", appId] } })).app.id).toBe(appId);
    expect((await verify({ claims: { app: undefined } })).app).toEqual({ id: appId });
  });

  test("leaves the body to the caller", async () => {
    const request = await host.forgeRequest({ appId, url, body: { a: 1 } });
    await verifier()(request);
    expect(await request.json()).toEqual({ a: 1 });
  });

  test.each<[ForgeRequestOptions["forgery"], string]>([
    ["no-token", "ERR_TOKEN_MISSING"],
    ["expired", "ERR_TOKEN_EXPIRED"],
    ["not-yet-valid", "ERR_TOKEN_NOT_YET_VALID"],
    ["no-exp", "ERR_CLAIM_MISSING"],
    ["no-issuer", "ERR_CLAIM_MISSING"],
    ["wrong-issuer", "ERR_CLAIM_MISMATCH"],
    ["wrong-audience", "ERR_CLAIM_MISMATCH"],
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
    expect(await rejection(verify(forgery === undefined ? {} : { forgery }))).toMatchObject({ code });
  });

  test.each<ForgeRequestOptions["forgery"]>(["no-token", "alg-none", "no-kid", "path-kid", "pem-as-secret"])(
    "%s costs no fetch",
    async (forgery) => {
      await rejection(verify(forgery === undefined ? {} : { forgery }));
      expect(fetched()).toEqual([]);
    },
  );

  test.each<[string, ForgeRequestOptions["claims"], object]>([
    ["another app in the app claim", { app: { id: `${appId}x` } }, { code: "ERR_CLAIM_MISMATCH", message: '"app" claim is not the expected one' }],
    ["an app claim that is no object", { app: appId }, { code: "ERR_CLAIM_INVALID", message: '"app" claim must be an object' }],
    ["a context that is no object", { context: [] }, { code: "ERR_CLAIM_INVALID", message: '"context" claim must be an object' }],
    ["the bare id as audience", { aud: id }, { code: "ERR_CLAIM_MISMATCH", message: '"aud" claim is not the expected one' }],
    ["no audience", { aud: undefined }, { code: "ERR_CLAIM_MISSING" }],
    ["no iat", { iat: undefined }, { code: "ERR_CLAIM_MISSING" }],
    ["a life of more than an hour", { exp: NOW + 3601 }, { code: "ERR_CLAIM_INVALID" }],
  ])("%s is refused", async (_name, claims = {}, expected) => {
    expect(await rejection(verify({ claims }))).toMatchObject(expected);
  });

  test("a principal that is no text is none", async () => {
    expect(await verify({ claims: { principal: { a: 1 } } })).not.toHaveProperty("principal");
  });

  test("five seconds of leeway unless told", async () => {
    const request = await host.forgeRequest({ appId, url });
    clock.time = NOW + 29.9;
    expect((await verifier()(request)).kind).toBe("forge");
    clock.time = NOW + 30;
    expect(await rejection(verifier()(request))).toMatchObject({ code: "ERR_TOKEN_EXPIRED" });
    expect((await verifier({ leeway: 30 })(request)).kind).toBe("forge");
  });

  test("a comma-joined header is ambiguous, another scheme is no token", async () => {
    const send = (authorization: string): Promise<unknown> => rejection(verifier()(new Request(url, { headers: { authorization } })));
    expect(await send("Bearer a.b.c, Bearer a.b.c")).toMatchObject({ code: "ERR_TOKEN_AMBIGUOUS" });
    expect(await send("JWT a.b.c")).toMatchObject({ code: "ERR_TOKEN_MISSING" });
    expect(await send("Bearer a.b.c")).toMatchObject({ code: "ERR_TOKEN_MALFORMED" });
  });

  test("the key set is fetched once, from where the configuration says", async () => {
    const verifyOne = verifier();
    for (let i = 0; i < 3; i++) await verifyOne(await host.forgeRequest({ appId, url }));
    expect(fetched()).toEqual([host.endpoints.jwks]);
  });

  test("staging has a set of its own, and nothing in a token chooses it", async () => {
    expect((await verify({ environment: "staging" }, { environment: "staging" })).kind).toBe("forge");
    const claims = { app: { id: appId, apiBaseUrl: "https://api.stg.atlassian.com/ex/jira/x" } };
    expect(await rejection(verify({ environment: "staging", claims }))).toMatchObject({ code: "ERR_KEY_NOT_FOUND" });
    expect(fetched()).toEqual(["https://forge.cdn.stg.atlassian-dev.net/.well-known/jwks.json", host.endpoints.jwks]);
  });

  test("a key that was rotated in is found, not within 30 seconds of the last fetch", async () => {
    const own = createFakeHost({ now: () => clock.time });
    const verifyOne = createForgeVerifier({ appId, fetch: own.fetch, now: () => clock.time });
    await verifyOne(await own.forgeRequest({ appId, url }));
    await own.rotateForgeKey();
    expect(await rejection(verifyOne(await own.forgeRequest({ appId, url })))).toMatchObject({ code: "ERR_KEY_NOT_FOUND" });
    clock.time += 30;
    expect((await verifyOne(await own.forgeRequest({ appId, url }))).kind).toBe("forge");
    expect(own.count(own.endpoints.jwks)).toBe(2);
  });

  test("a token passes a replay guard once", async () => {
    const verifyOne = verifier({ replayGuard: memoryReplayGuard({ now: () => clock.time }) });
    const request = await host.forgeRequest({ appId, url });
    await verifyOne(request);
    expect(await rejection(verifyOne(request))).toMatchObject({ code: "ERR_TOKEN_REPLAYED" });
  });

  test("tokens to act with are handed on, and shown to nobody", async () => {
    const identity = await verify({ systemToken: "system-s3cret", userToken: "user-s3cret" });
    const { systemToken, userToken } = identity;
    expect([systemToken?.reveal(), userToken?.reveal()]).toEqual(["system-s3cret", "user-s3cret"]);
    expect([`${String(systemToken)}`, JSON.stringify({ userToken })]).toEqual(["[redacted]", '{"userToken":"[redacted]"}']);
    expect(tells(identity, "s3cret")).toBe(false);
    expect(inspect(systemToken, { showHidden: true })).not.toContain("s3cret");
    expect(await verify()).not.toHaveProperty("systemToken");
  });

  test("trace ids are handed on when they are hex", async () => {
    const request = await host.forgeRequest({ appId, url });
    const identity = await verifier()(request);
    expect(identity.trace).toEqual({
      traceId: request.headers.get("x-b3-traceid"),
      spanId: request.headers.get("x-b3-spanid"),
    });
    request.headers.set("x-b3-traceid", "admin logged in");
    expect((await verifier()(request)).trace).toEqual({ spanId: request.headers.get("x-b3-spanid") });
    request.headers.delete("x-b3-spanid");
    expect(await verifier()(request)).not.toHaveProperty("trace");
  });

  test.each<[object, object]>([
    [{ appId: undefined }, { code: "ERR_INVALID_ARG_TYPE", message: '"options.appId" must be a string' }],
    [{ appId: "" }, badValue('"options.appId" must not be empty')],
    [{ appId: "ari:cloud:ecosystem::app/" }, badValue('"options.appId" must be an app\'s ARI or the id in it')],
    [{ appId: "ari:cloud:ecosystem::installation/x" }, badValue('"options.appId" must be an app\'s ARI or the id in it')],
    [{ appId, environment: "fedramp" }, badValue('"options.environment" must be production or staging')],
    [{ appId, jwksUrl: "http://keys.example/jwks.json" }, badValue('"options.jwksUrl" must be an https URL')],
    [{ appId, leeway: 301 }, badValue('"options.leeway" must be 0 to 300 seconds')],
    [{ appId, timeout: 0 }, badValue('"options.timeout" must be a number of seconds, at most 60')],
    [{ appId, maxKeyFetches: "5" }, badValue('"options.maxKeyFetches" must be a whole number of at least 1')],
    [{ appId, replayGuard: {} }, { code: "ERR_INVALID_ARG_TYPE" }],
    [{ appId, now: 5 }, { code: "ERR_INVALID_ARG_TYPE", message: '"options.now" must be a function' }],
  ])("%o dies at the door", (options, expected) => {
    expect(failure(() => createForgeVerifier(options as ForgeVerifierOptions))).toMatchObject(expected);
  });

  test("no Request is the caller's mistake", async () => {
    expect(await rejection(verifier()({} as Request))).toEqual({
      name: "TypeError",
      code: "ERR_INVALID_ARG_TYPE",
      message: '"request" must be a Request',
    });
  });
});
