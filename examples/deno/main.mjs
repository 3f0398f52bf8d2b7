// npm run build && deno run --unstable-kv --allow-net=127.0.0.1 examples/deno/main.mjs
import { createFakeHost } from "jwt-qsh/testing";
import { visit } from "../visit.mjs";
import { createHandler } from "./app.mjs";

const host = createFakeHost();
const appKey = "com.example.deno";
const kv = await Deno.openKv(":memory:");
let handler;
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => undefined }, (request) => handler(request));
const baseUrl = `http://127.0.0.1:${server.addr.port}`;
handler = createHandler({ appKey, baseUrl, kv, fetch: host.fetch });

await visit(host, { appKey, baseUrl });
await server.shutdown();
kv.close();
