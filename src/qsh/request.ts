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
  requireType(request, "object", '"request"');
  const { method, url } = request;
  requireText(method, '"request.method"');
  return { method, ...cutTarget(urlText(url, '"request.url"')), form: formText(request), ...readQshOptions(options) };
}

/** Reads and checks the options alone. */
export function readQshOptions(options: QshOptions): Pick<Target, "basePath" | "decoded"> {
  requireType(options, "object", '"options"');
  // Own members: a polluted prototype must not change what is hashed.
  const baseUrl = Object.hasOwn(options, "baseUrl") ? options.baseUrl : undefined;
  const path = Object.hasOwn(options, "path") ? options.path : undefined;
  if (path !== undefined && path !== "raw" && path !== "decoded") throw argumentError('"options.path"', "must be raw or decoded");
  const base = baseUrl === undefined ? "" : cutTarget(urlText(baseUrl, '"options.baseUrl"')).path;
  return { basePath: base.replace(/\/+$/, ""), decoded: path === "decoded" };
}

/** Fragment off; origin, path and query apart. */
export function cutTarget(url: string): Pick<Target, "origin" | "path" | "query"> {
  const [, origin = "", path = "", query = ""] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)\??([^#]*)/i.exec(url) ?? [];
  return { origin, path, query };
}

function formText(request: QshRequest | WebRequest): string {
  const form: unknown = Object.hasOwn(request, "form") ? (request as QshRequest).form : "";
  // By its tag: it may come from another realm. A FormData would be hashed as "[object FormData]".
  if (typeof form === "object" && Object.prototype.toString.call(form) === "[object URLSearchParams]") return String(form);
  if (form !== undefined && typeof form !== "string") {
    throw argumentError('"request.form"', "must be a string or a URLSearchParams", "ERR_INVALID_ARG_TYPE");
  }
  return form ?? "";
}

function urlText(url: unknown, label: string): string {
  // A URL of any realm has an `href`.
  const text = typeof url === "string" ? url : (url as { href?: unknown } | null | undefined)?.href;
  if (typeof text !== "string") throw argumentError(label, "must be a string or a URL", "ERR_INVALID_ARG_TYPE");
  return text;
}
