import { isAuthError, requireType } from "../errors.ts";
import { problemOf } from "../respond.ts";
import type { Problem } from "../respond.ts";
import type { Awaitable, WebRequest, WebResponse } from "../types.ts";
import { buildRequest, readNodeOptions, sourceOf } from "./node-request.ts";
import type { NodeRequestLike, NodeRequestOptions } from "./node-request.ts";
import { readResponse, send } from "./node-response.ts";
import type { NodeResponseLike, ReadResponse } from "./node-response.ts";

/** A handler of fetch requests. */
export type FetchHandler = (request: WebRequest) => Awaitable<WebResponse>;

/** A listener of `node:http`, and a handler of Express and Connect. */
export type NodeHandler = (
  request: NodeRequestLike,
  response: NodeResponseLike,
  next?: (error?: unknown) => void,
) => Promise<void>;

/**
 * Serves a fetch handler through `node:http`, Express (4 or 5) or Connect: above all `createLifecycleHandler`.
 *
 * The response is read whole, which suits small ones. A handler that reads the body stands before every body parser, or
 * the parser keeps the body as `req.rawBody`. What the handler throws goes to the app's error handler; where there is
 * none, the answer is a 500 that says nothing, and the promise rejects.
 *
 * @example
 * ```ts
 * import { createLifecycleHandler } from "jwt-qsh/connect";
 * import { nodeHandler } from "jwt-qsh/node";
 *
 * const publicUrl = "https://app.example.com";
 * const lifecycle = createLifecycleHandler({ appKey: "com.example.app", baseUrl: publicUrl, installations });
 * app.post("/installed", nodeHandler(lifecycle, { publicUrl }));
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 */
export function nodeHandler(handler: FetchHandler, options: NodeRequestOptions<NodeRequestLike>): NodeHandler {
  const { root, rawBody } = readNodeOptions(options);
  const serve = serveWith(handler, (request: NodeRequestLike) => buildRequest(sourceOf(request, rawBody), root));
  return async (request, response, next) => {
    try {
      send(response, await serve(request));
    } catch (error) {
      if (next !== undefined) {
        next(error);
        return;
      }
      send(response, problemOf(error));
      throw error;
    }
  };
}

/** Serves one request; an error of this library becomes the answer, any other is thrown on. */
export function serveWith<Carrier>(
  handler: FetchHandler,
  toRequest: (carrier: Carrier) => WebRequest,
): (carrier: Carrier) => Promise<ReadResponse | Problem> {
  requireType(handler, "function", '"handler"');
  return async (carrier) => {
    try {
      return await readResponse(await handler(toRequest(carrier)));
    } catch (error) {
      if (isAuthError(error)) return problemOf(error);
      throw error;
    }
  };
}
