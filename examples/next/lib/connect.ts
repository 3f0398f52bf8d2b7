// What the routes share. Each is made once per process: verifiers keep the keys that they have imported.
import { createConnectVerifier, createLifecycleHandler, memoryInstallations } from "jwt-qsh/connect";

export const appKey = "com.example.next";
/** As the descriptor says it: routes live below `app/api`, so Atlassian calls `https://app.example.com/api/panel`. */
export const baseUrl = "https://app.example.com/api";

// For one process that never ends. Anywhere else: sqlInstallations, unstorageInstallations and so on of jwt-qsh/stores.
const installations = memoryInstallations();
const options = { appKey, baseUrl, installations };

/** What the product itself requests: pages in an iframe, webhooks. */
export const verifyRequest = createConnectVerifier({ ...options, accept: ["request"] });
/** What a page of the app requests, with the token of `AP.context.getToken()`. */
export const verifyPage = createConnectVerifier({ ...options, accept: ["context"] });

export const lifecycle = createLifecycleHandler({ ...options, accept: ["installed", "uninstalled"] });
