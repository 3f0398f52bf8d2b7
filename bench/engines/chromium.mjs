import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browsers, stop } from "../../test/runtimes/browsers.mjs";
import { bundleSuite } from "./bundle.mjs";

const REPORT = `const post = (answer) => fetch("/report", { method: "POST", body: JSON.stringify({ agent: navigator.userAgent, ...answer }) });
run().then((report) => post({ report }), (error) => post({ fatal: String(error.stack) }));`;
const PAGE = `<!doctype html><meta charset="utf-8"><script type="module" src="/suite.mjs"></script>`;
/** With these a page's clock has a resolution of 5 microseconds and not of 100. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

export async function launch({ engine, settings, timeout }) {
  const suite = readFileSync(await bundleSuite(engine, { node: false, settings, report: REPORT }));
  let settle;
  const answered = new Promise((resolve) => (settle = resolve));
  const server = createServer((request, response) => {
    if (request.url === "/report") {
      let body = "";
      request.on("data", (data) => (body += data)).on("end", () => settle(JSON.parse(body)));
      return response.end();
    }
    const isSuite = request.url === "/suite.mjs";
    response.writeHead(200, { ...ISOLATED, "content-type": isSuite ? "text/javascript" : "text/html" });
    return response.end(isSuite ? suite : PAGE);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const profile = mkdtempSync(join(tmpdir(), "jwt-qsh-bench-"));
  const timer = setTimeout(() => settle({ fatal: "no report in time" }), timeout);
  const children = [];
  try {
    children.push(await browsers.chromium.start({ url: `http://127.0.0.1:${server.address().port}/`, profile }));
    const { agent, report, fatal } = await answered;
    if (fatal !== undefined) throw new Error(fatal);
    return { version: /Chrome\/([\d.]+)/.exec(agent)?.[1] ?? agent, report };
  } finally {
    clearTimeout(timer);
    await stop(children);
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
