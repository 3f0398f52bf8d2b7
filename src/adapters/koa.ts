import type { RequestVerifier, WebRequest } from "../types.ts";
import { createGate } from "./gate.ts";
import type { IdentityReader, RefusalOptions } from "./gate.ts";
import { serveWith } from "./node-handler.ts";
import type { FetchHandler } from "./node-handler.ts";
import { buildRequest, keptBody, readNodeOptions } from "./node-request.ts";
import type { NodeRequestLike, NodeRequestOptions } from "./node-request.ts";
import { send } from "./node-response.ts";
import type { NodeResponseLike } from "./node-response.ts";

/** The part of a Koa context that is used. */
export interface KoaContextLike {
  readonly req: NodeRequestLike;
  readonly res: NodeResponseLike;
  readonly originalUrl: string;
  readonly request: object;
  readonly state: object;
  status: number;
  body: unknown;
  set(headers: Record<string, string | string[]>): void;
}

/** Options of {@link koaMiddleware}. */
export interface KoaOptions extends NodeRequestOptions<KoaContextLike>, RefusalOptions<KoaContextLike> {}

/** A middleware of Koa. */
export type KoaMiddleware<Identity> = IdentityReader<Identity> &
  ((context: KoaContextLike, next: () => Promise<unknown>) => Promise<void>);

/**
 * Puts a verifier before the middleware of Koa.
 *
 * The identity is at `ctx.state.identity`, and with its type at `middleware.identity(ctx)`. A request without one is
 * answered here; any other error is thrown on to Koa. It may be mounted under any path. Where the verifier reads the
 * body (`form: true`, lifecycle events), a body parser comes before and keeps it as `ctx.request.rawBody`; most do.
 *
 * @example
 * ```ts
 * import { koaMiddleware } from "jwt-qsh/node";
 *
 * const connect = koaMiddleware(verify, { publicUrl: "https://app.example.com" });
 * app.use(connect);
 * app.use((ctx) => {
 *   ctx.body = { hello: connect.identity(ctx).accountId };
 * });
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 */
export function koaMiddleware<Identity>(
  verifier: RequestVerifier<Identity>,
  options: KoaOptions,
): KoaMiddleware<Identity> {
  const gate = createGate(verifier, options, {
    toRequest: readKoaOptions(options),
    place: (context, identity) => void Object.assign(context.state, { identity }),
  });
  return Object.assign(
    async (context: KoaContextLike, next: () => Promise<unknown>) => {
      const problem = await gate.judge(context);
      if (problem === undefined) {
        await next();
        return;
      }
      context.set({ ...problem.headers });
      context.status = problem.status;
      context.body = problem.body;
    },
    { identity: gate.identity },
  );
}

/**
 * Serves a fetch handler in Koa: above all `createLifecycleHandler`. As {@link nodeHandler}.
 *
 * @example
 * ```ts
 * import { koaHandler } from "jwt-qsh/node";
 *
 * router.post("/installed", koaHandler(lifecycle, { publicUrl: "https://app.example.com" }));
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 */
export function koaHandler(
  handler: FetchHandler,
  options: NodeRequestOptions<KoaContextLike>,
): (context: KoaContextLike) => Promise<void> {
  const serve = serveWith(handler, readKoaOptions(options));
  return async (context) => {
    // Not by `context.body`: bytes that are no Buffer would be written as JSON.
    send(context.res, await serve(context));
  };
}

function readKoaOptions(options: NodeRequestOptions<KoaContextLike>): (context: KoaContextLike) => WebRequest {
  const { root, rawBody } = readNodeOptions(options, ({ request }) => keptBody(request));
  return (context) => buildRequest({ message: context.req, target: context.originalUrl, rawBody: rawBody(context) }, root);
}
