import type { FastifyInstance } from "fastify";

/** Fastify by its types: it cannot be bundled with an example. */
export const app = { get: () => undefined, post: () => undefined } as unknown as FastifyInstance;
