import type Koa from "koa";

/** Koa by its types, and whatever router is used with it. */
export const app = { use: () => undefined } as unknown as Koa;
export const router = { post: (_path: string, _middleware: Koa.Middleware): void => undefined };
