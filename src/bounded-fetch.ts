/**
 * A fetch that cannot hang, follow, or drown its caller. Loaded with the first one: it waits for a network anyway.
 */
import { readCapped } from "./http.ts";
import type { FetchLike } from "./types.ts";

/** What {@link boundedFetch} needs. */
export interface BoundedFetchOptions {
  fetch: FetchLike;
  /** Seconds until the whole answer, body included, must be there. */
  timeout: number;
  /** The most bytes of a body. */
  maxBytes: number;
  /** Cancels; its reason is what the call then rejects with. */
  signal?: AbortSignal | undefined;
}

/** An answer whose body was read within bounds. */
export interface BoundedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Why there is no answer. */
export interface BoundedFailure {
  readonly failure: "network" | "timeout" | "redirect" | "too-large";
  /** The status, where one came. */
  readonly status?: number;
}

/**
 * Fetches without following redirects, with one time limit over head and body, and with a cap on the body that does
 * not trust `Content-Length`. It rejects only when the caller's signal says so; every other trouble is an answer.
 *
 * @param url where to
 * @param init without `redirect`, `credentials` and `signal`, which are set here
 */
export async function boundedFetch(
  url: string,
  init: RequestInit,
  options: BoundedFetchOptions,
): Promise<BoundedResponse | BoundedFailure> {
  const { signal } = options;
  signal?.throwIfAborted();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort: (() => void) | undefined;
  // A fetch that ignores its signal must not hold the caller, so the limits are raced and not only signalled.
  const limits = new Promise<BoundedFailure>((resolve, reject) => {
    timer = setTimeout(() => resolve({ failure: "timeout" }), options.timeout * 1000);
    onAbort = () => reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([limits, attempt(url, init, controller.signal, options)]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
    controller.abort();
  }
}

/** Whether there is no answer; by an own member, so that a polluted prototype turns no answer into a failure. */
export function isFailure(answer: BoundedResponse | BoundedFailure): answer is BoundedFailure {
  return Object.hasOwn(answer, "failure");
}

async function attempt(
  url: string,
  init: RequestInit,
  signal: AbortSignal,
  { fetch, maxBytes }: BoundedFetchOptions,
): Promise<BoundedResponse | BoundedFailure> {
  try {
    // workerd has no `credentials`, and throws when it is named.
    const credentials: RequestInit = "credentials" in Request.prototype ? { credentials: "omit" } : {};
    const response = await fetch(new Request(url, { ...init, ...credentials, redirect: "manual", signal }));
    const { status } = response;
    if (response.type === "opaqueredirect" || response.redirected || (status >= 300 && status < 400)) {
      await response.body?.cancel();
      return { failure: "redirect", status };
    }
    const body = await readCapped(response, maxBytes);
    return body === undefined ? { failure: "too-large", status } : { status, headers: response.headers, body };
  } catch {
    // The platform's message may hold the URL or an address.
    return { failure: "network" };
  }
}
