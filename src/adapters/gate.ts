/**
 * What every middleware does: let the verifier judge, keep the identity, or say how the request is answered.
 */
import { argumentError, isAuthError, requireType } from "../errors.ts";
import type { AuthError } from "../errors.ts";
import { problemOf } from "../respond.ts";
import type { Problem } from "../respond.ts";
import type { Awaitable, RequestVerifier, WebRequest } from "../types.ts";

/** Options of every adapter. */
export interface RefusalOptions<Carrier> {
  /**
   * Told of each request that is refused, for the log: the answer says nothing of the error.
   *
   * @param carrier what the framework hands to a middleware
   */
  onRefusal?: (error: AuthError, carrier: Carrier) => void;
}

/** Reads the identity that a middleware proved. */
export interface IdentityReader<Identity> {
  /**
   * The identity that this middleware proved, with its type.
   *
   * @param carrier the very object that the middleware was handed: `req`, `ctx`, `request` or `c`
   * @throws {TypeError} ERR_INVALID_ARG_VALUE when it has not passed this middleware
   */
  identity(carrier: object): Identity;
}

/** A middleware without its framework. */
export interface Gate<Carrier, Identity> extends IdentityReader<Identity> {
  /**
   * Lets the verifier judge: nothing for a request that may go on, else how it is answered. An error that is no
   * refusal is thrown on: it is the framework's, which reports it as it reports every bug.
   */
  judge(carrier: Carrier): Promise<Problem | undefined>;
}

/** How a framework is read and written. */
export interface GateParts<Carrier, Identity> {
  toRequest(carrier: Carrier): Awaitable<WebRequest>;
  /** Puts the identity where the framework's users look for it. */
  place(carrier: Carrier, identity: Identity): void;
}

/** Checks what a middleware is made of, and makes what it does. */
export function createGate<Carrier extends object, Identity>(
  verifier: RequestVerifier<Identity>,
  options: RefusalOptions<Carrier>,
  { toRequest, place }: GateParts<Carrier, Identity>,
): Gate<Carrier, Identity> {
  checkRefusal(verifier, options);
  // As long as the request, and apart from what another middleware proved for it.
  const proven = new WeakMap<object, Identity>();
  return {
    async judge(carrier) {
      let identity: Identity;
      try {
        identity = await verifier(await toRequest(carrier));
      } catch (error) {
        return problemOf(refuse(error, carrier, options));
      }
      proven.set(carrier, identity);
      place(carrier, identity);
      return undefined;
    },
    identity(carrier) {
      const identity = proven.get(carrier);
      if (identity === undefined) throw argumentError('"carrier"', "must have passed this middleware");
      return identity;
    },
  };
}

/** Tells of an error that refuses the request; throws any other on. */
export function refuse<Carrier>(error: unknown, carrier: Carrier, { onRefusal }: RefusalOptions<Carrier>): AuthError {
  if (!isAuthError(error)) throw error;
  onRefusal?.(error, carrier);
  return error;
}

/** Checks what every adapter is given. */
export function checkRefusal<Carrier>(verifier: unknown, options: RefusalOptions<Carrier>): void {
  requireType(verifier, "function", '"verifier"');
  requireType(options, "object", '"options"');
  if (options.onRefusal !== undefined) requireType(options.onRefusal, "function", '"options.onRefusal"');
}
