// npm run build && bun examples/bun/main.mjs
import { Database } from "bun:sqlite";
import { createFakeHost } from "jwt-qsh/testing";
import { visit } from "../visit.mjs";
import { createRoutes } from "./app.mjs";

const host = createFakeHost();
const appKey = "com.example.bun";
const database = new Database(":memory:");
const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(null, { status: 404 }) });
const baseUrl = server.url.origin;
server.reload({ routes: createRoutes({ appKey, baseUrl, database, fetch: host.fetch }) });

await visit(host, { appKey, baseUrl });
await server.stop(true);
database.close();
