import { createHmac, sign as nodeSign } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { createOAuth1Signer, signatureBaseString, verifyOAuth1Request } from "../../../src/oauth1/index.ts";
import type { ConsumerRecord, VerifyOAuth1Options } from "../../../src/oauth1/index.ts";
import { makePair } from "./keys.ts";

const { privatePem, publicPem, privateKey, publicKey } = makePair();
const NOW = 1_763_760_000;
const url = "https://jira.example.com/rest?a=1";
const consumers: Record<string, ConsumerRecord> = {
  rsa: { publicKey: publicPem },
  hmac: { signatureMethod: "HMAC-SHA256", consumerSecret: "cs" },
  empty: { signatureMethod: "HMAC-SHA1", consumerSecret: "" },
};

function guard(): VerifyOAuth1Options["replayGuard"] {
  const used = new Map<string, number>();
  return {
    seen(id, until) {
      const known = used.has(id);
      used.set(id, until);
      return known;
    },
  };
}

const options = (extra: Partial<VerifyOAuth1Options> = {}): VerifyOAuth1Options => ({
  findConsumer: (key) => consumers[key],
  findToken: (token) => (token === "AT" ? { consumerKey: "rsa", tokenSecret: "ts" } : undefined),
  replayGuard: guard(),
  now: () => NOW,
  ...extra,
});

const signer = createOAuth1Signer({
  baseUrl: "https://jira.example.com",
  consumerKey: "rsa",
  privateKey: privatePem,
  token: { token: "AT" },
  now: () => NOW,
});

/** All the protocol's parameters, signed by node:crypto. */
function signedPairs(
  pairs: Record<string, string>,
  extra: { method?: string; url?: string; form?: string } = {},
): [string, string][] {
  const oauthParams = Object.entries({
    oauth_consumer_key: "rsa",
    oauth_token: "AT",
    oauth_signature_method: "RSA-SHA1",
    oauth_timestamp: String(NOW),
    oauth_nonce: "n",
    ...pairs,
  });
  const baseString = signatureBaseString({
    method: extra.method ?? "GET",
    url: extra.url ?? url,
    oauthParams,
    ...(extra.form && { form: extra.form }),
  });
  return [
    ...oauthParams,
    ["oauth_signature", nodeSign("sha1", Buffer.from(baseString), privateKey).toString("base64")],
  ];
}

const header = (pairs: [string, string][]): { authorization: string } => ({
  authorization: `OAuth ${pairs.map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(",")}`,
});

