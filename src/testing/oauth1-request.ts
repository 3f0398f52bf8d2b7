import type { WebRequest } from "../types.ts";
import { formPairs, targetOf } from "./canonical.ts";
import { percentDecode, percentEncode } from "./encoding.ts";

/** A name and a value, decoded. */
export type Pair = readonly [name: string, value: string];

/** A request as an OAuth 1.0a provider reads it. */
export interface OAuth1Request {
  readonly method: string;
  /** Every parameter that is signed, from header, query and form, and `oauth_signature`. */
  readonly pairs: readonly Pair[];
  /** The protocol parameters: those whose name starts with `oauth_`. */
  get(name: string): string | undefined;
}

/** How a misconfigured or older server differs from the specification. */
export interface BaseStringQuirks {
  /** Signs the decoded path, as older provider code does. */
  readonly decodedPath?: boolean;
  /** The server believes that it is reached like this: its proxy settings are wrong. */
  readonly proxyMisconfigured?: { readonly scheme: "http" | "https"; readonly port?: number };
  /** Form bodies count for POST only, as Tomcat has it. */
  readonly formBodyPostOnly?: boolean;
}

/** Collects the parameters of a request (RFC 5849 3.4.1.3.1). */
export async function readOAuth1Request(request: WebRequest, quirks: BaseStringQuirks): Promise<OAuth1Request> {
  const pairs: Pair[] = [
    ...headerPairs(request.headers.get("authorization") ?? ""),
    ...formPairs(targetOf(request.url).query),
  ];
  const isForm = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.headers.get("content-type") ?? "");
  if (isForm && (quirks.formBodyPostOnly !== true || request.method === "POST")) {
    pairs.push(...formPairs(await request.clone().text()));
  }
  return {
    method: request.method.toUpperCase(),
    pairs,
    get: (name) => pairs.find(([one]) => one === name)?.[1],
  };
}

/** The parameters of `Authorization: OAuth ...`; the realm is none of them. */
function headerPairs(header: string): Pair[] {
  const [, list] = /^OAuth\s+(.*)$/is.exec(header) ?? [];
  const pairs: Pair[] = [];
  for (const item of (list ?? "").split(",")) {
    const [, name = "", value = ""] = /^\s*([^=\s]+)\s*=\s*"([^"]*)"\s*$/.exec(item) ?? [];
    const [decodedName, decodedValue] = [percentDecode(name), percentDecode(value)];
    if (!decodedName || decodedValue === undefined || decodedName.toLowerCase() === "realm") continue;
    pairs.push([decodedName, decodedValue]);
  }
  return pairs;
}

/** The signature base string (RFC 5849 3.4.1), from the server's point of view. */
export function baseStringOf(url: string, request: OAuth1Request, quirks: BaseStringQuirks): string {
  const encoded = request.pairs
    .filter(([name]) => name !== "oauth_signature")
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  const parameters = encoded.map(([name, value]) => `${name}=${value}`).join("&");
  return [request.method, addressOf(url, quirks), parameters].map(percentEncode).join("&");
}

/** Encoded text is ASCII: its characters are its bytes. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The base string URI (RFC 5849 3.4.1.2). */
function addressOf(url: string, quirks: BaseStringQuirks): string {
  const [, ownScheme = "", authority = ""] = /^([^:]+):\/\/([^/?#]*)/.exec(url) ?? [];
  const host = authority.slice(authority.lastIndexOf("@") + 1).toLowerCase();
  const [, name = host, ownPort = ""] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(host) ?? [];
  const wrong = quirks.proxyMisconfigured;
  const scheme = wrong?.scheme ?? ownScheme.toLowerCase();
  const port = wrong === undefined ? ownPort : String(wrong.port ?? "");
  const isDefault = port === "" || (scheme === "http" && port === "80") || (scheme === "https" && port === "443");
  const { path } = targetOf(url);
  const seen = quirks.decodedPath === true ? (percentDecode(path) ?? path) : path;
  return `${scheme}://${name}${isDefault ? "" : `:${port}`}${seen === "" ? "/" : seen}`;
}
