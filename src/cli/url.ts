/**
 * Methods and URLs as people type them.
 */
import { CliError } from "./failure.ts";

/** In upper case. @param instead of a body, which GET and HEAD have none of; absent where there is no body */
export function readMethod(text: string, instead?: string): string {
  const method = text.toUpperCase();
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(method))
    throw new CliError("the method is none", { fix: "a word such as GET or POST" });
  if (["CONNECT", "TRACE", "TRACK"].includes(method))
    throw new CliError("the method is none that can be sent", { fix: "fetch has no CONNECT, TRACE and TRACK" });
  if (instead !== undefined && (method === "GET" || method === "HEAD"))
    throw new CliError("GET and HEAD have no body", { fix: `use POST, or ${instead}` });
  return method;
}

/** An absolute URL of the site: a path is appended to the site's own. */
export function resolveUrl(target: string, baseUrl: string): string {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(target)
    ? target
    : `${baseUrl}${target.startsWith("/") ? "" : "/"}${target}`;
  if (!URL.canParse(text)) throw new CliError("the URL is none", { fix: "a path of the site, or a URL on it" });
  const { href, username, password } = new URL(text);
  if (username !== "" || password !== "")
    throw new CliError("the URL holds credentials", { fix: "--username with --password-file" });
  return href;
}

/** Appends to the query as it stands, before the fragment. */
export function appendQuery(url: string, query: string): string {
  const end = url.indexOf("#");
  const bare = end < 0 ? url : url.slice(0, end);
  const separator = !bare.includes("?") ? "?" : /[?&]$/.test(bare) ? "" : "&";
  return bare + separator + query + url.slice(bare.length);
}
