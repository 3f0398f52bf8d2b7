// npm run build && node examples/hono/main.mjs
import { memoryInstallations } from "jwt-qsh/connect";
import { createFakeHost } from "jwt-qsh/testing";
import { visit } from "../visit.mjs";
import { createApp } from "./app.mjs";

const host = createFakeHost();
const appKey = "com.example.hono";
const baseUrl = "https://app.example.com";
const app = createApp({ appKey, baseUrl, installations: memoryInstallations(), fetch: host.fetch });

await visit(host, { appKey, baseUrl, fetch: (request) => app.fetch(request) });
