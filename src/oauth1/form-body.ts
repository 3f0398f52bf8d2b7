/**
 * The form body of a fetch `Request`, read from a clone so that the caller's stays usable.
 */
import { decodeUtf8Lossy } from "../encoding/utf8.ts";
import type { WebRequest } from "../types.ts";

/**
 * Its text; `undefined` when the body is of another type, or has none (RFC 5849 section 3.4.1.3.1). The method does not
 * matter. Some servers (Tomcat with its defaults) read forms of a POST alone: to those, send JSON with PUT.
 */
export async function readFormBody(request: WebRequest): Promise<string | undefined> {
  if (request.body === null) return undefined;
  const type = request.headers.get("content-type") ?? "";
  if (type.split(";", 1)[0]?.trim().toLowerCase() !== "application/x-www-form-urlencoded") return undefined;
  // Not `text()`, which drops a byte order mark that the server will read.
  return decodeUtf8Lossy(new Uint8Array(await request.clone().arrayBuffer()));
}
