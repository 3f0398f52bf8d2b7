/** What the examples of `jwt-qsh/forge` take for granted: a call of the platform to a remote. */
import { host } from "./default.ts";

const appId = "ari:cloud:ecosystem::app/8ed7a3a7-0000-4000-8000-000000000001";

export const request = await host.forgeRequest({ appId, url: "https://remote.example/api", user: "5b10a2844c20165700ede21g" });
