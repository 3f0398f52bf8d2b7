import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createFakeHost } from "../../../src/testing/index.ts";
import { claimsFor, credentialOf, decoded, handSigned, handVerified, handVerifiedRsa } from "./hand-signed.ts";

const NOW = 1_800_000_000;
const APP = { appKey: "com.example.app", baseUrl: "https://app.example.com/connect/" };
const host = createFakeHost({ now: () => NOW });
const installation = host.install(APP);
const [primary = "", fallback = ""] = host.endpoints.keyServers;

async function forged(lie: Parameters<typeof host.lifecycleRequest>[1]): Promise<ReturnType<typeof decoded>> {
  return decoded(credentialOf(await host.lifecycleRequest("installed", lie)));
}

async function keyFor(kid: unknown, base: string = primary): Promise<string> {
  const response = await host.fetch(new Request(`${base}/${String(kid)}`));
  expect(response.status).toBe(200);
  return response.text();
}

describe("signed installs", () => {
  test.each(["installed", "uninstalled"] as const)("%s is signed by the key of its kid", async (event) => {
    const request = await host.lifecycleRequest(event);
    expect([request.method, request.url]).toEqual(["POST", `https://app.example.com/connect/${event}`]);

    const token = credentialOf(request);
    const pem = await keyFor(decoded(token).header["kid"]);
    expect(await keyFor(decoded(token).header["kid"], fallback)).toBe(pem);
    const { header, claims } = handVerifiedRsa(token, pem);
    expect(header).toEqual({ typ: "JWT", alg: "RS256", kid: header["kid"] });
    expect(claims).toEqual({
      iss: installation.clientKey,
      aud: ["https://app.example.com/connect"],
      qsh: createHash("sha256").update(`POST&/${event}&`).digest("hex"),
      iat: NOW,
      exp: NOW + 180,
    });

    const body = (await request.json()) as Record<string, unknown>;
    expect(body).toMatchObject({
      key: "com.example.app",
      clientKey: installation.clientKey,
      oauthClientId: installation.oauthClientId,
      installationId: installation.installationId,
      baseUrl: "https://example.atlassian.net",
      productType: "jira",
      eventType: event,
    });
    expect(body["sharedSecret"]).toBe(event === "installed" ? installation.sharedSecret : undefined);
  });

  test.each(["enabled", "disabled"] as const)("%s is signed with the tenant's secret", async (event) => {
    const { header, claims } = handVerified(
      credentialOf(await host.lifecycleRequest(event, { path: "/life?cycle=1" })),
      installation.sharedSecret,
    );
    expect(header).toEqual({ typ: "JWT", alg: "HS256" });
    expect(claims["qsh"]).toBe(createHash("sha256").update("POST&/life&cycle=1").digest("hex"));
    expect(claims).not.toHaveProperty("aud");
  });

  test("a kid that nobody has is a 404 page", async () => {
    const response = await host.fetch(new Request(`${primary}/nobody`));
    expect([response.status, response.headers.get("content-type")]).toEqual([404, "text/html"]);
  });

  test("rotation changes the kid and keeps the old key", async () => {
    const before = decoded(credentialOf(await host.lifecycleRequest("installed"))).header["kid"];
    const after = await host.rotateInstallKey();
    expect(after).not.toBe(before);
    expect(decoded(credentialOf(await host.lifecycleRequest("installed"))).header["kid"]).toBe(after);
    expect(await keyFor(before)).not.toBe(await keyFor(after));
  });

  test("another environment's key is served by that environment alone", async () => {
    const token = credentialOf(await host.lifecycleRequest("installed", { environment: "staging" }));
    const kid = String(decoded(token).header["kid"]);
    expect((await host.fetch(new Request(`${primary}/${kid}`))).status).toBe(404);
    const pem = await keyFor(kid, "https://cs-migrations--cdn.us-east-1.staging.public.atl-paas.net");
    expect(handVerifiedRsa(token, pem).header["kid"]).toBe(kid);
  });

  test.each([
    ["https://x.jira-dev.com", "https://asap-distribution.us-west-2.staging.atl-asap.net"],
    ["https://x.atlassian-us-gov-mod.net", "https://asap-distribution.us-west-2.prod.atl-auth-us-gov-mod.net"],
    ["https://x.atlassian-stg-fedm.net", "https://asap-distribution.us-west-2.staging.atl-auth-us-gov-mod.net"],
    ["https://x.jira.com", "https://asap-distribution.us-west-2.prod.atl-asap.net"],
  ])("%s has its keys at %s", (baseUrl, server) => {
    expect(createFakeHost({ baseUrl }).endpoints.keyServers[0]).toBe(server);
  });

  test("services can live behind a socket of one's own", async () => {
    const own = createFakeHost({
      baseUrl: "http://127.0.0.1:4711",
      endpoints: { keyServers: ["http://127.0.0.1:4711/_keys"], jwks: "http://127.0.0.1:4711/_jwks.json" },
    });
    own.install(APP);
    const kid = decoded(credentialOf(await own.lifecycleRequest("installed"))).header["kid"];
    const response = await own.fetch(new Request(`http://127.0.0.1:4711/_keys/${String(kid)}`));
    expect(await response.text()).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    expect((await own.fetch(new Request("http://127.0.0.1:4711/_jwks.json"))).status).toBe(200);
  });
});

