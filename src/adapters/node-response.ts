/**
 * Answers through Node's `ServerResponse`.
 */
import type { Problem } from "../respond.ts";
import type { WebResponse } from "../types.ts";

/** The part of Node's `ServerResponse` that is used. */
export interface NodeResponseLike {
  statusCode: number;
  setHeader(name: string, value: string | string[]): unknown;
  end(body?: string | Uint8Array): unknown;
}

/** A response whose body was read. */
export interface ReadResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Uint8Array;
}

/** Reads a response whole; cookies stay one header each. */
export async function readResponse(response: WebResponse): Promise<ReadResponse> {
  const headers: Record<string, string | string[]> = {};
  response.headers.forEach((value, name) => {
    headers[name] = name === "set-cookie" ? response.headers.getSetCookie() : value;
  });
  return { status: response.status, headers, body: new Uint8Array(await response.arrayBuffer()) };
}

/** Sends an answer. */
export function send(response: NodeResponseLike, { status, headers, body }: ReadResponse | Problem): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