describe("verifyOAuth1Request", () => {
  it("says who sent it, and leaves it unread", async () => {
    const request = await signer(new Request(url, { method: "POST", body: new URLSearchParams({ b: "2" }) }));
    const identity = await verifyOAuth1Request(request, options());
    expect(identity).toMatchObject({
      kind: "oauth1",
      consumerKey: "rsa",
      token: { consumerKey: "rsa", tokenSecret: "ts" },
    });
    expect(identity.parameters.get("oauth_token")).toBe("AT");
    expect(await request.text()).toBe("b=2");
  });

  it("takes the parameters from the query", async () => {
    const query = new URLSearchParams(signedPairs({}));
    await expect(verifyOAuth1Request(new Request(`${url}&${query}`), options())).resolves.toMatchObject({
      kind: "oauth1",
    });
  });

  it("takes the parameters from a form", async () => {
    const body = new URLSearchParams([["b", "2"], ...signedPairs({}, { method: "POST", form: "b=2" })]);
    await expect(verifyOAuth1Request(new Request(url, { method: "POST", body }), options())).resolves.toMatchObject({
      kind: "oauth1",
    });
  });

  it("takes the public key as CryptoKey and as JWK", async () => {
    const jwk = publicKey.export({ format: "jwk" }) as { kty: string; n: string; e: string };
    const cryptoKey = await crypto.subtle.importKey("jwk", jwk, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-1" }, false, [
      "verify",
    ]);
    for (const key of [jwk, cryptoKey]) {
      const request = await signer(new Request(url));
      await expect(
        verifyOAuth1Request(request, options({ findConsumer: () => ({ publicKey: key }) })),
      ).resolves.toMatchObject({ kind: "oauth1" });
    }
  });

  it("verifies HMAC with both secrets", async () => {
    const sign = (tokenSecret: string): Promise<Request> =>
      createOAuth1Signer({
        baseUrl: "https://jira.example.com",
        consumerKey: "hmac",
        signatureMethod: "HMAC-SHA256",
        consumerSecret: "cs",
        token: { token: "HT", tokenSecret },
        now: () => NOW,
      })(new Request(url));
    const findToken = (): { consumerKey: string; tokenSecret: string } => ({ consumerKey: "hmac", tokenSecret: "ts" });
    await expect(verifyOAuth1Request(await sign("ts"), options({ findToken }))).resolves.toMatchObject({
      consumerKey: "hmac",
    });
    await expect(verifyOAuth1Request(await sign("other"), options({ findToken }))).rejects.toMatchObject({
      problem: "signature_invalid",
    });
  });

  it("lets nobody in with an empty consumer secret", async () => {
    const pairs = signedPairs({ oauth_consumer_key: "empty", oauth_signature_method: "HMAC-SHA1" }).slice(0, -1);
    const signature = createHmac("sha1", "&")
      .update(signatureBaseString({ method: "GET", url, oauthParams: pairs }))
      .digest("base64");
    const request = new Request(url, { headers: header([...pairs, ["oauth_signature", signature]]) });
    const findToken = (): { consumerKey: string } => ({ consumerKey: "empty" });
    await expect(verifyOAuth1Request(request, options({ findToken }))).rejects.toMatchObject({
      problem: "signature_invalid",
    });
  });

  it("judges the URL that the caller saw, where a proxy changed it", async () => {
    const { headers } = await signer(new Request(url));
    const behindProxy = new Request("http://10.0.0.1:8080/rest?a=1", { headers });
    await expect(verifyOAuth1Request(behindProxy, options())).rejects.toMatchObject({
      problem: "signature_invalid",
      serverBaseString: expect.stringMatching(/^GET&http%3A%2F%2F10\.0\.0\.1%3A8080%2Frest&a%3D1%26/) as string,
    });
    await expect(verifyOAuth1Request(behindProxy, options({ url }))).resolves.toMatchObject({ kind: "oauth1" });
  });

  it("does not let a forged copy use up the nonce of the genuine request", async () => {
    const shared = options();
    const request = await signer(new Request(url));
    const forged = new Request(`${url}0`, request);
    await expect(verifyOAuth1Request(forged, shared)).rejects.toMatchObject({ problem: "signature_invalid" });
    await expect(verifyOAuth1Request(request, shared)).resolves.toMatchObject({ kind: "oauth1" });
    await expect(verifyOAuth1Request(request, shared)).rejects.toMatchObject({ problem: "nonce_used", status: 401 });
  });

  it("keeps the nonce as a hash, for as long as the timestamp is good", async () => {
    const seen = vi.fn((_id: string, _until: number) => false);
    await verifyOAuth1Request(await signer(new Request(url)), options({ replayGuard: { seen }, window: 60 }));
    expect(seen).toHaveBeenCalledWith(expect.stringMatching(/^oauth1:[0-9a-f]{64}$/), NOW + 61);
  });

  it.each<[string, Record<string, string>, string, string?]>([
    ["an unknown consumer", { oauth_consumer_key: "nobody" }, "consumer_key_unknown"],
    ["a consumer that is a member of a prototype", { oauth_consumer_key: "__proto__" }, "consumer_key_unknown"],
    ["another such", { oauth_consumer_key: "constructor" }, "consumer_key_unknown"],
    ["an empty token", { oauth_token: "" }, "token_rejected"],
    ["another consumer's token", { oauth_token: "OTHER" }, "token_rejected"],
    [
      "another method",
      { oauth_signature_method: "HMAC-SHA1" },
      "signature_method_rejected",
      "oauth_acceptable_signature_methods=RSA-SHA1",
    ],
    ["another version", { oauth_version: "1.1" }, "version_rejected", "oauth_acceptable_versions=1.0-1.0"],
    [
      "a timestamp with a sign",
      { oauth_timestamp: `+${NOW}` },
      "timestamp_refused",
      `oauth_acceptable_timestamps=${NOW - 300}-${NOW + 300}`,
    ],
    ["a timestamp in milliseconds", { oauth_timestamp: `${NOW}000` }, "timestamp_refused"],
  ])("refuses %s", async (_, pairs, problem, advice) => {
    const findToken = (token: string): { consumerKey: string } => ({ consumerKey: token === "OTHER" ? "hmac" : "rsa" });
    const request = new Request(url, { headers: header(signedPairs(pairs)) });
    await expect(verifyOAuth1Request(request, options({ findToken }))).rejects.toMatchObject({
      problem,
      ...(advice !== undefined && { advice }),
    });
  });

  it("refuses a token where none is looked up", async () => {
    const { findToken: _, ...without } = options();
    await expect(verifyOAuth1Request(await signer(new Request(url)), without)).rejects.toMatchObject({
      problem: "parameter_rejected",
      advice: "oauth_parameters_rejected=oauth_token",
    });
    const twoLegged = new Request(url, { headers: header(signedPairs({ oauth_token: "" })) });
    await expect(verifyOAuth1Request(twoLegged, without)).resolves.toMatchObject({ token: undefined });
  });

  it("refuses a parameter that stands in two places", async () => {
    const { headers } = await signer(new Request(url));
    const twice = new Request(`${url}&oauth_token=AT`, { headers });
    await expect(verifyOAuth1Request(twice, options())).rejects.toMatchObject({
      problem: "parameter_rejected",
      status: 400,
      advice: "oauth_parameters_rejected=oauth_token",
    });
  });

  it.each<[string, string | undefined]>([
    ["no header", undefined],
    ["another scheme", "Bearer abc"],
    ["a scheme that only begins alike", 'OAuth2 oauth_nonce="x"'],
    ["no quotation marks", "OAuth oauth_nonce=x"],
    ["an open quotation mark", 'OAuth oauth_nonce="x'],
    ["text behind", 'OAuth oauth_nonce="x" y'],
    ["a header of 20 kB", `OAuth oauth_nonce="${"x".repeat(20_000)}"`],
  ])("finds no parameters in %s", async (_, authorization) => {
    const request = new Request(url, authorization === undefined ? {} : { headers: { authorization } });
    await expect(verifyOAuth1Request(request, options())).rejects.toMatchObject({
      problem: "parameter_absent",
      advice:
        "oauth_parameters_absent=oauth_consumer_key&oauth_signature_method&oauth_signature&oauth_timestamp&oauth_nonce&oauth_token",
    });
  });

  it("passes on what a store throws", async () => {
    const failure = new Error("the store is down");
    const request = await signer(new Request(url));
    const fail = (): never => {
      throw failure;
    };
    await expect(verifyOAuth1Request(request, options({ findConsumer: fail }))).rejects.toBe(failure);
    await expect(verifyOAuth1Request(request, options({ replayGuard: { seen: fail } }))).rejects.toBe(failure);
  });

  it("refuses a record without a usable key", async () => {
    const request = await signer(new Request(url));
    await expect(
      verifyOAuth1Request(request, options({ findConsumer: () => ({ publicKey: privatePem }) })),
    ).rejects.toMatchObject({
      code: "ERR_KEY_INVALID",
    });
  });

  it.each([
    [{ replayGuard: undefined }, '"options.replayGuard" must be a replay guard'],
    [{ window: 0 }, '"options.window" must be 1 to 3600 seconds'],
    [{ window: Number.NaN }, '"options.window" must be 1 to 3600 seconds'],
  ])("refuses options %j", async (wrong, message) => {
    const all = { ...options(), ...wrong } as VerifyOAuth1Options;
    await expect(verifyOAuth1Request(new Request(url), all)).rejects.toMatchObject({ name: "TypeError", message });
  });

  it.each([
    ["not a url", "ERR_INVALID_ARG_VALUE", '"options.url" must be an absolute URL'],
    ["/rest?a=1", "ERR_INVALID_ARG_VALUE", '"options.url" must be an absolute URL'],
    [5, "ERR_INVALID_ARG_TYPE", '"options.url" must be a string or a URL'],
    [{}, "ERR_INVALID_ARG_TYPE", '"options.url" must be a string or a URL'],
  ])("refuses the URL %j", async (wrong, code, message) => {
    const all = { ...options(), url: wrong } as VerifyOAuth1Options;
    await expect(verifyOAuth1Request(await signer(new Request(url)), all)).rejects.toMatchObject({
      name: "TypeError",
      code,
      message,
    });
  });

  it("takes the URL as the caller saw it, as a text, a URL, or one of another realm, http too", async () => {
    const seen = "http://jira.example.com/rest?a=1";
    for (const told of [seen, new URL(seen), { href: seen } as URL]) {
      const request = new Request("https://10.0.0.1/rest?a=1", { headers: header(signedPairs({}, { url: seen })) });
      await expect(verifyOAuth1Request(request, options({ url: told }))).resolves.toMatchObject({ consumerKey: "rsa" });
    }
  });

  it("says so when the request's own URL is none", async () => {
    const request = { method: "GET", url: "/rest", headers: new Headers() } as Request;
    await expect(verifyOAuth1Request(request, options())).rejects.toMatchObject({
      code: "ERR_INVALID_ARG_VALUE",
      message: '"request.url" must be an absolute URL',
    });
  });
});