describe("an install from end to end", () => {
  test("the app learns the secret, and a re-install brings another", async () => {
    const seen: unknown[] = [];
    const app = {
      ...APP,
      fetch: async (request: Request) => (seen.push(await request.json()), new Response(null, { status: 204 })),
    };
    const own = createFakeHost();
    const first = await own.installSigned(app);
    const second = await own.installSigned(app);
    expect(seen).toMatchObject([{ sharedSecret: first.sharedSecret }, { sharedSecret: second.sharedSecret }]);
    expect(second.sharedSecret).not.toBe(first.sharedSecret);
    expect(own.installations).toEqual([second]);
  });

  test("an app that refuses is not installed, and the earlier install stands", async () => {
    let status = 204;
    const own = createFakeHost();
    const app = { ...APP, fetch: async () => new Response(null, { status }) };
    const first = await own.installSigned(app);
    status = 401;
    await expect(own.installSigned(app)).rejects.toThrow("the app refused the install with 401");
    expect(own.installations).toEqual([first]);
  });

  test("an uninstalled app is nobody", async () => {
    const own = createFakeHost({ now: () => NOW });
    const gone = own.install(APP);
    const token = handSigned(claimsFor(APP.appKey, "GET&/rest/api/3/myself&", NOW), gone.sharedSecret);
    const call = (): Promise<Response> =>
      own.fetch(new Request(`${own.baseUrl}/rest/api/3/myself`, { headers: { authorization: `JWT ${token}` } }));
    expect((await call()).status).toBe(200);
    expect(own.uninstall()).toBe(gone);
    expect((await call()).status).toBe(401);
    expect((await own.lifecycleRequest("uninstalled", { installation: gone })).url).toMatch(/\/uninstalled$/);
  });
});

describe("forged installs", () => {
  test("without a token", async () => {
    expect((await host.lifecycleRequest("installed", { forgery: "no-token" })).headers.has("authorization")).toBe(
      false,
    );
  });

  test("HS256 under the public key, and under the secret in the body", async () => {
    const token = credentialOf(await host.lifecycleRequest("installed", { forgery: "pem-as-secret" }));
    const { header } = decoded(token);
    expect(header["alg"]).toBe("HS256");
    expect(handVerified(token, await keyFor(header["kid"])).claims["iss"]).toBe(installation.clientKey);
    const other = credentialOf(await host.lifecycleRequest("installed", { forgery: "hmac-with-secret" }));
    expect(handVerified(other, installation.sharedSecret).header["alg"]).toBe("HS256");
  });

  test.each(["wrong-key", "tampered", "no-signature", "alg-none"] as const)("%s does not verify", async (forgery) => {
    const token = credentialOf(await host.lifecycleRequest("installed", { forgery }));
    const pem = await keyFor(decoded(token).header["kid"]);
    expect(() => handVerifiedRsa(token, pem)).toThrow("the signature does not match");
  });

  test.each([
    ["expired", { iat: NOW - 7200, exp: NOW - 3600 }],
    ["not-yet-valid", { nbf: NOW + 3600 }],
    ["wrong-issuer", { iss: "somebody-else" }],
    ["wrong-audience", { aud: ["https://attacker.example"] }],
    ["context-qsh", { qsh: "context-qsh" }],
    ["wrong-qsh", { qsh: "0".repeat(64) }],
  ] as const)("%s is under a good signature", async (forgery, claims) => {
    const token = credentialOf(await host.lifecycleRequest("installed", { forgery }));
    const pem = await keyFor(decoded(token).header["kid"]);
    expect(handVerifiedRsa(token, pem).claims).toMatchObject(claims);
  });

  test("members that are missing", async () => {
    expect((await forged({ forgery: "no-qsh" })).claims).not.toHaveProperty("qsh");
    expect((await forged({ forgery: "no-exp" })).claims).not.toHaveProperty("exp");
    expect((await forged({ forgery: "no-issuer" })).claims).not.toHaveProperty("iss");
    expect((await forged({ forgery: "no-kid" })).header).not.toHaveProperty("kid");
  });

  test("members that are bad", async () => {
    expect((await forged({ forgery: "unknown-kid" })).header["kid"]).toBe("00000000-0000-4000-8000-000000000000");
    expect((await forged({ forgery: "path-kid" })).header["kid"]).toBe("../../etc/passwd");
    expect((await forged({ forgery: "crit" })).header).toMatchObject({ crit: ["b64"], b64: true });
    expect((await forged({ forgery: "wrong-alg" })).header["alg"]).toBe("RS512");
    const request = await host.lifecycleRequest("installed", { body: { clientKey: "victim" }, claims: { aud: "x" } });
    expect(decoded(credentialOf(request)).claims["aud"]).toBe("x");
    expect(await request.json()).toMatchObject({ clientKey: "victim" });
  });

  test("of a tenant's token", async () => {
    const wrongAlg = await host.contextToken({ forgery: "wrong-alg" });
    expect(decoded(wrongAlg).header["alg"]).toBe("HS512");
    const wrongKey = await host.contextToken({ forgery: "wrong-key" });
    expect(() => handVerified(wrongKey, installation.sharedSecret)).toThrow("the HMAC does not match");
    await expect(host.contextToken({ forgery: "pem-as-secret" })).rejects.toThrow(TypeError);
  });
});

describe("tokens that pages hand over", () => {
  test("a context token", async () => {
    const context = { jira: { issue: { id: "10000", key: "DEMO-1" } } };
    const { claims } = handVerified(await host.contextToken({ user: "u1", context }), installation.sharedSecret);
    expect(claims).toEqual({
      sub: "u1",
      qsh: "context-qsh",
      iss: installation.clientKey,
      context: { user: { accountId: "u1" }, ...context },
      iat: NOW,
      exp: NOW + 900,
    });
  });

  test("a session token", async () => {
    const { claims } = handVerified(await host.sessionToken({ user: "u1", lifetime: 60 }), installation.sharedSecret);
    expect(claims).toEqual({ sub: "u1", iss: APP.appKey, aud: [installation.clientKey], iat: NOW, exp: NOW + 60 });
  });
});
