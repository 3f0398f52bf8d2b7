import { Buffer } from "node:buffer";
import { existsSync, readFileSync } from "node:fs";
import { createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { encodePercent } from "../../src/encoding/percent.ts";
import { baseStringUri, normalizeParameters } from "../../src/oauth1/base-string.ts";
import {
  createOAuth1Consumer,
  createOAuth1Signer,
  oauth1Signature,
  signatureBaseString,
  verifyOAuth1Request,
} from "../../src/oauth1/index.ts";
import type { SignatureMethod, TokenRecord } from "../../src/oauth1/index.ts";
import { parseParameters, queryOf } from "../../src/oauth1/parameters.ts";

type Text = string | { base64: string };
type Pair = [name: string, value: string];

interface SignatureVector {
  id: string;
  request: { method: string; url: string; content_type?: string; body?: string };
  transmission: "header" | "query" | "body";
  oauth_params: Pair[];
  signature_method: string;
  sign_base_string_only?: boolean;
  key_id?: string;
  consumer_secret?: string;
  token_secret?: string;
  expect: { base_string_uri: string; normalized_parameters: string; base_string: string; signature: string };
}

interface VerificationCase {
  id: string;
  request: { method: string; url: string; authorization: string; content_type?: string; body?: string };
  expect: { accept: boolean; oauth_problem?: string; status?: number } & Record<
    string,
    string | number | boolean | undefined
  >;
}

interface VectorFile {
  keys: Record<
    string,
    { private_pem: Text; private_pkcs1_pem: Text; private_pkcs8_pem: Text; public_spki_pem: string }
  >;
  signature_vectors: SignatureVector[];
  percent_encoding?: { input: string; output: string }[];
  verification?: {
    provider: {
      consumers: { key: string; key_id: string }[];
      access_tokens: { token: string; secret: string; consumer_key: string; expires_at: number }[];
      now_unix_seconds: number;
      timestamp_window_seconds: number;
    };
    cases: VerificationCase[];
  };
  pem_inputs?: {
    message: string;
    cases: {
      id: string;
      pem: Text;
      passphrase?: string;
      expect: { ok: boolean; signature?: string; error?: string };
    }[];
  };
}

const load = (path: string): VectorFile =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as VectorFile;
const text = (value: Text): string =>
  typeof value === "string" ? value : Buffer.from(value.base64, "base64").toString("utf8");

const own = load("./data/oauth1.json");
const SHARED = "../../../shared/interop/oauth1.json";
const hasShared = existsSync(new URL(SHARED, import.meta.url));

/** The form body, when the vector has one (RFC 5849 section 3.4.1.3.1). */
const formOf = ({ content_type: type = "", body }: SignatureVector["request"]): string | undefined =>
  /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type) ? body : undefined;

const SPOKEN = new Set(["RSA-SHA1", "RSA-SHA256", "HMAC-SHA1", "HMAC-SHA256"]);

function signatureVectors(file: VectorFile): void {
  it.each(file.signature_vectors)("$id", async (vector) => {
    const { request, oauth_params: oauthParams, expect: expected } = vector;
    const form = formOf(request);
    const url = new URL(request.url);
    expect(baseStringUri(url)).toBe(expected.base_string_uri);
    const signed = oauthParams.filter(([name]) => name !== "realm");
    const all = [...parseParameters(queryOf(url)), ...signed, ...parseParameters(form ?? "")];
    expect(normalizeParameters(all)).toBe(expected.normalized_parameters);
    const baseString = signatureBaseString({
      method: request.method,
      url: request.url,
      oauthParams,
      ...(form !== undefined && { form }),
    });
    expect(baseString).toBe(expected.base_string);

    const key = vector.key_id === undefined ? undefined : file.keys[vector.key_id];
    const proof =
      key === undefined
        ? { consumerSecret: vector.consumer_secret ?? "", tokenSecret: vector.token_secret ?? "" }
        : { privateKey: text(key.private_pem) };
    const signatureMethod = vector.signature_method as SignatureMethod;
    const signature = oauth1Signature(baseString, { signatureMethod, ...proof });
    if (SPOKEN.has(vector.signature_method)) {
      expect(await signature).toBe(expected.signature);
    } else {
      await expect(signature).rejects.toMatchObject({ code: "ERR_INVALID_ARG_VALUE" });
    }
  });

  it.each(Object.entries(file.keys))("key %s: each form of it signs alike", async (_, key) => {
    const forms = [key.private_pem, key.private_pkcs1_pem, key.private_pkcs8_pem];
    const signatures = await Promise.all(forms.map((pem) => oauth1Signature("a&b&c", { privateKey: text(pem) })));
    expect(new Set(signatures).size).toBe(1);
    const signature = Buffer.from(signatures[0] ?? "", "base64");
    expect(verify("sha1", Buffer.from("a&b&c"), createPublicKey(key.public_spki_pem), signature)).toBe(true);
  });
}

