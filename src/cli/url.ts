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
