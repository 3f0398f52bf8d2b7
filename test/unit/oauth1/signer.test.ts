import { describe, expect, it, vi } from "vitest";
import { createOAuth1Signer } from "../../../src/oauth1/index.ts";
import type { OAuth1SignerOptions } from "../../../src/oauth1/index.ts";
import { createSignedFetch } from "../../../src/fetch/index.ts";
import { makePair } from "./keys.ts";

const { privatePem } = makePair();
const base = "https://jira.example.com/jira";
const options: OAuth1SignerOptions = {
  baseUrl: base,
  consumerKey: "consumer",
  privateKey: privatePem,
  token: { token: "TOKEN" },
  now: () => 1_763_760_000.9,
};
const read = (request: Request, name: string): string | undefined =>
  new RegExp(`${name}="([^"]*)"`).exec(request.headers.get("authorization") ?? "")?.[1];

describe("createOAuth1Signer", () => {
  it("puts the protocol's parameters into the header, and nothing else into the request", async () => {
    const signed = await createOAuth1Signer(options)(
      new Request(`${base}/rest?a=1`, { headers: { accept: "text/plain" } }),
    );
    expect(signed.headers.get("authorization")).toMatch(
      /^OAuth oauth_consumer_key="consumer", oauth_nonce="[0-9a-f]{32}", oauth_signature_method="RSA-SHA1", oauth_timestamp="1763760000", oauth_version="1.0", oauth_token="TOKEN", oauth_signature="[\w%]+"$/,
    );
    expect(signed.url).toBe(`${base}/rest?a=1`);
    expect(signed.headers.get("accept")).toBe("text/plain");
  });

  it("never uses a nonce twice", async () => {
    const sign = createOAuth1Signer(options);
    const requests = await Promise.all(Array.from({ length: 50 }, () => sign(new Request(`${base}/rest`))));
    expect(new Set(requests.map((request) => read(request, "oauth_nonce"))).size).toBe(50);
  });

  it("says what is missing where nothing can make a nonce", async () => {
    vi.stubGlobal("crypto", undefined);
    try {
      await expect(createOAuth1Signer(options)(new Request(`${base}/rest`))).rejects.toMatchObject({
        code: "ERR_UNSUPPORTED_RUNTIME",
        feature: "crypto.getRandomValues",
        hint: 'make nonces in "options.nonce"',
      });
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("sends an empty token for two-legged calls", async () => {
    const signed = await createOAuth1Signer({ ...options, token: { token: "" } })(new Request(`${base}/rest`));
    expect(read(signed, "oauth_token")).toBe("");
  });

  it.each([
    "https://jira.example.com/other",
    "https://evil.example/jira/rest",
    "https://jira.example.com/jirab",
    "http://jira.example.com/jira/x",
  ])("refuses %s", async (url) => {
    await expect(createOAuth1Signer(options)(new Request(url))).rejects.toMatchObject({
      code: "ERR_ORIGIN_NOT_ALLOWED",
    });
  });

  it.each(["?q=100%", "?=v", "?a=%ff", "?a=%zz"])(
    "refuses the query %s, which servers read differently",
    async (query) => {
      await expect(createOAuth1Signer(options)(new Request(`${base}/rest${query}`))).rejects.toMatchObject({
        code: "ERR_INVALID_ARG_VALUE",
        message: '"request" query must hold named parameters in well-formed UTF-8 percent-encoding',
      });
    },
  );

  it("refuses such a form too, and a parameter of the protocol in either", async () => {
    const sign = createOAuth1Signer(options);
    const headers = { "content-type": "Application/X-WWW-form-urlencoded ; charset=UTF-8" };
    await expect(sign(new Request(`${base}/rest`, { method: "PUT", headers, body: "a=%" }))).rejects.toThrow(
      /^"request" form must hold named/,
    );
    await expect(sign(new Request(`${base}/rest`, { method: "PUT", headers, body: "oauth_nonce=1" }))).rejects.toThrow(
      /^"request" form must not hold a parameter of the protocol$/,
    );
    await expect(sign(new Request(`${base}/rest?oauth_token=1`))).rejects.toThrow(
      /^"request" query must not hold a parameter of the protocol$/,
    );
  });

  it.each([
    [{ consumerKey: "" }, '"options.consumerKey" must not be empty'],
    [{ consumerKey: 1 as never }, '"options.consumerKey" must be a string'],
    [{ baseUrl: "http://jira.example.com" }, '"options.baseUrl" must be an https URL'],
    [{ baseUrl: "https://jira.example.com/?x" }, '"options.baseUrl" must have neither query nor fragment'],
    [{ now: 1 as never }, '"options.now" must be a function'],
    [{ nonce: "n" as never }, '"options.nonce" must be a function'],
    [{ token: undefined as never }, '"options.token.token" must be a string'],
    [{ token: { token: "t", tokenSecret: 1 as never } }, '"options.token.tokenSecret" must be a string'],
    [{ privateKey: "nonsense" }, 'key is neither "PEM" nor base64 "DER"'],
  ])("dies at the door with %j", (wrong, message) => {
    expect(() => createOAuth1Signer({ ...options, ...wrong })).toThrow(message);
  });
});

describe("clock skew", () => {
  const refusal = (window: string, init: ResponseInit = {}): Response =>
    new Response(`oauth_problem=timestamp_refused&oauth_acceptable_timestamps=${window}`, { status: 400, ...init });

  it("is corrected by the middle of the server's window, once, and remembered", async () => {
    const seen: number[] = [];
    const server = vi.fn((request: Request) => {
      const sent = Number(read(request, "oauth_timestamp"));
      seen.push(sent);
      return Promise.resolve(
        Math.abs(sent - 1_763_761_000) <= 300 ? new Response("ok") : refusal("1763760700-1763761300"),
      );
    });
    const jira = createSignedFetch({
      baseUrl: base,
      sign: createOAuth1Signer(options),
      fetch: server as unknown as typeof fetch,
    });
    expect(await (await jira("/a")).text()).toBe("ok");
    expect(await (await jira("/b")).text()).toBe("ok");
    expect(seen).toEqual([1_763_760_000, 1_763_761_000, 1_763_761_000]);
    const nonces = server.mock.calls.map(([request]) => read(request, "oauth_nonce"));
    expect(new Set(nonces).size).toBe(3);
  });

  it("is corrected by Date where the server names no window", async () => {
    const sign = createOAuth1Signer(options);
    const signed = await sign(new Request(`${base}/rest`));
    const headers = {
      date: new Date(1_763_770_000_000).toUTCString(),
      "www-authenticate": 'OAuth realm="x", oauth_problem="timestamp_refused"',
    };
    expect(await sign.retry?.(new Response(null, { status: 401, headers }), signed)).toBe(true);
    expect(read(await sign(new Request(`${base}/rest`)), "oauth_timestamp")).toBe("1763770000");
  });

  it("is no reason to ask again when the clock is right", async () => {
    const server = vi.fn(() => Promise.resolve(refusal("1763759700-1763760300")));
    const jira = createSignedFetch({
      baseUrl: base,
      sign: createOAuth1Signer(options),
      fetch: server as unknown as typeof fetch,
    });
    expect((await jira("/a")).status).toBe(400);
    expect(server).toHaveBeenCalledTimes(1);
  });

  it("helps also the request that was on its way when another one corrected the clock", async () => {
    const sign = createOAuth1Signer(options);
    const [first, second] = await Promise.all([sign(new Request(`${base}/a`)), sign(new Request(`${base}/b`))]);
    expect(await sign.retry?.(refusal("1763770700-1763771300"), first)).toBe(true);
    expect(await sign.retry?.(refusal("1763770700-1763771300"), second)).toBe(true);
  });

  it.each([
    ["another status", refusal("1-3", { status: 500 })],
    ["no report", new Response("timestamp_refused", { status: 401 })],
    [
      "another problem",
      new Response("oauth_problem=nonce_used", { status: 401, headers: { date: new Date(0).toUTCString() } }),
    ],
    ["neither window nor date", new Response("oauth_problem=timestamp_refused", { status: 400 })],
    [
      "a date that is none",
      new Response("oauth_problem=timestamp_refused", { status: 400, headers: { date: "soon" } }),
    ],
  ])("is not assumed: %s", async (_, response) => {
    const sign = createOAuth1Signer(options);
    const signed = await sign(new Request(`${base}/rest`));
    expect(await sign.retry?.(response, signed)).toBe(false);
    expect(read(await sign(new Request(`${base}/rest`)), "oauth_timestamp")).toBe("1763760000");
  });

  it("leaves the refusal unread", async () => {
    const sign = createOAuth1Signer(options);
    const response = refusal("1763770700-1763771300");
    await sign.retry?.(response, await sign(new Request(`${base}/rest`)));
    expect(await response.text()).toMatch(/^oauth_problem/);
  });
});
