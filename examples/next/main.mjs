// npm run build && node examples/next/main.mjs
//
// Plays the part of Next: finds the route files and calls what they export. The app's own fetches end in the fake host.
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { createFakeHost } from "jwt-qsh/testing";
import { visit } from "../visit.mjs";

const host = createFakeHost();
globalThis.fetch = (input, init) => host.fetch(new Request(input, init));

const folder = fileURLToPath(new URL(".", import.meta.url));
const files = (await readdir(`${folder}app`, { recursive: true })).filter((file) => file.endsWith("route.ts"));
const paths = files.map((file) => `/${file.slice(0, -"/route.ts".length)}`);
const contents = files.map((file, index) => `export * as route${index} from "./app/${file}";`).join("\n");
const stdin = { contents, resolveDir: folder, loader: "ts" };
const { outputFiles } = await build({ stdin, bundle: true, write: false, format: "esm", logLevel: "error" });
const routes = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

/** Answers as Next does: the folders' names are the path, `[name]` is a parameter, the method is an export. */
async function next(request) {
  for (const [index, path] of paths.entries()) {
    const pattern = path.replaceAll(".", "\\.").replaceAll(/\[(\w+)\]/g, "(?<$1>[^/]+)");
    const match = new RegExp(`^${pattern}$`).exec(new URL(request.url).pathname);
    if (match === null) continue;
    const handle = routes[`route${index}`][request.method];
    if (handle === undefined) return new Response(null, { status: 405 });
    return handle(request, { params: Promise.resolve({ ...match.groups }) });
  }
  return new Response(null, { status: 404 });
}

const app = { appKey: "com.example.next", baseUrl: "https://app.example.com/api", fetch: next };
await visit(host, app);

await host.installSigned(app);
const url = `${app.baseUrl}/issues/DEMO-1`;
const ask = (token) => next(new Request(url, { headers: { authorization: `JWT ${token}` } }));
const asked = await ask(await host.contextToken({ user: "user-1" }));
console.log(`a page of the app: ${asked.status} ${await asked.text()}`);
const { searchParams } = new URL((await host.iframeRequest({ path: "/issues/DEMO-1" })).url);
const refused = await ask(searchParams.get("jwt"));
console.log(`a page with the token of its own URL: ${refused.status}`);
if (asked.status !== 200 || refused.status !== 401) throw new Error("a verdict is wrong");
