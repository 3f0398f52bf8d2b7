/** The token vectors that are about requests: signed installs, Forge tokens and query string hashes. */
import { createConnectVerifier, createLifecycleVerifier } from "../../../dist/connect.js";
import { createForgeVerifier } from "../../../dist/forge.js";
import { TOKEN_CODES } from "./tokens.mjs";
import { equal, oneOf, settled } from "./verdict.mjs";

const NEEDS = ["Request", "URL", "AbortController", "setTimeout", "ReadableStream"];
const CODES = {
  ...TOKEN_CODES,
  key: ["ERR_KEY_ID"],
  // A context token where a hash of the URL is asked for is told apart from a wrong hash.
  qsh: ["ERR_QSH_MISSING", "ERR_QSH_MISMATCH", "ERR_TOKEN_KIND"],
};
const ACCEPTED = { computed: ["request"], context: ["context"], any: ["request", "context"] };
const APP = "com.example.app";

export function inboundTokenCases({ tokens }, { add, has }) {
  const addAll = (isOne, verify, isSupported) => {
    for (const vector of tokens.filter(isOne)) {
      const run = async () => {
        const { value, error } = await settled(() => verify(vector));
        // Where servers differ the strict answer is ours: every vector that may be refused is.
        oneOf(error?.code ?? "ok", CODES[vector.expect], "the verifier", isSupported);
        if (value !== undefined) equal(value.claims, vector.claims, "the claims");
      };
      add(vector.name, run, ...NEEDS);
    }
  };
  addAll((vector) => vector.install !== undefined, verifyInstall, has("crypto.subtle"));
  addAll((vector) => vector.forge !== undefined, verifyInvocation, has("crypto.subtle"));
  addAll((vector) => vector.qshMode !== undefined, verifyHash, true);
}

function authorized(url, scheme, token, init = {}) {
  return new Request(url, { ...init, headers: { authorization: `${scheme} ${token}` } });
}

function verifyInstall({ install, request, token, publicKey, leeway, at }) {
  const verify = createLifecycleVerifier({
    appKey: APP,
    baseUrl: [install.baseUrl, ...(install.allowedBaseUrls ?? [])],
    leeway,
    fetch: async () => new Response(publicKey ?? ""),
    now: () => at,
  });
  const body = JSON.stringify({
    key: APP,
    clientKey: install.clientKey,
    eventType: "installed",
    sharedSecret: "a-shared-secret-of-more-than-32-bytes",
    baseUrl: "https://example.atlassian.net",
  });
  const url = new URL(request.baseUrl).origin + request.url;
  return verify(authorized(url, "JWT", token, { method: request.method, body }));
}

function verifyInvocation({ forge, jwks, token, leeway, at }) {
  const fetch = async () => new Response(JSON.stringify(jwks), { headers: { "content-type": "application/json" } });
  const verify = createForgeVerifier({ appId: forge.appId, leeway, fetch, now: () => at });
  return verify(authorized("https://remote.example/", "Bearer", token, { method: "POST" }));
}

function verifyHash({ request, secret, qshMode, token, leeway, at }) {
  // The vectors name no app: their issuer is the tenant.
  const tenant = { clientKey: APP, sharedSecret: secret };
  const verify = createConnectVerifier({
    appKey: "app-under-test",
    baseUrl: request.baseUrl,
    installations: (clientKey) => (clientKey === APP ? tenant : undefined),
    accept: ACCEPTED[qshMode],
    leeway,
    now: () => at,
  });
  // One vector has a `jwt` parameter of its own: the token takes its place, for two of them are refused (C7).
  const url = new URL(request.baseUrl).origin + request.url;
  const { method } = request;
  if (url.includes("jwt=")) return verify(new Request(url.replace("jwt=a.b.c", `jwt=${token}`), { method }));
  return verify(authorized(url, "JWT", token, { method }));
}
