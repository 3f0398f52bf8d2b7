/**
 * The request that is hashed, and its target cut into path and query: as text, never through a URL parser, which would
 * resolve dot segments and escape characters.
 */
import { argumentError } from "../errors.ts";
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
  /** Scheme and host of an absolute URL, empty for a raw target. No part of the hash. */
  readonly origin: string;
  /** Still encoded, the base still on. */
  readonly path: string;
  /** Still encoded, without `?`. */
  readonly query: string;
  readonly form: string;
  /** The path of the base without a trailing slash; empty for none. */
  readonly basePath: string;
  readonly decoded: boolean;
}

/** Reads and checks a request and its options. */
export function readTarget(request: QshRequest | WebRequest, options: QshOptions = {}): Target {
  const { method, url } = request;
  if (typeof method !== "string") throw argumentError('"request.method"', "must be a string", "ERR_INVALID_ARG_TYPE");
  if (method === "") throw argumentError('"request.method"', "must not be empty");
  const text = urlText(url, '"request.url"');
  const form = "form" in request && request.form !== undefined ? String(request.form) : "";
  return { method, ...cutTarget(text), form, ...readQshOptions(options) };
}

/** Reads and checks the options alone. */
export function readQshOptions(options: QshOptions): Pick<Target, "basePath" | "decoded"> {
  const { baseUrl, path } = options;
  if (path !== undefined && path !== "raw" && path !== "decoded") throw argumentError('"options.path"', "must be raw or decoded");
  const base = baseUrl === undefined ? "" : cutTarget(urlText(baseUrl, '"options.baseUrl"')).path;
  let end = base.length;
  while (end > 0 && base[end - 1] === "/") end--;
  return { basePath: base.slice(0, end), decoded: path === "decoded" };
}

/** Fragment off; origin, path and query apart. */
export function cutTarget(url: string): Pick<Target, "origin" | "path" | "query"> {
  const hash = url.indexOf("#");
  const target = hash < 0 ? url : url.slice(0, hash);
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const origin = path.startsWith("/") ? "" : (/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*/.exec(path)?.[0] ?? "");
  return { origin, path: path.slice(origin.length), query: mark < 0 ? "" : target.slice(mark + 1) };
}

function urlText(url: unknown, label: string): string {
  if (typeof url === "string") return url;
  // A URL of any realm has an `href`.
  const { href } = (url ?? {}) as { href?: unknown };
  if (typeof href !== "string") throw argumentError(label, "must be a string or a URL", "ERR_INVALID_ARG_TYPE");
  return href;
}
