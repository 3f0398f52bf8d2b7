/**
 * Answers lifecycle requests, and keeps the store of tenants by them.
 */
import { argumentError } from "../errors.ts";
import { readClock } from "../jwt/claims.ts";
import { optionalFunction, ownOptions, seconds } from "../jwt/options.ts";
import { toResponse } from "../respond.ts";
import type { Awaitable, InstallationStore, WebRequest, WebResponse } from "../types.ts";
import type { LifecycleEvent } from "./claims.ts";
import type { LifecycleIdentity } from "./identity.ts";
import { createLifecycleVerifier } from "./lifecycle.ts";
import type { LifecycleVerifierOptions } from "./lifecycle.ts";
import type { Turns } from "./turns.ts";

/** Options of {@link createLifecycleHandler}. */
export interface LifecycleHandlerOptions<Events extends readonly LifecycleEvent[] = readonly LifecycleEvent[]>
  extends LifecycleVerifierOptions<Events> {
  /** Where tenants are kept: read for `enabled` and `disabled`, written by every event. */
  installations: InstallationStore;
  /**
   * Seconds for which the secret before a re-install stays good: for tokens under way, and for stores that take a while
   * to tell everyone. 300 unless told; with 0 it is dropped at once.
   */
  rotationWindow?: number;
  /** Told of each event after it was stored. When it fails, so does the request, and the product tries again or says so. */
  onEvent?: (identity: LifecycleIdentity) => Awaitable<unknown>;
  /** Told of each failure, which the answer says nothing about: for the log. */
  onError?: (error: unknown) => void;
}

/**
 * Makes a handler of lifecycle events: verify, store, answer.
 *
 * `installed` saves the tenant, and after a re-install its former secret for a window; the same secret again is no
 * rotation. `uninstalled` removes the tenant, `enabled` and `disabled` mark it. Events of one tenant are stored one
 * after the other, as they come to one handler; several processes may still overtake each other. It answers 204, 401
 * when the request is not proven, 400 when the body cannot be used, 503 when a key server or the store cannot be asked,
 * and 500 when something else failed. It rejects only when `onError` throws, which should be handed a logger.
 *
 * @example
 * ```ts
 * import { createLifecycleHandler, memoryInstallations } from "jwt-qsh/connect";
 *
 * const handle = createLifecycleHandler({
 *   appKey: "com.example.app",
 *   baseUrl: "https://app.example.com",
 *   installations: memoryInstallations(),
 *   onError: (error) => console.error(error),
 * });
 * const response = await handle(request);
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 * @see createLifecycleVerifier
 */
export function createLifecycleHandler<const Events extends readonly LifecycleEvent[]>(
  options: LifecycleHandlerOptions<Events>,
): (request: WebRequest) => Promise<WebResponse> {
  const own = ownOptions(options);
  const { installations, rotationWindow = 300, timeout = 5, onEvent, onError } = own;
  for (const method of ["find", "save", "remove"] as const) {
    if (typeof (installations as InstallationStore | undefined)?.[method] !== "function") {
      throw argumentError('"options.installations"', `must have a method "${method}"`, "ERR_INVALID_ARG_TYPE");
    }
  }
  seconds(0, 86400 * 30)(rotationWindow, '"options.rotationWindow"');
  optionalFunction(onEvent, '"options.onEvent"');
  optionalFunction(onError, '"options.onError"');
  const verify = createLifecycleVerifier(options);

  const turns: Turns = new Map();

  return async (request) => {
    try {
      const identity: LifecycleIdentity = await verify(request);
      const { keep } = await import("./installed.ts");
      await keep(identity, { installations, timeout, rotationWindow, now: () => readClock(own.now), turns });
      await onEvent?.(identity);
      return new Response(null, { status: 204 });
    } catch (error) {
      onError?.(error);
      return toResponse(error);
    }
  };
}
