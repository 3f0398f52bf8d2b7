/**
 * URLs as people type them.
 */
import { CliError } from "./failure.ts";

/** An absolute URL of the site: a path is appended to the site's own. */
export function resolveUrl(target: string, baseUrl: string): string {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(target)
    ? target
    : `${baseUrl}${target.startsWith("/") ? "" : "/"}${target}`;
  if (!URL.canParse(text)) throw new CliError("the URL is none", { fix: "a path of the site, or a URL on it" });
  return new URL(text).href;
}

/** Appends to the query as it stands, before the fragment. */
export function appendQuery(url: string, query: string): string {
  const end = url.indexOf("#");
  const bare = end < 0 ? url : url.slice(0, end);
  const separator = !bare.includes("?") ? "?" : /[?&]$/.test(bare) ? "" : "&";
  return bare + separator + query + url.slice(bare.length);
}
