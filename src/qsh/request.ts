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
  if (typeof request !== "object" || request === null) {
    throw argumentError('"request"', "must be an object", "ERR_INVALID_ARG_TYPE");
  }
  const { method, url } = request;
  if (typeof method !== "string") throw argumentError('"request.method"', "must be a string", "ERR_INVALID_ARG_TYPE");
  if (method === "") throw argumentError('"request.method"', "must not be empty");
  const text = urlText(url, '"request.url"');
  return { method, ...cutTarget(text), form: formText(request), ...readQshOptions(options) };
}

/** Reads and checks the options alone. */
export function readQshOptions(options: QshOptions): Pick<Target, "basePath" | "decoded"> {
  if (typeof options !== "object" || options === null) {
    throw argumentError('"options"', "must be an object", "ERR_INVALID_ARG_TYPE");
  }
  // Own members: a polluted prototype must not change what is hashed.
  const baseUrl = Object.hasOwn(options, "baseUrl") ? options.baseUrl : undefined;
  const path = Object.hasOwn(options, "path") ? options.path : undefined;
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

function formText(request: QshRequest | WebRequest): string {
  const form: unknown = "form" in request && Object.hasOwn(request, "form") ? request.form : undefined;
  if (form === undefined || typeof form === "string") return form ?? "";
  // By its tag: it may come from another realm. A FormData would be hashed as "[object FormData]".
  if (Object.prototype.toString.call(form) === "[object URLSearchParams]") return String(form);
  throw argumentError('"request.form"', "must be a string or a URLSearchParams", "ERR_INVALID_ARG_TYPE");
}

function urlText(url: unknown, label: string): string {
  if (typeof url === "string") return url;
  // A URL of any realm has an `href`.
  const { href } = (url ?? {}) as { href?: unknown };
  if (typeof href !== "string") throw argumentError(label, "must be a string or a URL", "ERR_INVALID_ARG_TYPE");
  return href;
}
