import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signConnectToken } from "../../../src/connect/index.ts";
import type { ConnectTokenOptions } from "../../../src/connect/index.ts";
import { secretKey } from "../../../src/index.ts";
import { syncEngine } from "../../../src/sync.ts";
import { createFakeHost } from "../../../src/testing/index.ts";
import vectors from "../../vectors/data/qsh.json" with { type: "json" };

const sharedSecret = "a-shared-secret-of-more-than-32-bytes";
const baseUrl = "https://example.atlassian.net";
const options: ConnectTokenOptions = { appKey: "com.example.app", sharedSecret, baseUrl, now: () => 1_800_000_000.7 };
const request = { method: "GET", url: `${baseUrl}/rest/api/3/myself` };

/** Reads and verifies with Node's own HMAC: nothing of the code under test. */
function open(token: string): { header: unknown; claims: Record<string, unknown> } {
  const [header, payload, signature] = token.split(".") as [string, string, string];
  expect(createHmac("sha256", sharedSecret).update(`${header}.${payload}`).digest("base64url")).toBe(signature);
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  return { header: read(header), claims: read(payload) };
}

describe("signConnectToken", () => {
  test("makes the claims of an app", async () => {
    const { header, claims } = open(await signConnectToken(request, options));
    expect(header).toEqual({ typ: "JWT", alg: "HS256" });
    // The hash is that of Atlassian's own vector for this canonical request.
    expect(Object.keys(claims)).toEqual(["iss", "qsh", "iat", "exp"]);
    expect(claims).toMatchObject({ iss: "com.example.app", iat: 1_800_000_000, exp: 1_800_000_180 });
  });

  const rows = vectors.vectors.filter(({ level, url, method }) => {
    if (level === "policy" || method !== "GET" || !url.startsWith("/")) return false;
    // Those whose target is what `fetch` would send: it is the wire that is signed.
    return new URL(baseUrl + url).href === baseUrl + url;
  });
  test(`binds the token to the request (${rows.length} vectors)`, async () => {
    expect(rows.length).toBeGreaterThan(100);
    for (const row of rows) {
      const base = row.baseUrl === undefined ? "" : new URL(row.baseUrl, baseUrl).pathname.replace(/\/$/, "");
      const [path = ""] = row.url.split(/[?#]/);
      const inside = path === base || path.startsWith(`${base}/`);
      const token = signConnectToken({ method: row.method, url: row.url }, { ...options, baseUrl: baseUrl + base });
      if (inside) expect(open(await token).claims["qsh"], row.name).toBe(row.qsh);
      else await expect(token, row.name).rejects.toMatchObject({ code: "ERR_ORIGIN_NOT_ALLOWED" });
    }
  });

  test("merges the pairs of a form, of a Request and of a plain one", async () => {
    const row = vectors.vectors.find(({ name }) => name === "body: POST form and query same name");
    const url = baseUrl + (row?.url as string);
    const body = row?.body as string;
    const plain = await signConnectToken({ method: "POST", url, form: body }, options);
    expect(open(plain).claims["qsh"]).toBe(row?.qsh);
    const type = { "content-type": "Application/X-WWW-Form-Urlencoded; charset=utf-8" };
    const real = new Request(url, { method: "POST", body, headers: type });
    expect(open(await signConnectToken(real, options)).claims["qsh"]).toBe(row?.qsh);
    await expect(real.text(), "the body stays usable").resolves.toBe(body);
  });

  test("leaves a body alone that servers do not merge", async () => {
    const bare = open(await signConnectToken(new Request(`${baseUrl}/hook`, { method: "PUT" }), options)).claims["qsh"];
    const form = { body: "a=1", headers: { "content-type": "application/x-www-form-urlencoded" } };
    const put = new Request(`${baseUrl}/hook`, { method: "PUT", ...form });
    expect(open(await signConnectToken(put, options)).claims["qsh"]).toBe(bare);
  });

  test("takes a key, another engine, a subject, a lifetime and further claims", async () => {
    const token = await signConnectToken(request, {
      ...options,
      sharedSecret: secretKey(sharedSecret),
      engine: syncEngine,
      subject: "client-key",
      lifetime: 60,
      claims: { aud: ["client-key"] },
    });
    expect(open(token).claims).toMatchObject({ sub: "client-key", aud: ["client-key"], exp: 1_800_000_060 });
  });

  test.each([
    [{ appKey: "" }, '"options.appKey" must not be empty'],
    [{ appKey: 7 }, '"options.appKey" must be a string'],
    [{ subject: "" }, '"options.subject" must not be empty'],
    [{ lifetime: 0 }, '"options.lifetime" must be 1 to 3600 seconds'],
    [{ lifetime: 3601 }, '"options.lifetime" must be 1 to 3600 seconds'],
    [{ lifetime: Number.NaN }, '"options.lifetime" must be 1 to 3600 seconds'],
    [{ lifetime: "180" }, '"options.lifetime" must be a number of seconds'],
    [{ claims: { iss: "x" } }, '"options.claims" must not hold "iss", which is set by the signer'],
    [{ claims: { qsh: "x" } }, '"options.claims" must not hold "qsh", which is set by the signer'],
    [{ claims: { exp: 1 } }, '"options.claims" must not hold "exp", which is set by the signer'],
    [{ baseUrl: "http://example.atlassian.net" }, '"options.baseUrl" must be an https URL'],
    [{ baseUrl: undefined }, '"options.baseUrl" must be a string or a URL'],
    [{ sharedSecret: secretKey(sharedSecret.repeat(2), { alg: "HS512" }) }, '"options.sharedSecret" must be an HS256 key'],
    [{ now: 5 }, '"options.now" must be a function'],
    [{ engine: {} }, '"options.engine" must be an engine of this library'],
    [{ engine: null }, '"options.engine" must be an engine of this library'],
    [{ claims: null }, '"options.claims" must be an object'],
    [{ claims: "ab" }, '"options.claims" must be an object'],
    [{ now: () => Number.NaN }, '"options.now" must return seconds since the epoch'],
  ])("refuses %j", async (wrong, message) => {
    await expect(signConnectToken(request, { ...options, ...wrong } as never)).rejects.toMatchObject({
      name: "TypeError",
      code: expect.stringMatching(/^ERR_INVALID_ARG_(?:TYPE|VALUE)$/),
      message,
    });
  });

  test.each([
    [null, '"request" must be an object'],
    ["/rest/api/3/myself", '"request" must be an object'],
    [{}, '"request.url" must be a string or a URL'],
    [{ method: "GET" }, '"request.url" must be a string or a URL'],
    [{ method: "GET", url: 5 }, '"request.url" must be a string or a URL'],
    [{ url: "/" }, '"request.method" must be a string'],
  ])("refuses the request %j", async (wrong, message) => {
    await expect(signConnectToken(wrong as never, options)).rejects.toMatchObject({ code: "ERR_INVALID_ARG_TYPE", message });
  });

  test("refuses a short secret unless told otherwise", async () => {
    const short = { ...options, sharedSecret: "short" };
    await expect(signConnectToken(request, short)).rejects.toMatchObject({
      code: "ERR_KEY_INVALID",
      hint: expect.stringContaining("allowShortSecret"),
    });
    await expect(signConnectToken(request, { ...short, allowShortSecret: true })).resolves.toContain(".");
  });

  test.each([`${baseUrl}.evil.example/x`, "http://example.atlassian.net/x", "https://other.example/"])(
    "signs nothing for %s",
    async (url) => {
      await expect(signConnectToken({ method: "GET", url }, options)).rejects.toMatchObject({
        name: "OriginError",
        code: "ERR_ORIGIN_NOT_ALLOWED",
        message: 'url is outside the origin and path of "baseUrl"',
      });
    },
  );

  test("takes a URL object for the text that it holds", async () => {
    const token = await signConnectToken({ method: "GET", url: new URL(request.url) }, options);
    expect(token).toBe(await signConnectToken(request, options));
  });

  test.each([
    ["ends with the base", `https://evil.example/?to=${baseUrl}/wiki/`],
    ["leaves it by dots", `${baseUrl}/wiki/../admin`],
    ["leaves it by escaped dots", `${baseUrl}/wiki/%2e%2e/admin`],
    ["leaves it by half-escaped dots", `${baseUrl}/wiki/.%2E/admin`],
  ])("signs nothing for a URL that %s", async (_what, url) => {
    const wiki = { ...options, baseUrl: `${baseUrl}/wiki` };
    await expect(signConnectToken({ method: "GET", url }, wiki)).rejects.toMatchObject({ code: "ERR_ORIGIN_NOT_ALLOWED" });
  });

  describe("the base URL of the last call", () => {
    test("gives no permission for http", async () => {
      const http = "http://jira.internal.example";
      const inside = { method: "GET", url: `${http}/x` };
      await signConnectToken(inside, { ...options, baseUrl: http, unsafeHttp: true });
      await expect(signConnectToken(inside, { ...options, baseUrl: http })).rejects.toMatchObject({
        message: '"options.baseUrl" must be an https URL',
      });
    });

    test("is read anew when it is an object, which may have changed", async () => {
      const base = new URL(baseUrl);
      await signConnectToken(request, { ...options, baseUrl: base });
      base.hostname = "other.example";
      await expect(signConnectToken(request, { ...options, baseUrl: base })).rejects.toMatchObject({
        code: "ERR_ORIGIN_NOT_ALLOWED",
      });
      await signConnectToken({ method: "GET", url: "https://other.example/x" }, { ...options, baseUrl: base });
    });
  });

  test("is accepted by a host that shares no code", async () => {
    const host = createFakeHost();
    const installation = host.install({ appKey: "com.example.app", baseUrl: "https://app.example" });
    const url = `${host.baseUrl}/rest/api/3/myself?jql=a%20%3D%20b&fields=c&fields=%21*'()~`;
    const token = await signConnectToken(
      { method: "GET", url },
      { appKey: "com.example.app", sharedSecret: installation.sharedSecret, baseUrl: host.baseUrl },
    );
    const response = await host.fetch(new Request(url, { headers: { authorization: `JWT ${token}` } }));
    expect(host.log.at(-1)).toMatchObject({ verdict: "accepted" });
    expect(response.status).toBe(200);
  });
});
