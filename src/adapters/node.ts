/**
 * `jwt-qsh/node`: verifiers and fetch handlers in Express, Koa, Fastify and plain `node:http`. Every framework is taken
 * by its shape; none is imported.
 *
 * @module jwt-qsh/node
 */
export { toResponse } from "../respond.ts";
export { expressMiddleware } from "./express.ts";
export type { ExpressMiddleware, ExpressOptions } from "./express.ts";
export { fastifyHandler, fastifyHook } from "./fastify.ts";
export type { FastifyHook, FastifyOptions, FastifyReplyLike, FastifyRequestLike } from "./fastify.ts";
export type { IdentityReader, RefusalOptions } from "./gate.ts";
export { koaHandler, koaMiddleware } from "./koa.ts";
export type { KoaContextLike, KoaMiddleware, KoaOptions } from "./koa.ts";
export type { RawBody } from "./node-body.ts";
export { nodeHandler } from "./node-handler.ts";
export type { FetchHandler, NodeHandler } from "./node-handler.ts";
export { toRequest } from "./node-request.ts";
export type { NodeRequestLike, NodeRequestOptions } from "./node-request.ts";
export type { NodeResponseLike } from "./node-response.ts";
