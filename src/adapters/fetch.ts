import { requireType } from "../errors.ts";
import { toResponse } from "../respond.ts";
import type { Awaitable, RequestVerifier, WebRequest, WebResponse } from "../types.ts";
import { checkRefusal, refuse } from "./gate.ts";
import type { RefusalOptions } from "./gate.ts";

/**
 * Puts a verifier before a handler of fetch requests: Workers, Deno, Bun, and every framework of that kind.
 *
 * The handler runs only for a request whose identity is proven. Any other gets the answer of {@link toResponse}, which
 * tells nothing; an error that is no refusal, such as a bug in a store, is thrown on.
 *
 * @example
 * ```ts
 * import { withVerifier } from "jwt-qsh/adapters";
 *
 * export default {
 *   fetch: withVerifier(verify, (request, identity) => Response.json({ hello: identity.accountId })),
 * };
 * ```
 *
 * @param handler gets the request, the identity, and whatever else the platform passes: `env`, `ctx`, parameters
 * @throws {TypeError} ERR_INVALID_ARG_TYPE when one of them is no function
 */
export function withVerifier<Identity, Rest extends readonly unknown[] = []>(
  verifier: RequestVerifier<Identity>,
  handler: (request: WebRequest, identity: Identity, ...rest: Rest) => Awaitable<WebResponse>,
  options: RefusalOptions<WebRequest> = {},
): (request: WebRequest, ...rest: Rest) => Promise<WebResponse> {
  checkRefusal(verifier, options);
  requireType(handler, "function", '"handler"');
  return async (request, ...rest) => {
    let identity: Identity;
    try {
      identity = await verifier(request);
    } catch (error) {
      return toResponse(refuse(error, request, options));
    }
    return handler(request, identity, ...rest);
  };
}
