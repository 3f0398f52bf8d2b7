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

/** Reads and checks a request and its options. */
export function readTarget(request: QshRequest | WebRequest, options?: QshOptions): Target {
  requireType(request, "object", '"request"');
  const { method, url } = request;
  requireText(method, '"request.method"');
  // Own members alone, here and below: a polluted prototype must not change what is hashed.
  const form = Object.hasOwn(request, "form") ? (request as QshRequest).form : "";
  // Member by member: to spread three objects takes longer than to read them.
  const { path, query } = cutTarget(urlText(url, '"request.url"'));
  const { basePath, decoded } = readQshOptions(options);
  return { method, path, query, form: formText(form), basePath, decoded };
}

/** Reads and checks the options alone. */
export function readQshOptions(options?: QshOptions): Pick<Target, "basePath" | "decoded"> {
  if (options === undefined) return { basePath: "", decoded: false };
  requireType(options, "object", '"options"');
  // An object literal alone would still have the prototype that everything has.
  const { baseUrl = "", path = "raw" } = { __proto__: null, ...options } as QshOptions;
  if (path !== "raw" && path !== "decoded") throw argumentError('"options.path"', "must be raw or decoded");
  const base = cutTarget(urlText(baseUrl, '"options.baseUrl"')).path;
  return { basePath: base.replace(/\/+$/, ""), decoded: path === "decoded" };
}

/** Origin and fragment off; path and query apart. */
export function cutTarget(url: string): Pick<Target, "path" | "query"> {
  // Every text matches: each part may be empty.
  const parts = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)\??([^#]*)/i.exec(url) as RegExpExecArray;
  return { path: parts[1] as string, query: parts[2] as string };
}

function formText(form: unknown = ""): string {
  // By its tag: it may come from another realm. A FormData would be hashed as "[object FormData]".
  const tagged = form as { [Symbol.toStringTag]?: unknown } | null;
  const text = tagged?.[Symbol.toStringTag] === "URLSearchParams" ? String(form) : form;
  requireType(text, "string", '"request.form"', " or a URLSearchParams");
  return text as string;
}

function urlText(url: unknown, label: string): string {
  // A URL of any realm has an `href`.
  const text = (url as { href?: unknown } | null | undefined)?.href ?? url;
  requireType(text, "string", label, " or a URL");
  return text as string;
}
