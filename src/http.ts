/**
 * URLs that may be used, and waits that can neither hang nor drown their caller.
 */
import { argumentError, UnsupportedError } from "./errors.ts";
import type { FetchLike } from "./types.ts";

/** The option that weakens the https rule. */
export interface HttpOptions {
  /** Weakens security: lets a URL be http on a host that is not this machine. */
  unsafeHttp?: boolean;
}

/**
 * Reads an absolute URL that credentials may travel to: https, or http on loopback.
 *
 * @param label the quoted path of the argument, for the message
 */
export function readUrl(value: unknown, label: string, options: HttpOptions = {}): URL {
  const text = typeof value === "string" ? value : (value as { href?: unknown } | null | undefined)?.href;
  if (typeof text !== "string") throw argumentError(label, "must be a string or a URL", "ERR_INVALID_ARG_TYPE");
  const url = parseUrl(text);
  if (url === undefined) throw argumentError(label, "must be an absolute URL");
  const secure = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
  const unsafe = url.protocol === "http:" && Object.hasOwn(options, "unsafeHttp") && options.unsafeHttp === true;
  if (!secure && !unsafe) throw argumentError(label, "must be an https URL");
  if (url.username !== "" || url.password !== "") throw argumentError(label, "must not hold a user name or password");
  return url;
}

/** An absolute URL; `undefined` when the text is none. An engine without `URL` must not blame the text. */
export function parseUrl(text: string): URL | undefined {
  if (typeof URL !== "function") throw new UnsupportedError("URL", "URL is missing in this runtime");
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** {@link readUrl} for the base of a site or an app: no query, no fragment. */
export function readBaseUrl(value: unknown, label: string, options?: HttpOptions): URL {
  const url = readUrl(value, label, options);
  if (url.search !== "" || url.hash !== "") throw argumentError(label, "must have neither query nor fragment");
  return url;
}

/** This machine: what never leaves it needs no TLS (W3C Secure Contexts section 3.1). */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** The path of a base URL, without its trailing slashes: empty at the root. */
export function basePathOf(base: URL): string {
  return base.pathname.replace(/\/+$/, "");
}

/** Whether a URL lies within the origin and, on a segment boundary, the path of a base. */
export function isWithin(base: URL, url: URL): boolean {
  const path = basePathOf(base);
  return url.origin === base.origin && (url.pathname === path || url.pathname.startsWith(`${path}/`));
}

/** The caller's fetch, or the global one as it is when it is needed. */
export function fetchOrGlobal(fetch: FetchLike | undefined): FetchLike {
  if (fetch === undefined) return (request) => globalThis.fetch(request);
  if (typeof fetch !== "function") throw argumentError('"options.fetch"', "must be a function", "ERR_INVALID_ARG_TYPE");
  // Not as a method: the platform's fetch refuses a foreign `this`.
  return (request) => fetch(request);
}

/**
 * Waits for what may hang, but not for ever: then it rejects. What is no promise is answered as it is, without a timer.
 *
 * @param seconds how long to wait
 */
export async function within<T>(value: T | PromiseLike<T>, seconds: number): Promise<T> {
  if (typeof (value as { then?: unknown } | null | undefined)?.then !== "function") return value;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), seconds * 1000);
  });
  try {
    return await Promise.race([value, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Reads the body of a message up to a cap; `undefined`, and the rest is dropped, when there is more. */
export async function readCapped(
  message: Pick<Response, "body" | "arrayBuffer">,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  // Firefox has no `body` of a Request: what is there comes whole.
  if (message.body === undefined) {
    const whole = new Uint8Array(await message.arrayBuffer());
    return whole.length > maxBytes ? undefined : whole;
  }
  const reader = message.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    length += chunk.value.length;
    if (length > maxBytes) {
      // Not awaited: the cancel of a clone's branch settles only when the other branch is cancelled too.
      reader.cancel().catch(() => undefined);
      return undefined;
    }
    chunks.push(chunk.value);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}
