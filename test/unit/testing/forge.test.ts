import { createPublicKey, type JsonWebKey } from "node:crypto";
import { expect, test } from "vitest";
import { createFakeHost } from "../../../src/testing/index.ts";
import { type Claims, credentialOf, decoded, handVerifiedRsa } from "./hand-signed.ts";

const NOW = 1_800_000_000;
const APP_ID = "ari:cloud:ecosystem::app/8ed7a3a7-0000-4000-8000-000000000001";
const host = createFakeHost({ now: () => NOW });

async function keySet(url: string = host.endpoints.jwks): Promise<(JsonWebKey & { kid: string })[]> {
  const { keys } = (await (await host.fetch(new Request(url))).json()) as { keys: (JsonWebKey & { kid: string })[] };
  return keys;
}

async function read(token: string, url?: string): Promise<{ header: Claims; claims: Claims }> {
  const jwk = (await keySet(url)).find(({ kid }) => kid === decoded(token).header["kid"]);
  if (jwk === undefined) throw new Error("the key set has no such key");
  return handVerifiedRsa(
    token,
    String(createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" })),
  );
}

test("an invocation token is what the contract says", async () => {
  const { header, claims } = await read(await host.invocationToken({ appId: APP_ID, user: "557058:u" }));
  expect(header).toEqual({ alg: "RS256", kid: header["kid"] });
  expect(header["kid"]).toMatch(/^forge\/invocation-token\/wf-[0-9a-f-]{36}$/);
  expect(claims).toMatchObject({
    app: { id: APP_ID, appVersion: "5.0.0", environment: { type: "PRODUCTION" }, module: { type: "jira:issuePanel" } },
    context: { siteUrl: "https://example.atlassian.net", accountId: "557058:u" },
    principal: "557058:u",
    iss: "forge/invocation-token",
    aud: APP_ID,
    iat: NOW,
    nbf: NOW,
    exp: NOW + 25,
  });
  expect(claims["jti"]).toMatch(/^[0-9a-f]{40}$/);
});

test("a bare app id is made an ARI; a call of a backend has no context and no principal", async () => {
  const { claims } = await read(
    await host.invocationToken({ appId: APP_ID.slice(APP_ID.indexOf("/") + 1), context: null }),
  );
  expect(claims["aud"]).toBe(APP_ID);
  expect(claims).not.toHaveProperty("context");
  expect(claims).not.toHaveProperty("principal");
});

test("a call to a remote has its headers", async () => {
  const request = await host.forgeRequest({
    appId: APP_ID,
    url: "https://app.example.com/remote",
    body: { hello: "there" },
    systemToken: true,
    userToken: "opaque",
  });
  expect([request.method, request.url, await request.json()]).toEqual([
    "POST",
    "https://app.example.com/remote",
    { hello: "there" },
  ]);
  await read(credentialOf(request, "Bearer"));
  expect(request.headers.get("x-forge-oauth-system")).toMatch(/^[\w-]{43}$/);
  expect(request.headers.get("x-forge-oauth-user")).toBe("opaque");
  expect(request.headers.get("x-b3-traceid")).toMatch(/^[0-9a-f]{32}$/);
  expect(request.headers.get("x-b3-spanid")).toMatch(/^[0-9a-f]{16}$/);
});

test("rotation adds a key, and may retire the others", async () => {
  const old = await host.invocationToken({ appId: APP_ID });
  const kid = await host.rotateForgeKey();
  expect((await read(await host.invocationToken({ appId: APP_ID }))).header["kid"]).toBe(kid);
  await read(old);
  await host.rotateForgeKey({ retire: true });
  expect(await keySet()).toHaveLength(1);
  await expect(read(old)).rejects.toThrow("the key set has no such key");
});

test("staging is a decoy with keys of its own", async () => {
  const staging = "https://forge.cdn.stg.atlassian-dev.net/.well-known/jwks.json";
  const token = await host.invocationToken({ appId: APP_ID, environment: "staging" });
  await read(token, staging);
  await expect(read(token)).rejects.toThrow("the key set has no such key");
  expect(host.count(staging)).toBe(1);
});

test("forgeries", async () => {
  const request = await host.forgeRequest({ appId: APP_ID, url: "https://app.example.com", forgery: "no-token" });
  expect(request.headers.has("authorization")).toBe(false);
  const wrong = await host.invocationToken({ appId: APP_ID, forgery: "wrong-key" });
  await expect(read(wrong)).rejects.toThrow("the signature does not match");
  const late = await host.invocationToken({ appId: APP_ID, forgery: "expired" });
  expect((await read(late)).claims).toMatchObject({ nbf: NOW - 7200, exp: NOW - 3600 });
});
