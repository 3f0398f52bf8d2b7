/** The main call of every door, as a user writes it where no web type and no Node type is known by name. */
import {
  type AuthErrorCode,
  base64url,
  CanonicalRequestBuilder,
  canonicalRequest,
  decodeJwt,
  explainQsh,
  type InstallationStore,
  isAuthError,
  type PublicKey,
  privateKey,
  publicKey,
  qsh,
  type RequestSigner,
  type RequestVerifier,
  secretKey,
  signJwt,
  verifyJwt,
  type WebRequest,
} from "jwt-qsh";
import { anyVerifier, toResponse, withVerifier } from "jwt-qsh/adapters";
import { type ContextHost, createContextTokenClient } from "jwt-qsh/browser";
import {
  createConnectSigner,
  createConnectVerifier,
  createLifecycleHandler,
  memoryInstallations,
  memoryReplayGuard,
  signConnectToken,
} from "jwt-qsh/connect";
import { createSignedFetch } from "jwt-qsh/fetch";
import { createForgeVerifier } from "jwt-qsh/forge";
import { type HonoContextLike, honoMiddleware } from "jwt-qsh/hono";
import { expressMiddleware, type NodeRequestLike } from "jwt-qsh/node";
import { createOAuth1Consumer, createOAuth1Signer } from "jwt-qsh/oauth1";
import { createBearerSigner, createUserTokenSource, kvTokenCache } from "jwt-qsh/oauth2";
import { cachedInstallations, encryptedInstallations, type KvNamespaceLike, kvInstallations } from "jwt-qsh/stores";
import { signJwtSync, syncEngine, verifyJwtSync } from "jwt-qsh/sync";
import { createFakeHost } from "jwt-qsh/testing";

declare const request: WebRequest;
declare const iframe: ContextHost;
declare const namespace: KvNamespaceLike;
declare const context: HonoContextLike;
declare const incoming: NodeRequestLike;

/** `true` for a type that was not found: everything fits it. */
type IsAny<T> = 0 extends 1 & T ? true : false;
type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>(): void => undefined;

const baseUrl = "https://example.atlassian.net";
const key = secretKey("a secret of thirty-two characters");

// jwt-qsh
const token: string = await signJwt({ iss: "app" }, key, { lifetime: 180 });
const { claims } = await verifyJwt(token, key, { issuer: "app" });
const hash: string = qsh({ method: "GET", url: "/rest/api/3/myself" });
const builder = new CanonicalRequestBuilder("GET", "/").append("a", "1");
export const core = [
  canonicalRequest({ method: "GET", url: "/" }),
  builder.qsh(),
  explainQsh(hash, { method: "GET", url: "/" }).causes[0]?.message,
  base64url.decode(base64url.encode(new Uint8Array(1))).length,
  decodeJwt(token).header.alg,
  await signJwt({ iss: "app" }, privateKey({ kty: "RSA" }), { lifetime: 180 }),
];
holds<Equals<typeof claims.iss, string | undefined>>();
holds<Equals<ReturnType<typeof publicKey>, PublicKey>>();
holds<Equals<IsAny<WebRequest>, false>>();
// @ts-expect-error a secret is text or bytes
secretKey(42);
// @ts-expect-error a public key signs nothing
await signJwt({ iss: "app" }, publicKey("pem"), { lifetime: 180 });

export function codeOf(error: unknown): AuthErrorCode | undefined {
  return isAuthError(error) ? error.code : undefined;
}

// jwt-qsh/sync
export const iss: string | undefined = verifyJwtSync(signJwtSync({ iss: "app" }, key, { lifetime: 180 }), key).claims
  .iss;

// jwt-qsh/connect, jwt-qsh/fetch
const installations: InstallationStore = memoryInstallations();
const sign: RequestSigner = createConnectSigner({ appKey: "app", sharedSecret: key, baseUrl, engine: syncEngine });
const jira = createSignedFetch({ baseUrl, sign });
export const status: number = (await jira("/rest/api/3/myself")).status;
export const bare: string = await signConnectToken(request, { appKey: "app", sharedSecret: key, baseUrl });
const verify = createConnectVerifier({
  appKey: "app",
  baseUrl,
  installations,
  accept: ["request", "context"],
  replayGuard: memoryReplayGuard(),
});
const identity = await verify(request);
holds<Equals<typeof identity.kind, "request" | "context">>();
export const tenant: string = identity.clientKey;
createLifecycleHandler({ appKey: "app", baseUrl, installations });
// @ts-expect-error what is accepted is said
createConnectVerifier({ appKey: "app", baseUrl, installations });

// jwt-qsh/forge, jwt-qsh/adapters
const forge = createForgeVerifier({ appId: "ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555" });
const any = anyVerifier({ connect: verify, forge });
const either = await any(request);
holds<Equals<typeof either.kind, "request" | "context" | "forge">>();
export const handler = withVerifier(verify, (_request, { accountId }) => toResponse(new Error(accountId)));

// jwt-qsh/node, jwt-qsh/hono
const express = expressMiddleware(verify, { publicUrl: "https://app.example.com" });
const hono = honoMiddleware(verify);
export const readers = [express.identity(incoming).clientKey, hono.identity(context).clientKey];

// jwt-qsh/stores, jwt-qsh/oauth2, jwt-qsh/oauth1
const store = cachedInstallations(
  encryptedInstallations(kvInstallations(namespace), "a secret of thirty-two characters"),
  {
    ttl: 60,
  },
);
const installation = { baseUrl, oauthClientId: "client", sharedSecret: "a secret of thirty-two characters" };
const source = createUserTokenSource({ installation, accountId: "user", cache: kvTokenCache(namespace) });
export const signers: RequestSigner[] = [
  createBearerSigner(source),
  createOAuth1Signer({ baseUrl, consumerKey: "app", privateKey: "pem", token: { token: "t", tokenSecret: "s" } }),
];
const consumer = createOAuth1Consumer({ baseUrl, consumerKey: "app", privateKey: "pem" });
export const page: string = consumer.authorizeUrl(await consumer.requestToken({ callback: "oob" }));
export const found = (await store.find("tenant"))?.sharedSecret;

// jwt-qsh/browser, jwt-qsh/testing
const client = createContextTokenClient(iframe);
export const contextToken: string = await client.token();
const host = createFakeHost({ baseUrl });
export const answer: number = (await host.fetch(request)).status;

// A verifier of requests is what it is said to be, and no other.
export const plain: RequestVerifier<{ readonly kind: string }> = any;
holds<Equals<IsAny<typeof host>, false>>();
