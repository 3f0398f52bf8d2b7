/**
 * `jwt-qsh/hono`: a verifier before the routes of Hono, which is taken by its shape and not imported.
 *
 * @module jwt-qsh/hono
 */
import type { RequestVerifier, WebRequest, WebResponse } from "../types.ts";
import { createGate } from "./gate.ts";
import type { IdentityReader, RefusalOptions } from "./gate.ts";

export { toResponse } from "../respond.ts";
export type { IdentityReader, RefusalOptions } from "./gate.ts";

/** The part of a Hono context that is used. */
export interface HonoContextLike {
  readonly req: { readonly raw: WebRequest; readonly bodyCache?: object };
  set(name: "identity", value: unknown): void;
}

/** A middleware of Hono. */
export type HonoMiddleware<Identity> = IdentityReader<Identity> &
  ((context: HonoContextLike, next: () => Promise<void>) => Promise<WebResponse | undefined>);

/**
 * Puts a verifier before the routes of Hono, in whatever runtime.
 *
 * The identity is at `c.get("identity")`, typed where the app is a `Hono<{ Variables: { identity: ... } }>`, and at
 * `middleware.identity(c)`. A request without one is answered here; any other error goes to `app.onError`. It may stand
 * under any path. The body stays usable, and where the verifier reads it (`form: true`, lifecycle events) it may have
 * been read before by `c.req.text()`, `json()` or `arrayBuffer()`, but not as a form.
 *
 * A fetch handler needs no adapter in Hono: `app.post("/installed", (c) => lifecycle(c.req.raw))`.
 *
 * @example
 * ```ts
 * import { honoMiddleware } from "jwt-qsh/hono";
 *
 * const connect = honoMiddleware(verify);
 * app.get("/panel", connect, (c) => c.json({ hello: connect.identity(c).accountId }));
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE for options that make no sense
 */
export function honoMiddleware<Identity>(
  verifier: RequestVerifier<Identity>,
  options: RefusalOptions<HonoContextLike> = {},
): HonoMiddleware<Identity> {
  const gate = createGate(verifier, options, {
    toRequest: readRequest,
    place: (context, identity) => context.set("identity", identity),
  });
  return Object.assign(
    async (context: HonoContextLike, next: () => Promise<void>) => {
      const problem = await gate.judge(context);
      if (problem !== undefined) return new Response(problem.body, problem);
      await next();
      return undefined;
    },
    { identity: gate.identity },
  );
}

/** Hono's own request, with the body that Hono kept when it was read already. */
async function readRequest({ req: { raw, bodyCache = {} } }: HonoContextLike): Promise<WebRequest> {
  if (!raw.bodyUsed) return raw;
  // Only what is the body as it came: a parsed form lost the order of its pairs.
  const { text, arrayBuffer } = bodyCache as { text?: Promise<string>; arrayBuffer?: Promise<ArrayBuffer> };
  const body = await (arrayBuffer ?? text);
  return body === undefined ? raw : new Request(raw.url, { method: raw.method, headers: raw.headers, body });
}
