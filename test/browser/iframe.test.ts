/**
 * A page of an app in a cross-origin frame of a product, from a secure and from an insecure origin, in real browsers.
 * The product, its `AP` and the app's server are plain code of this test.
 */
import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { build } from "esbuild";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectPath } from "../support/project.ts";
import { describeInBrowsers } from "./browsers.ts";
import { openPage, waitUntil } from "./page.ts";
import { serve } from "./server.ts";
import type { TestServer } from "./server.ts";

const SECRET = "the-shared-secret-of-the-fake-product";
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const mac = (input: string, secret = SECRET): string => createHmac("sha256", secret).update(input).digest("base64url");

let minted = 0;
function contextToken(): string {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: "tenant", sub: "user-1", qsh: "context-qsh", iat, exp: iat + 900, jti: String(++minted), context: { user: { accountId: "user-1" } } };
  const input = `${part({ typ: "JWT", alg: "HS256" })}.${part(claims)}`;
  return `${input}.${mac(input)}`;
}

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
function setup(): object {
  const iat = Math.floor(Date.now() / 1000);
  const rsa = `${part({ typ: "JWT", alg: "RS256" })}.${part({ iss: "rsa-issuer", aud: "page", iat, exp: iat + 60 })}`;
  const hmac = `${part({ typ: "JWT", alg: "HS256" })}.${part({ iss: "hmac-issuer", iat, exp: iat + 60 })}`;
  return {
    pem: publicKey.export({ type: "spki", format: "pem" }),
    rs256: `${rsa}.${createSign("sha256").update(rsa).sign(privateKey, "base64url")}`,
    hs256: `${hmac}.${mac(hmac)}`,
    secret: SECRET,
  };
}

/** `AP` as a page gets it: each question goes to the page around, and the answer comes back as a message. */
const ALL_JS = `
  const waiting = new Map(); let count = 0;
  addEventListener("message", ({ data }) => { waiting.get(data.id)?.(data.token); waiting.delete(data.id); });
  globalThis.AP = { context: { getToken(callback) { const id = ++count; waiting.set(id, callback); parent.postMessage({ id }, "*"); } } };
`;

let app: TestServer;
let product: TestServer;
let script: string;
let appHost = "";
let refusals = 0;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [projectPath("test/browser/app/page.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: "browser",
    logLevel: "error",
  });
  script = outputFiles[0]?.text ?? "";
  app = await serve((request, response) => {
    const path = request.url?.split("?")[0];
    const json = (status: number, value: object): void => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    if (path === "/app") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(`<!doctype html><script>${ALL_JS}</script><body></body><script type="module" src="/page.js"></script>`);
    } else if (path === "/page.js") {
      response.setHeader("content-type", "text/javascript; charset=utf-8");
      response.end(script);
    } else if (path === "/setup") json(200, setup());
    else {
      const [, input = "", signature] = /^JWT (.+)\.([\w-]+)$/.exec(request.headers.authorization ?? "") ?? [];
      const claims = signature === mac(input) ? (JSON.parse(Buffer.from(input.split(".")[1] ?? "", "base64url").toString()) as { sub: string; jti: string }) : undefined;
      if (claims === undefined || (path === "/expired-once" && refusals++ === 0)) json(401, {});
      else json(200, { sub: claims.sub, jti: claims.jti });
    }
  });
  product = await serve((request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    if (request.url === "/token") response.end(contextToken());
    else {
      response.end(`<!doctype html><iframe src="${appHost}/app" width="600" height="300"></iframe><script>
        addEventListener("message", async ({ source, data, origin }) => {
          source.postMessage({ id: data.id, token: await (await fetch("/token")).text() }, origin);
        });
      </script>`);
    }
  });
});
afterAll(async () => void (await Promise.all([app.close(), product.close()])));

async function runPage(browser: Browser, productName: string, appName: string): Promise<Record<string, unknown>> {
  minted = 0;
  refusals = 0;
  appHost = `http://${appName}:${app.port}`;
  const { page, errors } = await openPage(browser, `http://${productName}:${product.port}/`);
  const frame = await (await page.waitForSelector("iframe"))?.contentFrame();
  await waitUntil(async () => ((await frame?.evaluate(() => document.body?.textContent)) ?? "").startsWith("{"), "the app's page to finish");
  const result = JSON.parse((await frame?.evaluate(() => document.body.textContent)) ?? "{}") as Record<string, unknown>;
  // The browser itself says that a request was answered with 401, which was on purpose.
  expect(errors.filter((error) => !error.includes("401"))).toEqual([]);
  await page.close();
  return result;
}

/** What the page signed, made by another hand. */
const input = `${part({ typ: "JWT", alg: "HS256" })}.${part({ iss: "page", iat: 1, exp: 2 })}`;
const expected = {
  sameToken: true,
  user: "user-1",
  server: { sub: "user-1", jti: "1" },
  again: { sub: "user-1", jti: "2" },
  elsewhere: "ERR_ORIGIN_NOT_ALLOWED",
  hs256: "hmac-issuer",
  signed: `${input}.${mac(input)}`,
};

describeInBrowsers("a page of an app", (browser) => {
  test("on a secure origin: token, server, RS256 and HS256", async () => {
    expect(await runPage(browser(), "127.0.0.1", "localhost")).toEqual({ ...expected, isSecureContext: true, hasSubtle: true, rs256: "rsa-issuer" });
  });

  test("on an insecure origin: the same without WebCrypto, but RS256", async () => {
    expect(await runPage(browser(), "product.test", "app.test")).toEqual({
      ...expected,
      isSecureContext: false,
      hasSubtle: false,
      rs256: "ERR_UNSUPPORTED_RUNTIME",
    });
  });
});
