/**
 * The form body of a fetch `Request`, read from a clone so that the caller's stays usable.
 */
import type { WebRequest } from "../types.ts";

/** True for a POST of `application/x-www-form-urlencoded`: the one body that servers merge into the query. */
export function hasFormBody(request: WebRequest): boolean {
  if (request.method !== "POST" || request.body === null) return false;
  const type = request.headers.get("content-type") ?? "";
  return type.split(";", 1)[0]?.trim().toLowerCase() === "application/x-www-form-urlencoded";
}

/** Its text. */
export function readFormBody(request: WebRequest): Promise<string> {
  return request.clone().text();
}
