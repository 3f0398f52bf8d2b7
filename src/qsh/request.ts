/**
 * The request that is hashed, and its target cut into path and query: as text, never through a URL parser, which would
 * resolve dot segments and escape characters.
 */
import { argumentError, requireText, requireType } from "../errors.ts";
import type { WebRequest, WebSearchParams, WebUrl } from "../types.ts";

/** A request, as far as its hash goes. */
export interface QshRequest {
  readonly method: string;
  /** The raw target (`/rest/api/3/search?jql=...`) or an absolute URL, as it goes on the wire. */
  readonly url: string | WebUrl;
  /** The pairs of an `application/x-www-form-urlencoded` POST body, which servers merge into the query. */
  readonly form?: string | WebSearchParams;
}

/** Options of everything that reads a canonical request. */
export interface QshOptions {
  /** Where the site or the app lives: its path (`/wiki`, `/jira`) is no part of the hash. */
  readonly baseUrl?: string | WebUrl;
  /** `decoded` for the path that Atlassian products sign when they call an app; `raw` unless told. */
  readonly path?: "raw" | "decoded";
}

/** A request in the parts that the canonical form is made of. */
export interface Target {
  readonly method: string;
  /** Scheme and host. No part of the hash: only an explanation sets it. */
  readonly origin?: string;
  /** Still encoded, the base still on. */
  readonly path: string;
  /** Still encoded, without `?`. */
  readonly query: string;
  readonly form: string;
  /** The path of the base without a trailing slash; empty for none. */
  readonly basePath: string;
  readonly decoded: boolean;
}

/** How requests are read, checked once: what {@link readQshOptions} makes of the options. */
export type TargetRules = Pick<Target, "basePath" | "decoded">;

/** Reads and checks a request and its options. */
export function readTarget(request: QshRequest | WebRequest, options?: QshOptions): Target {
  return readTargetBy(request, readQshOptions(options));
}

/** {@link readTarget} with options that are checked already. */
export function readTargetBy(request: QshRequest | WebRequest, { basePath, decoded }: TargetRules): Target {
  requireType(request, "object", '"request"');
  const { method, url } = request;
  requireText(method, '"request.method"');
  // Own members alone, here and below: a polluted prototype must not change what is hashed.
  const form = Object.hasOwn(request, "form") ? (request as QshRequest).form : undefined;
  // Member by member: to spread three objects takes longer than to read them.
  const { path, query } = cutTarget(urlText(url, '"request.url"'));
  return { method, path, query, form: form === undefined ? "" : formText(form), basePath, decoded };
}

const DEFAULTS: TargetRules = { basePath: "", decoded: false };

/** Reads and checks the options alone. */
export function readQshOptions(options?: QshOptions): TargetRules {
  if (options === undefined) return DEFAULTS;
  requireType(options, "object", '"options"');
  // An object literal alone would still have the prototype that everything has.
  const { baseUrl = "", path = "raw" } = { __proto__: null, ...options } as QshOptions;
  if (path !== "raw" && path !== "decoded") throw argumentError('"options.path"', "must be raw or decoded");
  const base = cutTarget(urlText(baseUrl, '"options.baseUrl"')).path;
  return { basePath: base.replace(/\/+$/, ""), decoded: path === "decoded" };
}

/** Origin and fragment off; path and query apart. */
export function cutTarget(url: string): Pick<Target, "path" | "query"> {
  // By searching: an expression that does it all takes four times as long. A target has no origin to look for.
  const start = url.startsWith("/") ? 0 : (/^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?/i.exec(url) as RegExpExecArray)[0].length;
  const hash = url.indexOf("#");
  const target = url.slice(start, hash < 0 ? url.length : hash);
  const mark = target.indexOf("?");
  return mark < 0 ? { path: target, query: "" } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

function formText(form: unknown): string {
  // By its tag: it may come from another realm. A FormData would be hashed as "[object FormData]".
  const tagged = form as { [Symbol.toStringTag]?: unknown } | null;
  const text = tagged?.[Symbol.toStringTag] === "URLSearchParams" ? String(form) : form;
  requireType(text, "string", '"request.form"', " or a URLSearchParams");
  return text as string;
}

function urlText(url: unknown, label: string): string {
  if (typeof url === "string") return url;
  // A URL of any realm has an `href`.
  const text = (url as { href?: unknown } | null | undefined)?.href ?? url;
  requireType(text, "string", label, " or a URL");
  return text as string;
}
