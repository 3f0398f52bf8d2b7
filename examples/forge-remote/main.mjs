// npm run build && node examples/forge-remote/main.mjs
//
// The platform is the fake host: its keys sign the calls, its key set proves them. The product's API stands here.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { nodeHandler } from "jwt-qsh/node";
import { createFakeHost } from "jwt-qsh/testing";
import { createHandler } from "./app.mjs";

const manifest = await readFile(new URL("manifest.yml", import.meta.url), "utf8");
const appId = /^ {2}id: (\S+)$/m.exec(manifest)[1];
let ahead = 0;
const now = () => Date.now() / 1000 + ahead;
const host = createFakeHost({ now });
const systemToken = "the-opaque-token-of-this-call";
const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const publicUrl = `http://127.0.0.1:${server.address().port}`;
server.on("request", nodeHandler(createHandler({ appId, fetch: network, now }), { publicUrl }));

/** Where the remote's own requests end: at the product's API, which wants the system token, or at the host. */
async function network(request) {
  const { origin, pathname } = new URL(request.url);
  if (origin !== "https://api.atlassian.com") return host.fetch(request);
  if (request.headers.get("authorization") !== `Bearer ${systemToken}`) return new Response(null, { status: 401 });
  const [, key] = /^\/ex\/jira\/[\w-]+\/rest\/api\/3\/issue\/([\w-]+)$/.exec(pathname) ?? [];
  if (key === undefined) return new Response(null, { status: 404 });
  return Response.json({ key, fields: { summary: "First issue" } });
}

/** Sends a call of the platform, tells how it went, and ends the program when that is not as it should be. */
async function call(what, expected, options) {
  const usual = { appId, url: `${publicUrl}/summary`, body: { issue: "DEMO-1" }, user: "user-1", systemToken };
  const response = await fetch(await host.forgeRequest({ ...usual, ...options }));
  const text = await response.text();
  if (response.status !== expected) throw new Error(`${what}: ${response.status} in place of ${expected}`);
  console.log(`${what}: ${response.status}${response.ok ? ` ${text}` : ""}`);
}

await call("panel", 200, {});
await call("nightly", 200, { url: `${publicUrl}/nightly`, user: undefined, context: null, body: {} });
await call("no token", 401, { forgery: "no-token" });
await call("token of another app", 401, { appId: "8ed7a3a7-0000-4000-8000-000000000002" });
await call("token of the staging cloud", 401, { environment: "staging" });
await call("expired", 401, { forgery: "expired" });
await host.rotateForgeKey();
// An unknown key makes the verifier ask for the set again, but not twice within 30 seconds.
ahead += 31;
await call("after the platform's keys rotated", 200, {});
await call("without the system token", 500, { systemToken: undefined });
server.close();
server.closeAllConnections();
