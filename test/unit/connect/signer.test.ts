import { describe, expect, test } from "vitest";
import { createConnectSigner, signUrl } from "../../../src/connect/index.ts";
import { decodeJwt } from "../../../src/index.ts";
import { createFakeHost } from "../../../src/testing/index.ts";

const appKey = "com.example.app";

function setUp(options: { baseUrl?: string; now?: () => number } = {}) {
  const host = createFakeHost(options);
  const product = options.baseUrl?.endsWith("/wiki") ? "confluence" : "jira";
  const { sharedSecret } = host.install({ appKey, baseUrl: "https://app.example" }, { product });
  return { host, options: { appKey, sharedSecret, baseUrl: host.baseUrl } };
}

function claimsOf(request: Request): Record<string, unknown> {
  return decodeJwt((request.headers.get("authorization") as string).slice("JWT ".length)).claims;
}

describe("createConnectSigner", () => {
  test("puts a token on a request that a host accepts, and keeps the rest", async () => {
    const { host, options } = setUp();
    const sign = createConnectSigner(options);
    const request = new Request(`${host.baseUrl}/rest/api/3/issue`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-mine": "kept" },
      body: JSON.stringify({ fields: { project: { key: "DEMO" }, issuetype: { name: "Task" }, summary: "s" } }),
    });
    const signed = await sign(request);
    expect(signed.headers.get("authorization")).toMatch(/^JWT [\w-]+\.[\w-]+\.[\w-]+$/);
    expect(signed.headers.get("x-mine")).toBe("kept");
    expect((await host.fetch(signed)).status).toBe(201);
  });

  test("overrules a credential that is there already", async () => {
    const { host, options } = setUp();
    const request = new Request(`${host.baseUrl}/rest/api/3/myself`, { headers: { authorization: "Basic eA==" } });
    expect((await createConnectSigner(options)(request)).headers.get("authorization")).toMatch(/^JWT ey/);
  });

  test("refuses a request to elsewhere", async () => {
    const { options } = setUp();
    await expect(createConnectSigner(options)(new Request("https://evil.example/"))).rejects.toMatchObject({
      code: "ERR_ORIGIN_NOT_ALLOWED",
    });
  });

  test("dies at start for options that make no sense", () => {
    expect(() => createConnectSigner({ ...setUp().options, baseUrl: "http://example.com" })).toThrow("https");
    expect(() => createConnectSigner(undefined as never)).toThrow('"options" must be an object');
    expect(() => createConnectSigner({ ...setUp().options, engine: null as never })).toThrow('"options.engine" must be an engine');
    expect(() => createConnectSigner({ ...setUp().options, claims: { aud: 5 as never } })).toThrow('"aud" claim');
  });

  describe("retry", () => {
    const now = 1_800_000_000;
    const refusal = (status: number, seconds: number) =>
      new Response(null, { status, headers: { date: new Date(seconds * 1000).toUTCString() } });
    const signer = () => createConnectSigner({ ...setUp().options, now: () => now });
    const request = () => new Request("https://example.atlassian.net/rest/api/3/myself");

    test("takes the server's clock when ours is off, and stays there", async () => {
      const sign = signer();
      expect(await sign.retry?.(refusal(401, now + 600), request())).toBe(true);
      expect(claimsOf(await sign(request()))).toMatchObject({ iat: now + 600, exp: now + 780 });
      expect(await sign.retry?.(refusal(401, now + 601), request()), "once is enough").toBe(false);
      expect(await sign.retry?.(refusal(401, now - 100), request()), "and back again").toBe(true);
      expect(claimsOf(await sign(request()))).toMatchObject({ iat: now - 100 });
    });

    test("answers yes for each request that was signed before the clock was right", async () => {
      const sign = signer();
      const signed = await Promise.all([sign(request()), sign(request())]);
      const answers = [];
      for (const one of signed) answers.push(await sign.retry?.(refusal(401, now + 600), one));
      expect(answers).toEqual([true, true]);
      const again = await sign(request());
      expect(claimsOf(again)).toMatchObject({ iat: now + 600 });
      expect(await sign.retry?.(refusal(401, now + 601), again)).toBe(false);
    });

    test.each([
      ["the clocks agree", refusal(401, now + 19)],
      ["the clocks are twenty seconds apart, which products tolerate", refusal(401, now + 20)],
      ["it is no refusal of the token", refusal(403, now + 600)],
      ["the server's clock is absurd", refusal(401, now + 90_000)],
      ["the server's clock is a whole day ahead", refusal(401, now + 86_400)],
      ["there is no clock", new Response(null, { status: 401 })],
      ["the clock is no date", new Response(null, { status: 401, headers: { date: "soon" } })],
    ])("answers no when %s", async (_, response) => {
      const sign = signer();
      expect(await sign.retry?.(response, request())).toBe(false);
      expect(claimsOf(await sign(request()))).toMatchObject({ iat: now });
    });
  });
});

describe("signUrl", () => {
  test.each([
    ["/rest/api/3/myself", "/rest/api/3/myself?jwt="],
    ["/rest/api/3/myself?jql=a%20b&jql=", "/rest/api/3/myself?jql=a%20b&jql=&jwt="],
    ["/rest/api/3/myself?", "/rest/api/3/myself?jwt="],
    ["/rest/api/3/myself?jql=x&", "/rest/api/3/myself?jql=x&jwt="],
    ["/rest/api/3/myself#", "/rest/api/3/myself?jwt="],
    ["/rest/api/3/myself?jql=x#", "/rest/api/3/myself?jql=x&jwt="],
    ["/rest/api/3/myself?jql=x#/?#", "/rest/api/3/myself?jql=x&jwt="],
  ])("signs %s so that a host accepts it", async (target, beginning) => {
    const { host, options } = setUp();
    const url = await signUrl(host.baseUrl + target, options);
    expect(url.startsWith(host.baseUrl + beginning)).toBe(true);
    const response = await host.fetch(new Request(url));
    expect(host.log.at(-1)).toMatchObject({ verdict: "accepted" });
    expect(response.status).toBe(200);
    expect(await signUrl(target, { ...options, now: () => 1 })).toBe(await signUrl(host.baseUrl + target, { ...options, now: () => 1 }));
  });

  test("keeps a context path and a fragment, and signs another method", async () => {
    const { host, options } = setUp({ baseUrl: "https://example.atlassian.net/wiki" });
    const url = await signUrl(`${host.baseUrl}/rest/api/content/1?expand=body#part`, { ...options, method: "DELETE" });
    expect(url).toMatch(/^https:\/\/example\.atlassian\.net\/wiki\/rest\/api\/content\/1\?expand=body&jwt=[^#]+#part$/);
    await host.fetch(new Request(url, { method: "DELETE" }));
    expect(host.log.at(-1)).toMatchObject({ verdict: "accepted" });
  });

  test("refuses a URL that holds a token already, and one from elsewhere", async () => {
    const { host, options } = setUp();
    await expect(signUrl(`${host.baseUrl}/x?%6Awt=a.b.c`, options)).rejects.toMatchObject({
      code: "ERR_INVALID_ARG_VALUE",
      message: '"url" must not hold a "jwt" parameter already',
    });
    await expect(signUrl("https://evil.example/", options)).rejects.toMatchObject({ code: "ERR_ORIGIN_NOT_ALLOWED" });
    await expect(signUrl(undefined as never, options)).rejects.toMatchObject({ code: "ERR_INVALID_ARG_TYPE" });
    await expect(signUrl("rest/api", options)).rejects.toMatchObject({
      message: '"request.url" must be an absolute URL or start with a slash',
    });
  });
});
