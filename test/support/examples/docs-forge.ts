/** What the page about Forge takes for granted: an app on both platforms, a call of each, and the product's API. */
import { createConnectVerifier, memoryInstallations } from "jwt-qsh/connect";
import { createForgeVerifier } from "jwt-qsh/forge";
import { host, installation } from "./default.ts";

export const appId = "ari:cloud:ecosystem::app/8ed7a3a7-0000-4000-8000-000000000001";
const accountId = "5b10a2844c20165700ede21g";
const systemToken = "the-opaque-token-of-this-call";

export const installations = memoryInstallations([installation]);
export const connectVerifier = createConnectVerifier({
  appKey: "com.example.app",
  baseUrl: "https://app.example.com",
  installations,
  accept: ["request"],
});
export const forgeVerifier = createForgeVerifier({ appId, fetch: host.fetch });

/** A panel asks the remote through `invokeRemote`; a Connect page of the same site is loaded. */
const url = "https://app.example.com/summary";
const body = { issue: "DEMO-1" };
export const invocation = await host.forgeRequest({ appId, url, user: accountId, systemToken, body });
export const pageLoad = await host.iframeRequest({ path: "/page", user: accountId });

export const readTasks = (_clientKey: string): Promise<string[]> => Promise.resolve([]);

// The product's API answers to the system token.
globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  if (new URL(request.url).origin !== "https://api.atlassian.com") return host.fetch(request);
  const isKnown = request.headers.get("authorization") === `Bearer ${systemToken}`;
  return Promise.resolve(Response.json({ key: "DEMO-1" }, { status: isKnown ? 200 : 401 }));
};
