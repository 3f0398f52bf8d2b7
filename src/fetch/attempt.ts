/**
 * One request that may have to be made more than once: signed again, or sent on to where a redirect leads.
 */
import type { WebRequest, WebRequestInit, WebUrl } from "../types.ts";

/** What is to be sent. */
export interface Attempt {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  /** Makes the request, unsigned, each time anew. */
  readonly request: () => Request | Promise<Request>;
  /** False when the body is a stream: it can be sent once. */
  readonly replayable: boolean;
  /** What the caller asked to be done with redirects. */
  readonly redirect: RequestRedirect;
  readonly signal: AbortSignal | undefined;
  /** What else the caller asked for, which holds behind a redirect too. */
  readonly settings: RequestInit;
}

const KEPT = ["cache", "cf", "credentials", "integrity", "keepalive", "priority", "referrer", "referrerPolicy"] as const;

/** Settings of a request, or of the arguments that make one, as far as the engine knows them. */
function keptSettings(source: object | undefined): RequestInit {
  const known = (source ?? {}) as Record<string, unknown>;
  const names = KEPT.filter((name) => (known[name] ?? undefined) !== undefined);
  return Object.fromEntries(names.map((name) => [name, known[name]]));
}

/** The attempt that the arguments of a `fetch` ask for. */
export function firstAttempt(input: string | WebUrl | WebRequest, url: URL, init: WebRequestInit | undefined): Attempt {
  // By its members: a Request may come from another realm.
  const given = typeof input === "object" && "headers" in input ? input : undefined;
  // Redirects are followed by us, with a fresh signature, or not at all. A Request that is copied with any setting
  // forgets where it comes from (Fetch section 5.4), so it is told again.
  const settings: RequestInit = { ...keptSettings(given), ...init, redirect: "manual" };
  return {
    url,
    method: (init?.method ?? given?.method ?? "GET").toUpperCase(),
    headers: new Headers(init?.headers ?? given?.headers),
    request: () => new Request(given ?? url, settings),
    replayable: !isStream(init?.body ?? given?.body) && !hidesBody(init, given),
    redirect: init?.redirect ?? given?.redirect ?? "follow",
    signal: init?.signal ?? given?.signal ?? undefined,
    settings: { ...keptSettings(settings), redirect: "manual" },
  };
}

/** Whether the body is that of a Request of Firefox, which has no member for it: like a stream it can be read once. */
function hidesBody(init: WebRequestInit | undefined, given: Request | undefined): boolean {
  if (given === undefined || (init?.body ?? undefined) !== undefined) return false;
  return given.body === undefined && given.method !== "GET" && given.method !== "HEAD";
}

function isStream(body: unknown): boolean {
  return typeof body === "object" && body !== null && ("getReader" in body || Symbol.asyncIterator in body);
}

/**
 * The attempt that a redirect asks for (Fetch section 4.4, HTTP-redirect fetch); `undefined` when the response is to be
 * returned as it is.
 */
export function redirectAttempt(
  attempt: Attempt,
  response: Response,
  isAllowed: (url: URL) => boolean,
): Attempt | undefined {
  const { status, type } = response;
  // Browsers do not show what a redirect is, nor where it leads: then all that is left is to refuse it.
  const isRedirect = [301, 302, 303, 307, 308].includes(status) || type === "opaqueredirect";
  if (!isRedirect || attempt.redirect === "manual") return undefined;
  if (attempt.redirect === "error") throw new TypeError("fetch failed: unexpected redirect");
  const url = readLocation(response, attempt.url);
  if (url === undefined || !isAllowed(url)) return undefined;

  const { method } = attempt;
  const becomesGet = status === 303 ? method !== "GET" && method !== "HEAD" : status < 303 && method === "POST";
  if (becomesGet) return withoutBody(attempt, url);
  if (!attempt.replayable) return undefined;
  return { ...attempt, url, request: async () => movedTo(url, await attempt.request(), attempt.settings) };
}

function readLocation(response: Response, from: URL): URL | undefined {
  const location = response.headers.get("location");
  try {
    const url = location === null ? undefined : new URL(location, from);
    // No request can be made with a password in its URL, and the platform's error would tell it.
    return url?.username === "" && url.password === "" ? url : undefined;
  } catch {
    return undefined;
  }
}

function withoutBody(attempt: Attempt, url: URL): Attempt {
  const headers = new Headers(attempt.headers);
  for (const name of ["content-encoding", "content-language", "content-location", "content-type", "content-length"]) {
    headers.delete(name);
  }
  const init: RequestInit = { ...attempt.settings, headers, signal: attempt.signal ?? null };
  return { ...attempt, url, method: "GET", headers, replayable: true, request: () => new Request(url, init) };
}

/** The same request to another URL. Its body is no stream, so it is there to be read: also in Firefox, which hides it. */
async function movedTo(url: URL, request: Request, settings: RequestInit): Promise<Request> {
  const { method, headers, signal } = request;
  const bare = request.body === null || method === "GET" || method === "HEAD";
  return new Request(url, { ...settings, method, headers, signal, body: bare ? null : await request.arrayBuffer() });
}
