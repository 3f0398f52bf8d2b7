/**
 * The body of a Node request as a fetch body that is read only when somebody asks for it.
 */
import { encodeUtf8 } from "../encoding/utf8.ts";
import { argumentError } from "../errors.ts";

/** What is read of a stream of Node. */
export interface NodeReadableLike {
  /** Whether somebody has read from it. */
  readonly readableDidRead?: boolean;
  [Symbol.asyncIterator](): { next(): Promise<{ readonly done?: boolean | undefined; readonly value: unknown }> };
}

/** A body as it came, before it was parsed. */
export type RawBody = string | Uint8Array;

/** Checks what was kept of a body that is consumed; `undefined` when nothing was. */
export function readRawBody(value: unknown): RawBody | undefined {
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw argumentError('"rawBody"', "must be a string or bytes", "ERR_INVALID_ARG_TYPE");
}

/**
 * A stream that pulls from Node's only when it is pulled from itself: a verifier that needs no body leaves it to the
 * body parser that comes next. It is one of bytes because the two branches of such a stream read nothing ahead, so that
 * `request.clone()` pulls nothing either.
 */
export function lazyBody(readable: NodeReadableLike): ReadableStream<Uint8Array> {
  let chunks: ReturnType<NodeReadableLike[typeof Symbol.asyncIterator]> | undefined;
  return new ReadableStream({
    type: "bytes",
    async pull(controller): Promise<void> {
      chunks ??= readable[Symbol.asyncIterator]();
      const { done, value } = await chunks.next();
      if (done !== true) {
        // A copy: what is enqueued is taken away, and Node's chunks share a pool.
        controller.enqueue(new Uint8Array(typeof value === "string" ? encodeUtf8(value) : (value as Uint8Array)));
        return;
      }
      controller.close();
      // Whoever reads into a buffer of their own waits for its return.
      controller.byobRequest?.respond(0);
    },
    // Not told to Node's stream, which would close the connection before the answer is out.
  });
}
