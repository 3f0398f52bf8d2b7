/**
 * The canonical request, from the rules once more, with broken escapes read as in WHATWG URL section 5.1. Not by the
 * platform's `URLSearchParams`: node's misreads a character that is not ASCII beside a sequence that is not UTF-8.
 */

/** A request in the parts that count, cut by whoever made it. */
export interface Parts {
  readonly method: string;
  /** Before the path, as it may be written; no part of the canonical request. */
  readonly origin: string;
  readonly path: string;
  readonly query: string;
  readonly form: string;
  readonly base: string;
  readonly decoded: boolean;
}

export function writeCanonical({ method, path, query, form, base, decoded }: Parts): string {
  const upper = [...method].map((char) => (char >= "a" && char <= "z" ? char.toUpperCase() : char)).join("");
  return `${upper}&${canonicalPath(path, base, decoded)}&${canonicalQuery(query, form)}`;
}

function canonicalPath(path: string, base: string, decoded: boolean): string {
  const segments = base.replace(/^https:\/\/[^/]*/, "").replace(/\/+$/, "");
  let rest = path === segments || path.startsWith(`${segments}/`) ? path.slice(segments.length) : path;
  if (decoded) rest = decode(rest);
  for (let strips = decoded ? 2 : 1; strips > 0; strips--) rest = rest.endsWith("/") ? rest.slice(0, -1) : rest;
  rest = rest.split("&").join("%26");
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function canonicalQuery(query: string, form: string): string {
  const byName = new Map<string, string[]>();
  for (const text of [query, form]) {
    for (const [name, value] of readPairs(text)) {
      const encoded = percent(name);
      const known = byName.get(encoded);
      if (name === "jwt") continue;
      if (known === undefined) byName.set(encoded, [value]);
      else known.push(value);
    }
  }
  return [...byName.keys()]
    .sort()
    .map((name) => `${name}=${(byName.get(name) as string[]).sort().map(percent).join(",")}`)
    .join("&");
}

/** The decoded pairs of a query or a form. */
export function readPairs(text: string): [name: string, value: string][] {
  return text
    .split("&")
    .filter((chunk) => chunk !== "")
    .map((chunk) => {
      const [name, ...values] = chunk.replaceAll("+", " ").split("=") as [string, ...string[]];
      return [decode(name), decode(values.join("="))];
    });
}

/** Each whole escape is its byte; then UTF-8, with U+FFFD for what is none. */
function decode(text: string): string {
  const bytes = Buffer.from(text, "utf8").toString("latin1");
  const unescaped = bytes.replace(
    /%([0-9a-f]{2})/gi,
    (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(unescaped, "latin1"));
}

/** By byte: itself where it is unreserved, else its escape. */
const WRITTEN = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9._~-]/.test(char) ? char : `%${byte < 16 ? "0" : ""}${byte.toString(16).toUpperCase()}`;
});

function percent(text: string): string {
  let out = "";
  for (const byte of Buffer.from(text, "utf8")) out += WRITTEN[byte] as string;
  return out;
}
