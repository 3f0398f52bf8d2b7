/**
 * Turns an error into the answer that the caller gets: a status that fits, and nothing to learn from.
 */
import { errorStatus, isAuthError } from "./errors.ts";
import type { WebResponse } from "./types.ts";

/** An answer in parts, for frameworks that have no `Response`. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text (RFC 9457). */
  readonly body: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** Seconds after which a key server is asked again in any case. */
const RETRY_AFTER = "30";

/**
 * Describes the answer to a failed request.
 *
 * Every authentication failure is the same 401, so that a caller cannot tell an unknown tenant from a bad signature or
 * an expired token; what went wrong is in the error, for the server's log. Anything that is no error of this library is
 * a 500.
 */
export function problemOf(error: unknown): Problem {
  const status = statusOf(error);
  const headers: Record<string, string> = { "content-type": "application/problem+json", "cache-control": "no-store" };
  const body: Record<string, string | number> = { type: "about:blank", title: TITLES[status] as string, status };
  if (status === 401) {
    body["error"] = "invalid_token";
    // RFC 9110 section 11.6.1: one challenge for each scheme that would have been looked at.
    headers["www-authenticate"] = 'JWT error="invalid_token", Bearer error="invalid_token"';
  }
  if (status === 503) headers["retry-after"] = RETRY_AFTER;
  return { status, headers, body: JSON.stringify(body) };
}

function statusOf(error: unknown): number {
  if (!isAuthError(error)) return 500;
  // A key that came from afar is the fault of who named it; one of our own is our set-up.
  const { remote } = error as { remote?: unknown };
  return error.code === "ERR_KEY_INVALID" && remote === true ? 401 : errorStatus[error.code];
}

/**
 * Makes the `Response` to a failed request.
 *
 * For handlers that call a verifier themselves. Every authentication failure is the same 401 with `WWW-Authenticate`,
 * a key server or a store that cannot be asked is a 503 with `Retry-After`, an unusable lifecycle body is a 400, and
 * anything unknown is a 500. The body is `application/problem+json` and holds nothing of the error: log the error itself.
 *
 * @example
 * ```ts
 * import { toResponse } from "jwt-qsh/adapters";
 *
 * async function handle(request: Request): Promise<Response> {
 *   try {
 *     const identity = await verify(request);
 *     return Response.json({ hello: identity.accountId });
 *   } catch (error) {
 *     console.error(error);
 *     return toResponse(error);
 *   }
 * }
 * ```
 *
 * @see RFC 9457, RFC 6750 section 3.1
 */
export function toResponse(error: unknown): WebResponse {
  const { status, headers, body } = problemOf(error);
  return new Response(body, { status, headers });
}
