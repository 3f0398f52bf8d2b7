/**
 * Asks the page around the app for a token, however it answers.
 */
import { argumentError, TokenError } from "../errors.ts";

/** The part of the global `AP` that is used. It answers through the callback, a promise, or both. */
export interface ContextHost {
  readonly context: {
    getToken(callback?: (token: string) => void): unknown;
  };
}

/** Asks a host for tokens. */
export interface TokenAsker {
  /** The next answer, also a late one to an earlier question; rejects after the time limit. */
  (): Promise<string>;
}

/** @param timeout seconds until a question is given up */
export function createTokenAsker(host: ContextHost, timeout: number): TokenAsker {
  if (typeof host?.context?.getToken !== "function") {
    throw argumentError('"AP"', 'must have a function "context.getToken"', "ERR_INVALID_ARG_TYPE");
  }
  // A slow answer is not thrown away: it may come while the next question is open.
  const open = new Set<Promise<string>>();

  return async () => {
    const question = ask(host);
    open.add(question);
    const settle = (): void => void open.delete(question);
    question.then(settle, settle);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(missing("host did not answer in time")), timeout * 1000);
    });
    try {
      return await Promise.race([limit, Promise.any(open)]);
    } catch (error) {
      // A foreign reason may hold anything; only ours goes on.
      throw error instanceof TokenError ? error : missing("host has no token");
    } finally {
      clearTimeout(timer);
    }
  };
}

function ask(host: ContextHost): Promise<string> {
  return new Promise((resolve, reject) => {
    // As a method of `context`, and in here, so that what it throws is a rejection.
    const answer = host.context.getToken(resolve);
    if (typeof (answer as PromiseLike<string> | undefined)?.then === "function") {
      (answer as PromiseLike<string>).then((token) => (token === undefined ? undefined : resolve(token)), reject);
    }
  });
}

function missing(message: string): TokenError {
  return new TokenError("ERR_TOKEN_MISSING", message, { hint: "is the page within a product, and all.js loaded?" });
}
