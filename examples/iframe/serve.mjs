// App and product on two sockets, to be looked at: npm run build && node examples/iframe/serve.mjs
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { memoryInstallations } from "jwt-qsh/connect";
import { nodeHandler } from "jwt-qsh/node";
import { createFakeHost } from "jwt-qsh/testing";
import { createHandler } from "./app.mjs";
import { createProduct } from "./product.mjs";

/** Starts both, with the app installed. Two origins, as in life: the names of one machine. */
export async function start() {
  const [app, product] = await Promise.all([listen("127.0.0.1"), listen("localhost")]);
  const host = createFakeHost();
  const appKey = "com.example.iframe";
  const installations = memoryInstallations();
  const script = await bundle("page.mjs");
  const allJs = `${product.origin}/all.js`;
  app.serve(createHandler({ appKey, baseUrl: app.origin, installations, fetch: host.fetch, allJs, script }));
  product.serve(createProduct(host, app.origin));
  await host.installSigned({ appKey, baseUrl: app.origin });
  const close = () => [app, product].forEach((one) => one.close());
  return { host, script, product: product.origin, close };
}

async function listen(name) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://${name}:${server.address().port}`;
  return {
    origin,
    serve: (handler) => server.on("request", nodeHandler(handler, { publicUrl: origin })),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The page's script and what it imports, as one file. */
async function bundle(name) {
  const entryPoints = [fileURLToPath(new URL(name, import.meta.url))];
  const options = { bundle: true, write: false, format: "iife", target: "es2022", logLevel: "error" };
  const { outputFiles } = await build({ entryPoints, ...options });
  return outputFiles[0].text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { product } = await start();
  console.log(`${product}/ is the product, with the app's page in it (Ctrl-C ends it)`);
}
