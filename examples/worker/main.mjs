// npm run build && node examples/worker/main.mjs
//
// Runs the Worker in workerd, as wrangler.json describes it; its fetches end in the fake host.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { createFakeHost } from "jwt-qsh/testing";
import { Log, LogLevel, Miniflare, Response as WorkerdResponse } from "miniflare";
import { visit } from "../visit.mjs";

const config = JSON.parse(await readFile(new URL("wrangler.json", import.meta.url), "utf8"));
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL(config.main, import.meta.url))],
  bundle: true,
  write: false,
  format: "esm",
  external: ["cloudflare:*"],
  logLevel: "error",
});
const host = createFakeHost();
const worker = new Miniflare({
  log: new Log(LogLevel.ERROR),
  cf: false,
  telemetry: { enabled: false },
  modules: true,
  script: outputFiles[0].text,
  compatibilityDate: config.compatibility_date,
  kvNamespaces: config.kv_namespaces.map(({ binding }) => binding),
  bindings: { ...config.vars, INSTALLATIONS_KEY: "a secret of this example, random elsewhere" },
  async outboundService(request) {
    const response = await host.fetch(new Request(request.url));
    return new WorkerdResponse(await response.arrayBuffer(), response);
  },
});

/** Workerd's fetch, in the types of this side. */
async function fetchWorker(request) {
  const { method, headers } = request;
  const body = method === "GET" ? undefined : await request.arrayBuffer();
  const response = await worker.dispatchFetch(request.url, { method, headers: [...headers], body });
  return new Response(response.status === 204 ? null : await response.arrayBuffer(), { status: response.status });
}

await visit(host, { appKey: config.vars.APP_KEY, baseUrl: config.vars.BASE_URL, fetch: fetchWorker });
await worker.dispose();
