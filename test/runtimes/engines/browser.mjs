import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { networkInterfaces, tmpdir } from "node:os";
import { extname, join } from "node:path";
import { browsers, display, stop } from "../browsers.mjs";
import { systemVersion } from "../engine.mjs";
import { stage } from "../stage.mjs";

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".html": "text/html" };

/** The page runs the cases in the window and in a module worker, and posts what came out. No driver is needed. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>jwt-qsh</title><script type="module" src="/page.mjs"></script>`;
const PAGE_SCRIPT = `import { runCases } from "/test/runtimes/cases/index.mjs";
import { vectors } from "/test/runtimes/vectors.mjs";
const inWorker = () => new Promise((resolve, reject) => {
  const worker = new Worker("/worker.mjs", { type: "module" });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error("worker: " + message));
});
const answer = { agent: navigator.userAgent, secure: isSecureContext };
try {
  [answer.window, answer.worker] = await Promise.all([runCases(vectors), inWorker()]);
} catch (error) {
  answer.fatal = String(error && error.stack || error);
}
await fetch("/report", { method: "POST", body: JSON.stringify(answer) });
`;
const WORKER_SCRIPT = `import { runCases } from "/test/runtimes/cases/index.mjs";
import { vectors } from "/test/runtimes/vectors.mjs";
postMessage(await runCases(vectors));
`;
const OWN = { "/": PAGE, "/page.mjs": PAGE_SCRIPT, "/worker.mjs": WORKER_SCRIPT };

/** A real browser on a page of its own, from this machine's loopback or from an origin that is not secure. */
export async function launch({ browser, insecure = false }) {
  const { start, resolvesNames, debian } = browsers[browser];
  let settle;
  const answered = new Promise((resolve) => (settle = resolve));
  const server = createServer((request, response) => {
    if (request.url === "/report") {
      let body = "";
      request.on("data", (data) => (body += data)).on("end", () => settle(JSON.parse(body)));
      response.end();
      return;
    }
    const path = new URL(request.url, "http://localhost").pathname;
    try {
      const content = OWN[path] ?? readFileSync(join(stage, path));
      response.setHeader("content-type", TYPES[path === "/" ? ".html" : extname(path)] ?? "application/octet-stream");
      // As strict as a page can be: nothing inline, nothing made of strings.
      response.setHeader("content-security-policy", "default-src 'self'");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, insecure ? "0.0.0.0" : "127.0.0.1", resolve));
  const host = !insecure ? "127.0.0.1" : resolvesNames ? "insecure.test" : outsideAddress();
  const profile = mkdtempSync(join(tmpdir(), "jwt-qsh-browser-"));
  const children = [];
  const timer = setTimeout(() => settle({ fatal: "no report within 100 s" }), 100_000);
  try {
    const show = () => display(children, profile);
    children.push(
      await start({ url: `http://${host}:${server.address().port}/`, profile, show, write: writeFileSync }),
    );
    const { agent = "", secure, window, worker, fatal } = await answered;
    if (fatal !== undefined) throw new Error(fatal);
    if (secure !== !insecure) throw new Error(`the origin is ${secure ? "" : "not "}secure`);
    const named = /(?:Chrome|Firefox)\/([\d.]+)/.exec(agent)?.[1];
    return { version: named ?? (await systemVersion(debian)), reports: { window, worker } };
  } finally {
    clearTimeout(timer);
    await stop(children);
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** An address of this machine that is not loopback: an origin over it is not secure. */
function outsideAddress() {
  const all = Object.values(networkInterfaces()).flat();
  const found = all.find(({ family, address }) => family === "IPv4" && !address.startsWith("127."));
  if (found === undefined) throw new Error("this machine has no address but loopback");
  return found.address;
}
