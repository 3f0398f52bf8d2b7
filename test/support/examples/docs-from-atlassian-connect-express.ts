/** What the page for those who come from ACE takes for granted: Express at hand, a store, and ACE's own table. */
import { createRequire } from "node:module";
import { memoryInstallations } from "jwt-qsh/connect";
import type expressModule from "express";
import type { Express } from "express";
import { installation, tenants } from "./default.ts";

/** Express as it is: it cannot be bundled with an example. */
export const express = createRequire(import.meta.url)("express") as typeof expressModule;
export const app: Express = express();

export const installations = memoryInstallations();
export const descriptor = { key: "com.example.app", baseUrl: "https://app.example.com" };

export const addon = {
  settings: {
    get: (_key: "clientInfo", clientKey: string) => Promise.resolve(tenants.get(clientKey) ?? null),
    getAllClientInfos: () => Promise.resolve([installation]),
  },
};
