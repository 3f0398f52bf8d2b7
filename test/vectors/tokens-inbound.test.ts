/** The token vectors that are about requests: signed installs, Forge tokens and query string hashes. */
import { describe, expect, test } from "vitest";
import { createLifecycleVerifier } from "../../src/connect/lifecycle.ts";
import { createConnectVerifier } from "../../src/connect/verifier.ts";
import { createForgeVerifier } from "../../src/forge/invocation.ts";
import data from "./data/tokens.json" with { type: "json" };

interface Vector {
  readonly name: string;
  readonly token: string;
  readonly secret?: string;
  readonly publicKey?: string;
  readonly jwks?: object;
  readonly at: number;
  readonly leeway: number;
  readonly expect: string;
  readonly altExpect?: readonly string[];
  readonly claims?: object;
  readonly level: "agreed" | "server" | "policy" | "extension";
  readonly request?: { readonly method: string; readonly url: string; readonly baseUrl: string };
  readonly qshMode?: "computed" | "context" | "any";
  readonly install?: { readonly baseUrl: string; readonly clientKey: string; readonly allowedBaseUrls?: readonly string[] };
  readonly forge?: { readonly appId: string };
}

const vectors = data.vectors as unknown as readonly Vector[];
const CODES: Readonly<Record<string, readonly string[]>> = {
  key: ["ERR_KEY_ID"],
  claim: ["ERR_CLAIM_MISSING", "ERR_CLAIM_INVALID", "ERR_CLAIM_MISMATCH"],
  // A context token where a hash of the URL is asked for is told apart from a wrong hash.
  qsh: ["ERR_QSH_MISSING", "ERR_QSH_MISMATCH", "ERR_TOKEN_KIND"],
  notBefore: ["ERR_TOKEN_NOT_YET_VALID"],
};

/** What happened, as the vectors name it: `ok` with the claims, or a code. */
async function outcome(verify: () => Promise<{ claims: object }>): Promise<{ ok?: object; code?: string }> {
  try {
    return { ok: (await verify()).claims };
  } catch (error) {
    return { code: String((error as { code?: string }).code ?? error) };
  }
}

async function check(vector: Vector, verify: () => Promise<{ claims: object }>): Promise<void> {
  const { ok, code } = await outcome(verify);
  if (vector.expect === "ok") {
    expect(ok).toEqual(vector.claims);
  } else {
    // Where servers differ the strict answer is ours: every vector that may be refused is.
    expect(CODES[vector.expect]).toContain(code);
  }
}

function authorized(url: string, scheme: string, token: string, init: RequestInit = {}): Request {
  const request = new Request(url, init);
  request.headers.set("authorization", `${scheme} ${token}`);
  return request;
}

const installs = vectors.filter(({ install }) => install !== undefined);
const forge = vectors.filter((vector) => vector.forge !== undefined);
const hashes = vectors.filter(({ qshMode }) => qshMode !== undefined);

test("every kind of vector is there", () => {
  expect([installs.length, forge.length, hashes.length]).toEqual([16, 6, 11]);
});

describe("signed installs", () => {
  test.each(installs.map((vector) => [vector.name, vector] as const))("%s", async (_name, vector) => {
    const { install, request, publicKey = "" } = vector;
    if (install === undefined || request === undefined) throw new Error("no install");
    const appKey = "com.example.app";
    const verify = createLifecycleVerifier({
      appKey,
      baseUrl: [install.baseUrl, ...(install.allowedBaseUrls ?? [])],
      leeway: vector.leeway,
      fetch: async () => new Response(publicKey),
      now: () => vector.at,
    });
    const payload = {
      key: appKey,
      clientKey: install.clientKey,
      eventType: "installed",
      sharedSecret: "a-shared-secret-of-more-than-32-bytes",
      baseUrl: "https://example.atlassian.net",
    };
    const url = new URL(request.baseUrl).origin + request.url;
    await check(vector, () =>
      verify(authorized(url, "JWT", vector.token, { method: request.method, body: JSON.stringify(payload) })),
    );
  });
});

describe("Forge invocation tokens", () => {
  test.each(forge.map((vector) => [vector.name, vector] as const))("%s", async (_name, vector) => {
    const verify = createForgeVerifier({
      appId: vector.forge?.appId ?? "",
      leeway: vector.leeway,
      fetch: async () => Response.json(vector.jwks),
      now: () => vector.at,
    });
    await check(vector, () => verify(authorized("https://remote.example/", "Bearer", vector.token, { method: "POST" })));
  });
});

describe("query string hashes", () => {
  const accepted = { computed: ["request"], context: ["context"], any: ["request", "context"] } as const;
  test.each(hashes.map((vector) => [vector.name, vector] as const))("%s", async (_name, vector) => {
    const { request, qshMode = "computed", secret = "" } = vector;
    if (request === undefined) throw new Error("no request");
    // The vectors name no app: their issuer is the tenant.
    const clientKey = "com.example.app";
    const verify = createConnectVerifier({
      appKey: "app-under-test",
      baseUrl: request.baseUrl,
      installations: (key) => (key === clientKey ? { clientKey, sharedSecret: secret } : undefined),
      accept: accepted[qshMode],
      leeway: vector.leeway,
      now: () => vector.at,
    });
    // One vector has a `jwt` parameter of its own: the token takes its place, for two of them are refused (C7).
    const url = new URL(request.baseUrl).origin + request.url;
    const sent = url.includes("jwt=")
      ? new Request(url.replace("jwt=a.b.c", `jwt=${vector.token}`), { method: request.method })
      : authorized(url, "JWT", vector.token, { method: request.method });
    await check(vector, () => verify(sent));
  });
});
