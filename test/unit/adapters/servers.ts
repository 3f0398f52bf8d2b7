/** One small app in each framework of Node: a verifier before a route that tells whom it saw. */
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import express5 from "express";
import fastify from "fastify";
import Koa from "koa";
import { expressMiddleware, fastifyHook, koaMiddleware } from "../../../src/adapters/node.ts";
import type { AuthError } from "../../../src/errors.ts";
import type { RequestVerifier, WebRequest } from "../../../src/types.ts";

const express4 = createRequire(import.meta.url)("express4") as typeof express5;

/** How the app is put up. */
export interface Setup<Identity> {
  readonly verify: RequestVerifier<Identity>;
  readonly publicUrl: string;
  /** Where the verifier and its route are mounted; at the root unless told. */
  readonly mount?: string;
  /** Whether a body parser comes first, and whether it keeps the body as it came; neither unless told. */
  readonly parser?: "first" | "keeping" | "after";
  readonly onRefusal?: (error: AuthError) => void;
}

/** What the route saw. */
export interface Seen {
  readonly identity: unknown;
  /** Whether the identity is where users look for it, too. */
  readonly placed: boolean;
  readonly body: unknown;
}

/** A running app. */
export interface App {
  readonly port: number;
  readonly close: () => Promise<void>;
}

async function listen(listener: RequestListener | Server): Promise<App> {
  const server = typeof listener === "function" ? createServer(listener) : listener;
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  };
  return { port: (server.address() as AddressInfo).port, close };
}

function startExpress(express: typeof express5) {
  return async <Identity>({ verify, publicUrl, mount = "/", parser, ...rest }: Setup<Identity>): Promise<App> => {
    const middleware = expressMiddleware(verify, { publicUrl, ...rest });
    const keep = (request: object, _response: unknown, bytes: Uint8Array): void => {
      if (parser === "keeping") Object.assign(request, { rawBody: bytes });
    };
    const parsers = [express.json({ verify: keep }), express.urlencoded({ extended: true, verify: keep })];
    const app = express();
    if (parser === "first" || parser === "keeping") app.use(...parsers);
    // A router of its own below the mount: `req.url` has lost the prefix there.
    const router = express.Router();
    router.use(middleware);
    if (parser === "after") router.use(...parsers);
    router.use((request, response) => {
      const identity = middleware.identity(request);
      const { identity: there } = request as { identity?: unknown };
      const seen: Seen = { identity, placed: there === identity, body: (request.body as unknown) ?? null };
      response.json(seen);
    });
    app.use(mount, router);
    app.use((error: Error, _request: unknown, response: express5.Response, _next: unknown) => {
      response.status(500).json({ caught: error.message });
    });
    return listen(app as RequestListener);
  };
}

/** An app's own error handler, in Koa. */
export const tellErrors: Koa.Middleware = async (context, next) => {
  try {
    await next();
  } catch (error) {
    context.status = 500;
    context.body = { caught: (error as Error).message };
  }
};

async function startKoa<Identity>({ verify, publicUrl, mount = "", parser, ...rest }: Setup<Identity>): Promise<App> {
  const middleware = koaMiddleware(verify, { publicUrl, ...rest });
  const app = new Koa<{ identity: Identity }>();
  app.silent = true;
  const parse: Koa.Middleware = async (context, next) => {
    const chunks: Buffer[] = [];
    for await (const chunk of context.req) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const isJson = context.is("json") !== false;
    const body: unknown = text === "" ? undefined : isJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
    Object.assign(context.request, { body }, parser === "keeping" && { rawBody: text });
    await next();
  };
  app.use(tellErrors);
  if (parser === "first" || parser === "keeping") app.use(parse);
  // What koa-mount does: the path loses its prefix for those below.
  app.use(async (context, next) => {
    if (!context.path.startsWith(mount)) return;
    context.path = context.path.slice(mount.length) || "/";
    await next();
  });
  app.use(middleware);
  if (parser === "after") app.use(parse);
  app.use((context) => {
    const identity = middleware.identity(context);
    const { body = null } = context.request as { body?: unknown };
    context.body = { identity, placed: context.state.identity === identity, body } satisfies Seen;
  });
  return listen(app.callback() as RequestListener);
}

async function startFastify<Identity>({ verify, publicUrl, mount = "", parser, ...rest }: Setup<Identity>): Promise<App> {
  const hook = fastifyHook(verify, { publicUrl, ...rest });
  const app = fastify();
  const types = ["application/json", "application/x-www-form-urlencoded"];
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(types, { parseAs: "buffer" }, (request, body, done) => {
    if (parser === "keeping") Object.assign(request, { rawBody: body });
    const text = String(body);
    const isJson = request.headers["content-type"]?.startsWith("application/json") === true;
    done(null, isJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text)));
  });
  app.setErrorHandler((error, _request, reply) => reply.code(500).send({ caught: (error as Error).message }));
  await app.register(
    async (scope) => {
      scope.addHook(parser === "first" || parser === "keeping" ? "preHandler" : "onRequest", hook);
      scope.all("*", (request): Seen => {
        const identity = hook.identity(request);
        return { identity, placed: (request as { identity?: unknown }).identity === identity, body: request.body ?? null };
      });
    },
    { prefix: mount },
  );
  await app.ready();
  return listen(app.server);
}

/** The frameworks, by name. */
export const frameworks: readonly [name: string, start: <Identity>(setup: Setup<Identity>) => Promise<App>][] = [
  ["Express 4", startExpress(express4)],
  ["Express 5", startExpress(express5)],
  ["Koa", startKoa],
  ["Fastify", startFastify],
];

/** A verifier that tells what request it was given. */
export async function echo(request: WebRequest): Promise<{ method: string; url: string; headers: [string, string][]; bodyUsed: boolean }> {
  return { method: request.method, url: request.url, headers: [...request.headers], bodyUsed: request.bodyUsed };
}
