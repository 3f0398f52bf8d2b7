import type { RequestVerifier, WebRequest } from "../types.ts";
import { createGate } from "./gate.ts";
import type { IdentityReader, RefusalOptions } from "./gate.ts";
import { serveWith } from "./node-handler.ts";
import type { FetchHandler } from "./node-handler.ts";
import { buildRequest, readNodeOptions } from "./node-request.ts";
import type { NodeRequestLike, NodeRequestOptions } from "./node-request.ts";

/** The part of a Fastify request that is used. */
export interface FastifyRequestLike {
  readonly raw: NodeRequestLike;
  readonly originalUrl: string;
}

/** The part of a Fastify reply that is used. */
export interface FastifyReplyLike {
  code(status: number): FastifyReplyLike;
  headers(headers: Record<string, string | string[]>): FastifyReplyLike;
  send(body: string | Uint8Array): FastifyReplyLike;
}

/** Options of {@link fastifyHook}. */
export interface FastifyOptions extends NodeRequestOptions<FastifyRequestLike>, RefusalOptions<FastifyRequestLike> {}

/** A hook of Fastify; what it resolves with is a reply that is sent already. */
export type FastifyHook<Identity> = IdentityReader<Identity> &
  ((request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>);

/**
 * Puts a verifier before the routes of Fastify, as an `onRequest` or `preHandler` hook.
 *
 * The identity is at `request.identity`, and with its type at `hook.identity(request)`. A request without one is
 * answered here; any other error goes to Fastify's error handler. It may stand under any prefix.
 *
 * `onRequest` comes before the body is parsed and is right for most. Where the verifier reads the body (`form: true`,
 * lifecycle events), the hook must be a `preHandler`, and the body kept: by `fastify-raw-body`, or by a parser that
 * leaves bytes, `app.addContentTypeParser(type, { parseAs: "buffer" }, (request, body, done) => done(null, body))`.
 *
 * @example
 * ```ts
 * import { fastifyHook } from "jwt-qsh/node";
 *
 * const connect = fastifyHook(verify, { publicUrl: "https://app.example.com" });
 * app.get("/panel", { onRequest: connect }, async (request) => ({ hello: connect.identity(request).accountId }));
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 */
export function fastifyHook<Identity>(
  verifier: RequestVerifier<Identity>,
  options: FastifyOptions,
): FastifyHook<Identity> {
  const gate = createGate(verifier, options, {
    toRequest: readFastifyOptions(options),
    place: (request, identity) => void Object.assign(request, { identity }),
  });
  return Object.assign(
    async (request: FastifyRequestLike, reply: FastifyReplyLike) => {
      const problem = await gate.judge(request);
      if (problem === undefined) return undefined;
      return reply.code(problem.status).headers({ ...problem.headers }).send(problem.body);
    },
    { identity: gate.identity },
  );
}

/**
 * Serves a fetch handler in Fastify: above all `createLifecycleHandler`. As {@link nodeHandler}; Fastify parses every
 * body before, so it must be kept as {@link fastifyHook} says.
 *
 * @example
 * ```ts
 * import { fastifyHandler } from "jwt-qsh/node";
 *
 * app.post("/installed", fastifyHandler(lifecycle, { publicUrl: "https://app.example.com" }));
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 */
export function fastifyHandler(
  handler: FetchHandler,
  options: NodeRequestOptions<FastifyRequestLike>,
): (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown> {
  const serve = serveWith(handler, readFastifyOptions(options));
  return async (request, reply) => {
    const { status, headers, body } = await serve(request);
    return reply.code(status).headers({ ...headers }).send(body);
  };
}

function readFastifyOptions(options: NodeRequestOptions<FastifyRequestLike>): (request: FastifyRequestLike) => WebRequest {
  const { root, rawBody } = readNodeOptions(options);
  return (request) =>
    buildRequest({ message: request.raw, target: request.originalUrl, rawBody: rawBody(request) }, root);
}