describe("signature vectors", () => signatureVectors(own));

describe.runIf(hasShared)("signature vectors of public test suites (../shared/interop/oauth1.json)", () => {
  if (hasShared) signatureVectors(load(SHARED));
});

/** What the signer itself makes of a vector, when clock and nonce are the vector's. */
describe("the signer makes the same header", () => {
  const vectors = own.signature_vectors.filter(
    ({ transmission, oauth_params: parameters, signature_method: method }) =>
      transmission === "header" &&
      SPOKEN.has(method) &&
      // What the signer writes: these six, with a version, and a token.
      parameters
        .map(([name]) => name)
        .sort()
        .join() === "oauth_consumer_key,oauth_nonce,oauth_signature_method,oauth_timestamp,oauth_token,oauth_version",
  );

  it("has most of the vectors", () => {
    expect(vectors.length).toBeGreaterThan(45);
  });

  it.each(vectors)("$id", async (vector) => {
    const { request, expect: expected } = vector;
    const read = (name: string): string => vector.oauth_params.find((pair) => pair[0] === name)?.[1] ?? "";
    const key = vector.key_id === undefined ? undefined : own.keys[vector.key_id];
    const sign = createOAuth1Signer({
      baseUrl: new URL("/", request.url),
      unsafeHttp: true,
      consumerKey: read("oauth_consumer_key"),
      signatureMethod: vector.signature_method as SignatureMethod,
      ...(key === undefined ? { consumerSecret: vector.consumer_secret ?? "" } : { privateKey: text(key.private_pem) }),
      token: { token: read("oauth_token"), tokenSecret: vector.token_secret ?? "" },
      now: () => Number(read("oauth_timestamp")),
      nonce: () => read("oauth_nonce"),
    });
    const { method, url, content_type: type, body } = request;
    const bytes = body === undefined ? undefined : new TextEncoder().encode(body);
    const signed = await sign(
      new Request(url, {
        method,
        ...(bytes && { body: bytes }),
        ...(type !== undefined && { headers: { "content-type": type } }),
      }),
    );
    expect(signed.headers.get("authorization")).toContain(
      `oauth_signature="${encodeURIComponent(expected.signature)}"`,
    );
    expect(await signed.text()).toBe(body ?? "");
  });
});

describe("percent-encoding", () => {
  it.each(own.percent_encoding ?? [])("$input", ({ input, output }) => {
    expect(encodePercent(input)).toBe(output);
    expect(normalizeParameters([[input, input]])).toBe(`${output}=${output}`);
  });
});

