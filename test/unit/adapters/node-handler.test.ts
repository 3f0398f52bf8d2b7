/** Fetch handlers behind the frameworks of Node: the lifecycle of an install, over real sockets. */
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import express5 from "express";
import fastify from "fastify";
import Koa from "koa";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fastifyHandler, koaHandler, nodeHandler } from "../../../src/adapters/node.ts";
import type { FetchHandler } from "../../../src/adapters/node.ts";
import { memoryInstallations } from "../../../src/connect/installations.ts";
import { createLifecycleHandler } from "../../../src/connect/lifecycle-handler.ts";
import { TokenError } from "../../../src/errors.ts";
import { createFakeHost } from "../../../src/testing/host.ts";
import { badType, failure } from "../../support/failure.ts";
import { sendRaw } from "./raw-http.ts";
import { tellErrors } from "./servers.ts";

const express4 = createRequire(import.meta.url)("express4") as typeof express5;

let server: Server;

afterEach(async () => {
  server.closeAllConnections();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
});

type Mount = (handler: FetchHandler, publicUrl: string) => Promise<RequestListener | Server>;

const expressOf = (express: typeof express5): Mount => async (handler, publicUrl) => {
  const app = express();
  const router = express.Router();
  router.post("/installed", nodeHandler(handler, { publicUrl }));
  app.use("/app", router);
  app.use((error: Error, _request: unknown, response: express5.Response, _next: unknown) => {
    response.status(500).json({ caught: error.message });
  });
  return app as RequestListener;
};

const mounts: [string, Mount][] = [
  ["node:http", async (handler, publicUrl) => nodeHandler(handler, { publicUrl })],
  ["Express 4", expressOf(express4)],
  ["Express 5", expressOf(express5)],
  [
    "Koa",
    async (handler, publicUrl) => {
      const app = new Koa();
      app.use(tellErrors);
      app.use(koaHandler(handler, { publicUrl }));
      return app.callback() as RequestListener;
    },
  ],
  [
    "Fastify",
    async (handler, publicUrl) => {
      const app = fastify();
      app.removeAllContentTypeParsers();
      app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
      app.setErrorHandler((error, _request, reply) => reply.code(500).send({ caught: (error as Error).message }));
      app.post("/app/installed", fastifyHandler(handler, { publicUrl }));
      await app.ready();
      return app.server;
    },
  ],
];

/** Puts a handler up at an address that it is made for. */
async function serve(mount: Mount, create: (publicUrl: string) => FetchHandler): Promise<string> {
  const probe = createServer();
  await new Promise<void>((resolve) => void probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => void probe.close(() => resolve()));
  const publicUrl = `http://127.0.0.1:${port}`;
  const listener = await mount(create(publicUrl), publicUrl);
  server = typeof listener === "function" ? createServer(listener) : listener;
  await new Promise<void>((resolve) => void server.listen(port, "127.0.0.1", resolve));
  return publicUrl;
}

describe.each(mounts)("%s", (_name, mount) => {
  test("an install arrives, and a forged one does not", async () => {
    const host = createFakeHost();
    const installations = memoryInstallations();
    const appKey = "com.example.app";
    const publicUrl = await serve(mount, (root) =>
      createLifecycleHandler({ appKey, baseUrl: `${root}/app`, installations, fetch: host.fetch }),
    );
    const { clientKey, sharedSecret } = await host.installSigned({ appKey, baseUrl: `${publicUrl}/app` });
    expect(installations.find(clientKey)).toMatchObject({ clientKey, sharedSecret });
    const forged = await host.send(await host.lifecycleRequest("installed", { forgery: "no-token" }));
    expect([forged.status, forged.headers.get("content-type")]).toEqual([401, "application/problem+json"]);
  });

  test("status, headers, cookies and bytes are those of the response", async () => {
    const headers = new Headers({ "content-type": "application/octet-stream", "x-one": "1" });
    headers.append("set-cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT");
    headers.append("set-cookie", "b=2");
    const publicUrl = await serve(mount, () => () => new Response(new Uint8Array([0, 255, 128]), { status: 418, headers }));
    const response = await fetch(`${publicUrl}/app/installed`, { method: "POST", body: "x" });
    expect([response.status, response.headers.get("x-one"), response.headers.get("content-type")]).toEqual([418, "1", "application/octet-stream"]);
    expect(response.headers.getSetCookie()).toEqual(["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"]);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 128]);
  });

  test("a handler that refuses, and a target that nobody signed, are answered", async () => {
    const handler = vi.fn(() => Promise.reject(new TokenError("ERR_TOKEN_MISSING", "request has no token")));
    const publicUrl = await serve(mount, () => handler);
    const { port } = new URL(publicUrl);
    expect((await sendRaw(Number(port), ["POST /app/installed HTTP/1.1"])).status).toBe(401);
    expect(handler).toHaveBeenCalledTimes(1);
    // Where a router comes first it may have taken the target for none of its own.
    const answer = await sendRaw(Number(port), [`POST ${publicUrl}/app/installed HTTP/1.1`]);
    expect([401, 404]).toContain(answer.status);
    expect(handler).toHaveBeenCalledTimes(1);
  });
});

test.each(mounts.filter(([name]) => name !== "node:http"))("%s: what the handler throws is the framework's", async (_name, mount) => {
  const publicUrl = await serve(mount, () => () => Promise.reject(new Error("a bug")));
  const response = await fetch(`${publicUrl}/app/installed`, { method: "POST" });
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ caught: "a bug" });
});

test("node:http: what the handler throws is a 500 that says nothing, and the listener's promise rejects", async () => {
  const listener = nodeHandler(() => Promise.reject(new Error("a bug")), { publicUrl: "https://app.example.com" });
  const errors: unknown[] = [];
  server = createServer((request, response) => void listener(request, response).catch((error: unknown) => errors.push(error)));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { status, body } = await sendRaw((server.address() as AddressInfo).port, ["GET / HTTP/1.1"]);
  expect([status, JSON.parse(body)]).toEqual([500, { type: "about:blank", title: "Internal Server Error", status: 500 }]);
  expect(errors).toEqual([new Error("a bug")]);
  expect(failure(() => nodeHandler(undefined as never, { publicUrl: "https://a.example" }))).toEqual(
    badType('"handler" must be a function'),
  );
});
