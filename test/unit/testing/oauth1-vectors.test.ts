import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createFakeDataCenter } from "../../../src/testing/index.ts";
import { baseStringOf, readOAuth1Request } from "../../../src/testing/oauth1-request.ts";
import { type OAuth1SignatureMethod, verifyOAuth1Signature } from "../../../src/testing/oauth1-signature.ts";

type Pairs = [name: string, value: string][];

interface Call {
  method: string;
  url: string;
  content_type?: string;
  body?: string;
  authorization?: string;
}

interface SignatureVector {
  id: string;
  request: Call;
  transmission: "header" | "query" | "body";
  oauth_params: Pairs;
  signature_method: OAuth1SignatureMethod;
  key_id?: string;
  consumer_secret?: string;
  token_secret?: string;
  sign_base_string_only?: boolean;
  expect: { base_string: string; signature: string };
}

interface Vectors {
  keys: Record<string, { public_spki_pem: string }>;
  signature_vectors: SignatureVector[];
  verification: {
    provider: {
      consumers: { key: string; signature_method: OAuth1SignatureMethod; key_id: string }[];
      access_tokens: { token: string; secret: string; consumer_key: string; user: string; expires_at: number }[];
      request_tokens: { token: string; secret: string; consumer_key: string }[];
      now_unix_seconds: number;
      base_url: string;
    };
    cases: { id: string; request: Call; expect: Record<string, string | number | boolean> }[];
  };
}

const file = new URL("../../vectors/data/oauth1.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** The vector's request as it would arrive, its protocol parameters where the vector has them. */
function arriving(vector: SignatureVector): Request {
  const { method, url, content_type, body } = vector.request;
  const form = vector.oauth_params.map((pair) => pair.map(encode).join("=")).join("&");
  const headers = new Headers(content_type === undefined ? {} : { "content-type": content_type });
  if (vector.transmission === "header") {
    headers.set(
      "authorization",
      `OAuth ${vector.oauth_params.map(([n, v]) => `${encode(n)}="${encode(v)}"`).join(", ")}`,
    );
  }
  const address = vector.transmission === "query" ? `${url}${url.includes("?") ? "&" : "?"}${form}` : url;
  const content = vector.transmission === "body" ? [body, form].filter(Boolean).join("&") : body;
  return new Request(address, { method, headers, ...(content === undefined ? {} : { body: content }) });
}

describe("the base string and the signature", () => {
  test("there are vectors", () => {
    expect(vectors.signature_vectors.length).toBe(69);
  });

  test.each(vectors.signature_vectors.map((vector) => [vector.id, vector] as const))("%s", async (_id, vector) => {
    const request = arriving(vector);
    const oauth = await readOAuth1Request(request, {});
    const baseString = baseStringOf(request.url, oauth, {});
    expect(baseString).toBe(vector.expect.base_string);
    expect(baseStringOf(vector.request.url, oauth, {})).toBe(vector.expect.base_string); // before `Request` tidied it

    const publicKey = vectors.keys[vector.key_id ?? ""]?.public_spki_pem;
    const credentials = {
      signatureMethod: vector.signature_method,
      ...(publicKey === undefined ? {} : { publicKey }),
      consumerSecret: vector.consumer_secret ?? "",
    };
    const tokenSecret = vector.token_secret ?? "";
    expect(await verifyOAuth1Signature(baseString, vector.expect.signature, credentials, tokenSecret)).toBe(true);
    expect(await verifyOAuth1Signature(`${baseString}x`, vector.expect.signature, credentials, tokenSecret)).toBe(
      false,
    );
  });
});

describe("verification, in order, against one site", () => {
  const { provider, cases } = vectors.verification;
  const never = provider.now_unix_seconds + 10 ** 9;
  const site = createFakeDataCenter({
    baseUrl: provider.base_url,
    now: () => provider.now_unix_seconds,
    users: [{ accountId: "fred", name: "fred", displayName: "Fred" }],
    consumers: provider.consumers.map(({ key, signature_method, key_id }) => ({
      consumerKey: key,
      signatureMethod: signature_method,
      publicKey: vectors.keys[key_id]?.public_spki_pem ?? "",
    })),
    accessTokens: provider.access_tokens.map(({ token, secret, consumer_key, user, expires_at }) => ({
      token,
      secret,
      consumerKey: consumer_key,
      user,
      expiresAt: expires_at,
      sessionHandle: "",
      sessionExpiresAt: never,
    })),
    requestTokens: provider.request_tokens.map(({ token, secret, consumer_key }) => ({
      token,
      secret,
      consumerKey: consumer_key,
      callback: "oob",
      expiresAt: never,
      state: "pending" as const,
    })),
  });

  test.each(cases.map((one) => [one.id, one] as const))("%s", async (_id, { request, expect: expected }) => {
    const response = await site.fetch(
      new Request(request.url, {
        method: request.method,
        headers: {
          authorization: request.authorization ?? "",
          ...(request.content_type === undefined ? {} : { "content-type": request.content_type }),
        },
        ...(request.body === undefined ? {} : { body: request.body }),
      }),
    );
    const { accept, oauth_problem, status, note: _, ...parameters } = expected;
    expect(site.log.at(-1)?.verdict).toBe(accept === true ? "accepted" : oauth_problem);
    if (accept === true) {
      expect(response.headers.has("www-authenticate")).toBe(false);
      return;
    }
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/x-www-form-urlencoded;charset=UTF-8");
    const answer = Object.fromEntries(new URLSearchParams(await response.text()));
    expect(answer).toMatchObject({ oauth_problem, ...parameters });
    expect(response.headers.get("www-authenticate")).toContain(
      `OAuth realm="https%3A%2F%2Fjira.example.com", oauth_problem="${String(oauth_problem)}"`,
    );
    const base = answer["oauth_signature_base_string"];
    if (oauth_problem === "signature_invalid") expect(base).toBe(site.log.at(-1)?.baseString);
  });

  test("every case was judged", () => {
    expect([cases.length, site.log.length]).toEqual([38, 38]);
  });
});
