/**
 * What the examples take for granted: an app that is installed on a site, a request by the site to the app, and the
 * site itself, which answers every `fetch`.
 */
import { secretKey, signJwt } from "jwt-qsh";
import { createConnectVerifier } from "jwt-qsh/connect";
import { createFakeHost } from "jwt-qsh/testing";

const app = { appKey: "com.example.app", baseUrl: "https://app.example.com" };
const accountId = "5b10a2844c20165700ede21g";

export const host = createFakeHost({
  baseUrl: "https://example.atlassian.net",
  users: [{ accountId, displayName: "Ada Lovelace" }],
});

/** The tenant, as a store has it. */
export const installation = host.install(app, { oauthClientId: "client-id" });
export const tenants = new Map([[installation.clientKey, installation]]);
export const sharedSecret: string = installation.sharedSecret;

/** A token by `my-app`. */
export const token: string = await signJwt({ iss: "my-app" }, secretKey(sharedSecret), { lifetime: 180 });

/** The load of a page of the app, and who verifies it. */
export const request = await host.iframeRequest({ path: "/page", user: accountId });
export const verify = createConnectVerifier({
  ...app,
  installations: (clientKey) => tenants.get(clientKey),
  accept: ["request"],
});

globalThis.fetch = (input, init) => host.fetch(new Request(input, init));
