/**
 * A refusal that another token would not mend.
 */
import { decodeUtf8Lossy } from "../encoding/utf8.ts";
import { readCapped } from "../http.ts";

/** As much of a refusal as is looked at; `createSignedFetch` hands over no more. */
const MAX_BYTES = 4096;

/** RFC 6750 section 3.1 has a word for it in a 403; products say it in a 401, in prose. */
export async function isAboutScope(response: Pick<Response, "headers" | "body" | "arrayBuffer">): Promise<boolean> {
  if (/\berror="?insufficient_scope\b/i.test(response.headers.get("www-authenticate") ?? "")) return true;
  const body = await readCapped(response, MAX_BYTES);
  return body !== undefined && /scope does not match/i.test(decodeUtf8Lossy(body));
}
