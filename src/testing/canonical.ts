import { hex, percentDecode, percentEncode, utf8 } from "./encoding.ts";

/** What a product looks at when it computes a query string hash. */
export interface CanonicalInput {
  readonly method: string;
  /** The target as it is on the wire: absolute, or from the path on. */
  readonly url: string;
  /** The context path (or the path of the app's base URL) that is not part of the canonical path. */
  readonly contextPath?: string;
  /** Products check the raw path of calls to them, and sign the decoded path of calls that they make. */
  readonly path?: "raw" | "decoded";
  /** The body of a form POST, which a servlet container merges with the query. */
  readonly form?: string;
}

/** The target from the path on, without the fragment. */
export function targetOf(url: string): { path: string; query: string } {
  let rest = url.split("#", 1)[0] ?? "";
  const origin = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?]*/.exec(rest);
  if (origin !== null) rest = rest.slice(origin[0].length);
  const mark = rest.indexOf("?");
  return mark < 0 ? { path: rest, query: "" } : { path: rest.slice(0, mark), query: rest.slice(mark + 1) };
}

/** A form's pairs as Tomcat reads them: a broken escape or an empty name drops the pair. */
export function formPairs(encoded: string): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const chunk of encoded.split("&")) {
    const equals = chunk.indexOf("=");
    const name = percentDecode(equals < 0 ? chunk : chunk.slice(0, equals), true);
    const value = equals < 0 ? "" : percentDecode(chunk.slice(equals + 1), true);
    if (name !== undefined && name !== "" && value !== undefined) pairs.push([name, value]);
  }
  return pairs;
}

/** The canonical request, written down anew from the server's point of view. */
export function canonicalize(input: CanonicalInput): string {
  const { path, query } = targetOf(input.url);
  const method = input.method.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  return `${method}&${canonicalPath(path, input)}&${canonicalQuery(query, input.form ?? "")}`;
}

function canonicalPath(path: string, input: CanonicalInput): string {
  let out = path;
  const context = (input.contextPath ?? "").replace(/\/$/, "");
  if (context !== "" && (out === context || out.startsWith(`${context}/`))) {
    out = out.slice(context.length);
  }
  // The request line is stripped once; what a product signs itself has been through two layers that each strip one.
  const strips = input.path === "decoded" ? 2 : 1;
  if (input.path === "decoded") out = percentDecode(out) ?? out;
  for (let i = 0; i < strips; i++) if (out.endsWith("/")) out = out.slice(0, -1);
  out = out.replaceAll("&", "%26");
  return out.startsWith("/") ? out : `/${out}`;
}

function canonicalQuery(query: string, form: string): string {
  const values = new Map<string, string[]>();
  for (const [name, value] of [...formPairs(query), ...formPairs(form)]) {
    if (name === "jwt") continue;
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  const lines = new Map<string, string>();
  for (const [name, list] of values) {
    lines.set(percentEncode(name), list.sort().map(percentEncode).join(","));
  }
  return [...lines.keys()]
    .sort()
    .map((name) => `${name}=${lines.get(name) ?? ""}`)
    .join("&");
}

/** The hash of a canonical request, by `crypto.subtle`. */
export async function hashCanonical(canonicalRequest: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(canonicalRequest) as BufferSource)));
}
