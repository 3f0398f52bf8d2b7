import type { RequestVerifier } from "../types.ts";
import { createGate } from "./gate.ts";
import type { IdentityReader, RefusalOptions } from "./gate.ts";
import { buildRequest, readNodeOptions, sourceOf } from "./node-request.ts";
import type { NodeRequestLike, NodeRequestOptions } from "./node-request.ts";
import { send } from "./node-response.ts";
import type { NodeResponseLike } from "./node-response.ts";

/** Options of {@link expressMiddleware}. */
export interface ExpressOptions extends NodeRequestOptions<NodeRequestLike>, RefusalOptions<NodeRequestLike> {}

/** A middleware of Express, of Connect, and of whatever speaks like them. */
export type ExpressMiddleware<Identity> = IdentityReader<Identity> &
  ((request: NodeRequestLike, response: NodeResponseLike, next: (error?: unknown) => void) => Promise<void>);

/**
 * Puts a verifier before the routes of Express, version 4 or 5, or of Connect.
 *
 * The identity is at `req.identity`, and with its type at `middleware.identity(req)`. A request without one is answered
 * here; any other error goes to the app's error handler. It may stand under any path.
 *
 * A body parser may come before or after, for most tokens are bound to method, path and query alone. Where the verifier
 * reads the body too (`form: true`, lifecycle events), the parser comes before and keeps the body as it was:
 * `express.urlencoded({ extended: true, verify: (req, res, bytes) => { req.rawBody = bytes } })`. Without that it fails
 * with a `TypeError`: what `req.body` holds is no substitute, for it lost the order of the pairs, and some of them.
 *
 * @example
 * ```ts
 * import { expressMiddleware } from "jwt-qsh/node";
 *
 * const connect = expressMiddleware(verify, { publicUrl: "https://app.example.com" });
 * app.get("/panel", connect, (req, res) => res.json({ hello: connect.identity(req).accountId }));
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 */
export function expressMiddleware<Identity>(
  verifier: RequestVerifier<Identity>,
  options: ExpressOptions,
): ExpressMiddleware<Identity> {
  const { root, rawBody } = readNodeOptions(options);
  const gate = createGate(verifier, options, {
    toRequest: (request: NodeRequestLike) => buildRequest(sourceOf(request, rawBody), root),
    place: (request, identity) => void Object.assign(request, { identity }),
  });
  const middleware: ExpressMiddleware<Identity> = Object.assign(
    async (request: NodeRequestLike, response: NodeResponseLike, next: (error?: unknown) => void) => {
      let problem;
      try {
        problem = await gate.judge(request);
      } catch (error) {
        // Version 4 does not look at the promise.
        next(error);
        return;
      }
      if (problem === undefined) next();
      else send(response, problem);
    },
    { identity: gate.identity },
  );
  return middleware;
}
