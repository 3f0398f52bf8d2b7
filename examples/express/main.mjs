// npm run build && node examples/express/main.mjs
import { createServer } from "node:http";
import { memoryInstallations } from "jwt-qsh/connect";
import { createFakeHost } from "jwt-qsh/testing";
import { visit } from "../visit.mjs";
import { createApp } from "./app.mjs";

const host = createFakeHost();
const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const publicUrl = `http://127.0.0.1:${server.address().port}`;
const appKey = "com.example.express";
server.on("request", createApp({ appKey, publicUrl, installations: memoryInstallations(), fetch: host.fetch }));

await visit(host, { appKey, baseUrl: publicUrl });
server.close();
server.closeAllConnections();
