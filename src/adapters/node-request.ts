import { QshError, requireType } from "../errors.ts";
import { basePathOf, readBaseUrl } from "../http.ts";
import type { WebRequest, WebUrl } from "../types.ts";
import { lazyBody, readRawBody } from "./node-body.ts";
import type { NodeReadableLike, RawBody } from "./node-body.ts";

/** The part of Node's `IncomingMessage` that is used. */
export interface NodeRequestLike extends NodeReadableLike {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
}

/** What {@link toRequest} and all who use it need. */
export interface NodeRequestOptions<Carrier = object> {
  /**
   * Where the server's root is seen from outside: `https://app.example.com`, with the path that a proxy in front takes
   * off: `https://app.example.com/prefix`. The path and query that arrive are appended as they are.
   */
  publicUrl: string | WebUrl;
  /**
   * Finds the body as it came, where something has parsed it before: text or bytes. Unless told, `rawBody` of the
   * request, or its `body` when that is bytes.
   *
   * @param carrier what the framework hands to a middleware
   */
  rawBody?: (carrier: Carrier) => RawBody | undefined;
  /** Weakens security: lets `publicUrl` be http on a host that is not this machine. */
  unsafeHttp?: boolean;
}

/** What a framework has of one request. */
export interface NodeSource {
  readonly message: NodeRequestLike;
  /** The target as it came, before any router took something off. */
  readonly target: string | undefined;
  readonly rawBody: unknown;
}

/**
 * Makes a fetch `Request` of a request of `node:http`, for whatever takes one.
 *
 * The target is joined as text, so that no part of it can choose the host, and is refused when it is not in origin-form
 * or when a URL parser would read another path in it (`/a/../b`): router and verifier must see the same one. Header
 * lines that were sent twice stay two. The body is read only when the `Request`'s is; one that was consumed before, and
 * not kept as `rawBody`, leaves a `Request` whose body counts as used, so that a verifier which needs it fails.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { toRequest } from "jwt-qsh/node";
 *
 * createServer(async (message, response) => {
 *   const request = toRequest(message, { publicUrl: "https://app.example.com" });
 *   const identity = await verify(request);
 *   response.end(identity.clientKey);
 * });
 * ```
 *
 * @param message of `node:http` or a framework; its `originalUrl` goes before its `url`
 * @throws {QshError} ERR_QSH_MISMATCH for a target that cannot have been signed
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense, or a raw body that
 *   is neither text nor bytes
 * @see RFC 9112 section 3.2
 */
export function toRequest(message: NodeRequestLike, options: NodeRequestOptions<NodeRequestLike>): WebRequest {
  const { root, rawBody } = readNodeOptions(options);
  return buildRequest(sourceOf(message, rawBody), root);
}

/** Checked options. */
export interface NodeSettings<Carrier> {
  readonly root: string;
  readonly rawBody: (carrier: Carrier) => unknown;
}

/** Checks the options once, at the door. */
export function readNodeOptions<Carrier extends object>(
  options: NodeRequestOptions<Carrier>,
  findRawBody: (carrier: Carrier) => unknown = keptBody,
): NodeSettings<Carrier> {
  requireType(options, "object", '"options"');
  const { publicUrl, rawBody = findRawBody } = options;
  requireType(rawBody, "function", '"options.rawBody"');
  const url = readBaseUrl(publicUrl, '"options.publicUrl"', options);
  return { root: url.origin + basePathOf(url), rawBody };
}

/** Where body parsers leave the body as it came. What is parsed, or decoded to text, is something else. */
export function keptBody(carrier: { readonly rawBody?: unknown; readonly body?: unknown }): unknown {
  return carrier.rawBody ?? (ArrayBuffer.isView(carrier.body) ? carrier.body : undefined);
}

/** What a request of `node:http`, or of a framework that adds to it, has. */
export function sourceOf<Message extends NodeRequestLike>(
  message: Message,
  rawBody: (message: Message) => unknown,
): NodeSource {
  const { originalUrl = message.url } = message as { originalUrl?: string };
  return { message, target: originalUrl, rawBody: rawBody(message) };
}

/** @throws {QshError} ERR_QSH_MISMATCH for a target that cannot have been signed */
export function buildRequest({ message, target, rawBody }: NodeSource, root: string): WebRequest {
  const method = message.method ?? "GET";
  const url = readTarget(method, target, root);
  const headers = new Headers();
  for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) {
    const name = message.rawHeaders[i] as string;
    // Those with a colon are HTTP/2's own.
    if (!name.startsWith(":")) headers.append(name, message.rawHeaders[i + 1] as string);
  }
  if (method === "GET" || method === "HEAD") return new Request(url, { method, headers });
  const raw = readRawBody(rawBody);
  const isConsumed = raw === undefined && message.readableDidRead === true;
  const body = isConsumed ? "consumed" : (raw ?? lazyBody(message));
  const request = new Request(url, { method, headers, body, duplex: "half" } as RequestInit);
  if (isConsumed) void request.body?.cancel();
  return request;
}

/** Joins the target to the root, when everyone would read it alike. */
function readTarget(method: string, target: string | undefined, root: string): string {
  const url = `${root}${target ?? ""}`;
  const isOriginForm = target !== undefined && /^\/[!-~]*$/.test(target) && !/[#\\]/.test(target);
  // The platform's Request has no such method, and nobody signs one.
  if (isOriginForm && !/^(?:CONNECT|TRACE|TRACK)$/i.test(method)) {
    const path = url.split("?", 1)[0];
    const parsed = new URL(url);
    if (parsed.origin + parsed.pathname === path) return url;
  }
  throw new QshError("ERR_QSH_MISMATCH", "request target is not one that can be signed", {
    hint: "a target is a path without dot segments, and a query, in printable ASCII (RFC 9112 section 3.2.1)",
  });
}
