import { load, packageVersion } from "../engine.mjs";
import { modules } from "../stage.mjs";

const WORKER = `import { runCases } from "./test/runtimes/cases/index.mjs";
import { vectors } from "./test/runtimes/vectors.mjs";
export default {
  async fetch() {
    return Response.json(await runCases(vectors));
  },
};
`;

/** workerd as a Worker is deployed to it, the run within one request. */
export async function launch() {
  const { Log, LogLevel, Miniflare } = await load("miniflare");
  const miniflare = new Miniflare({
    log: new Log(LogLevel.ERROR),
    modulesRoot: "/",
    modules: [["worker.js", WORKER], ...modules()].map(([path, contents]) => ({
      type: "ESModule",
      path: `/${path}`,
      contents,
    })),
    compatibilityDate: "2026-04-01",
    // Or it would ask a server for what Cloudflare adds to a request.
    cf: false,
    telemetry: { enabled: false },
  });
  try {
    const response = await miniflare.dispatchFetch("http://localhost/");
    return { version: packageVersion("workerd"), report: await response.json() };
  } finally {
    await miniflare.dispose();
  }
}