describe("verification, in order against one memory of nonces", () => {
  const { provider, cases } = own.verification ?? expect.fail("the vectors hold verification cases");
  const used = new Set<string>();
  const options = {
    findConsumer: (consumerKey: string) => {
      const known = provider.consumers.find(({ key }) => key === consumerKey);
      return known && { publicKey: own.keys[known.key_id]?.public_spki_pem ?? "" };
    },
    replayGuard: {
      seen: (id: string) => {
        const known = used.has(id);
        used.add(id);
        return known;
      },
    },
    now: () => provider.now_unix_seconds,
    window: provider.timestamp_window_seconds,
  };
  const findToken = (token: string): TokenRecord | undefined => {
    const known = provider.access_tokens.find((record) => record.token === token);
    return known && { consumerKey: known.consumer_key, tokenSecret: known.secret, expiresAt: known.expires_at };
  };

  it.each(cases)("$id", async ({ request, expect: expected }) => {
    const { method, url, authorization, content_type: type, body } = request;
    const headers = { authorization, ...(type !== undefined && { "content-type": type }) };
    const message = new Request(url, { method, headers, ...(body !== undefined && { body }) });
    const atTokenEndpoint = url.endsWith("/request-token");
    const result = verifyOAuth1Request(message, { ...options, ...(!atTokenEndpoint && { findToken }) });
    if (expected.accept) {
      await expect(result).resolves.toMatchObject({ kind: "oauth1", consumerKey: "jira-oauth-consumer" });
      return;
    }
    await expect(result).rejects.toMatchObject({
      code: "ERR_OAUTH1_PROBLEM",
      problem: expected.oauth_problem,
      status: expected.status,
    });
    // What a server adds to the problem.
    const extra = Object.entries(expected).filter(([name]) => /^oauth_(?:acceptable|parameters)/.test(name));
    for (const [name, value] of extra) {
      await expect(result).rejects.toMatchObject({ advice: `${name}=${String(value)}` });
    }
  });
});

describe("private keys in disguise", () => {
  const { message, cases } = own.pem_inputs ?? expect.fail("the vectors hold PEM inputs");
  const messages: Record<string, string> = {
    "passphrase-required": 'key is encrypted and needs "options.passphrase"',
    "wrong-passphrase": 'key cannot be decrypted with "options.passphrase"',
    "public-key-given": "key is a public key where a private one is needed",
    "certificate-given": "key is a certificate, not a private key",
    "not-rsa": 'key is not an "RSA" key',
    "not-rsaEncryption (id-RSASSA-PSS)": 'key is limited to "RSASSA-PSS"',
    empty: "key is empty",
    "not-pem (looks like a path)": "key looks like a path",
    "unsupported-encryption (3DES is not in WebCrypto)": 'key is encrypted with 3DES, which "WebCrypto" lacks',
    "unsupported-encryption (DEK-Info needs MD5); say: openssl pkcs8 -topk8 -in KEY -out KEY8":
      'key is encrypted by "Proc-Type" headers, which need MD5',
    "malformed-der": 'key is not well-formed "DER"',
  };

  it.each(cases)("$id", async ({ id, pem, passphrase, expect: expected }) => {
    const signature = oauth1Signature(message, {
      privateKey: text(pem),
      ...(passphrase !== undefined && { passphrase }),
    });
    if (expected.ok) {
      expect(await signature).toBe(expected.signature);
      return;
    }
    await expect(signature).rejects.toMatchObject({
      name: "KeyError",
      code: "ERR_KEY_INVALID",
      // The vector's text is cut off between two lines of base64.
      message:
        id === "a-pem-truncated"
          ? 'key is not well-formed "PEM"'
          : (messages[expected.error ?? ""] ?? expect.fail("the vector has a message of ours")),
    });
  });
});

interface Attack {
  id: string;
  name: string;
  op: string;
  input: { body: string; kind: string };
  expect: { result: string };
}

describe("attacks on the token answer", () => {
  const { cases } = JSON.parse(readFileSync(new URL("./data/attacks.json", import.meta.url), "utf8")) as {
    cases: Attack[];
  };
  const attacks = cases.filter(({ op }) => op === "oauth1.parseTokenResponse");

  it("are there", () => {
    expect(attacks.map(({ input }) => input.kind)).toEqual(["request_token", "request_token", "request_token"]);
  });

  it.each(attacks)("$id: $name", async ({ input, expect: expected }) => {
    const consumer = createOAuth1Consumer({
      baseUrl: "https://jira.example.com",
      consumerKey: "c",
      privateKey: text(own.keys.a2048?.private_pem ?? ""),
      fetch: () => Promise.resolve(new Response(input.body)),
    });
    const result = consumer.requestToken({ callback: "oob" });
    if (expected.result === "accept") {
      await expect(result).resolves.toEqual({ token: "abc", tokenSecret: "s/x" });
    } else {
      await expect(result).rejects.toMatchObject({ name: "OAuth1Error", code: "ERR_OAUTH1_RESPONSE" });
    }
  });
});
