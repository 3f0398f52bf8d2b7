/**
 * `METHOD&PATH&` of a canonical request.
 */
import type { Target } from "./request.ts";

/** Without the letters of a locale: `i` is `I` also in Turkish. */
export function upperCaseAscii(method: string): string {
  // Looking first: to replace nothing takes four times as long.
  return /[a-z]/.test(method) ? method.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : method;
}

/** The base off, one trailing slash off, every raw `&` escaped; for the decoded path two slashes, as products do. */
export function writePath({ path, basePath, decoded }: Target, decode: (text: string) => string): string {
  let rest = basePath === "" ? path : stripBase(path, basePath);
  if (decoded) rest = trimSlash(decode(rest));
  rest = trimSlash(rest);
  // Looking first: to replace nothing takes three times as long.
  if (rest.includes("&")) rest = rest.replaceAll("&", "%26");
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function trimSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Takes the base off once, on a segment boundary: `/jirafoo` is not within `/jira`. */
export function stripBase(path: string, basePath: string): string {
  if (!path.startsWith(basePath)) return path;
  const rest = path.slice(basePath.length);
  return rest === "" || rest.startsWith("/") ? rest : path;
}
