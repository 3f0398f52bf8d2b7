/** What the page about Connect takes for granted: a tenant in a store, and a request of each kind. */
import { createConnectVerifier, createLifecycleHandler, memoryInstallations } from "jwt-qsh/connect";
import { host, installation } from "./default.ts";

const app = { appKey: "com.example.app", baseUrl: "https://app.example.com" };
const accountId = "5b10a2844c20165700ede21g";

export const appKey = app.appKey;
export const installations = memoryInstallations([installation]);
export const lifecycle = createLifecycleHandler({ ...app, installations });
export const verifyPage = createConnectVerifier({ ...app, installations, accept: ["request"] });

/** A page, a webhook, an install, a page that asks, and a page that is POSTed. */
export const pageLoad = await host.iframeRequest({ path: "/page", user: accountId });
export const webhook = await host.webhookRequest({ path: "/webhook", body: { issue: { key: "DEMO-1" } } });
export const install = await host.lifecycleRequest("installed");
const contextToken = await host.contextToken({ user: accountId });
const authorization = `JWT ${contextToken}`;
export const ask = new Request("https://app.example.com/api/tasks", { headers: { authorization } });
export const formPost = await postForm();

/** A page whose token and parameters stand in a form body: its hash is over path and pairs. */
async function postForm(): Promise<Request> {
  const { qsh, secretKey, signJwt } = await import("jwt-qsh");
  const form = new URLSearchParams({ issue: "DEMO-1", note: "a b" });
  const claims = { iss: installation.clientKey, qsh: qsh({ method: "POST", url: "/page", form }) };
  form.set("jwt", await signJwt(claims, secretKey(installation.sharedSecret), { lifetime: 180 }));
  return new Request("https://app.example.com/page", { method: "POST", body: form });
}

/** The bindings of a Worker, as far as a page may ask for them. */
const statement = { get: () => undefined, run: () => undefined };
export const env = { DB: { prepare: () => statement }, INSTALLATIONS_KEY: "k".repeat(43) };

export const show = (_permission: string): void => undefined;
export async function handleEvent(_event: unknown): Promise<void> {
  await Promise.resolve();
}
