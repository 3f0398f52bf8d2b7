import type { Awaitable, WebRequest, WebResponse } from "../types.ts";
import { utf8 } from "./encoding.ts";

/** A way in which a service can misbehave. Times are in seconds. */
export type Fault =
  /** Answers this instead. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly headers?: Record<string, string>;
    }
  /** Sends the caller elsewhere; 302 if not said otherwise. */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** Answers with an error page; 404 if not said otherwise. */
  | { readonly kind: "html"; readonly status?: number }
  /** The connection fails. */
  | { readonly kind: "network" }
  /** Nothing ever comes back. */
  | { readonly kind: "hang" }
  /** The usual answer, late. */
  | { readonly kind: "slow"; readonly after: number }
  /** The usual answer, one byte at a time. */
  | { readonly kind: "drip"; readonly every: number }
  /** The usual answer, followed by a body that never ends. */
  | { readonly kind: "endless" }
  /** The usual answer, padded with white space to this many bytes. */
  | { readonly kind: "oversized"; readonly bytes: number }
  /** A key set in which every `kid` stands for two keys. */
  | { readonly kind: "duplicate-kid" }
  /** Whatever a test can think of. */
  | { readonly kind: "custom"; answer(request: WebRequest, usual: () => Promise<WebResponse>): Awaitable<WebResponse> };

const ERROR_PAGE =
  "<!DOCTYPE html><html><head><title>Oops</title></head><body><h1>Something went wrong</h1></body></html>";

/** Answers as the fault has it. */
export async function misanswer(
  fault: Fault,
  request: WebRequest,
  usual: () => Promise<WebResponse>,
): Promise<WebResponse> {
  switch (fault.kind) {
    case "status": {
      const bodiless = [101, 204, 205, 304].includes(fault.status);
      return new Response(bodiless ? null : (fault.body ?? ""), { status: fault.status, headers: fault.headers ?? {} });
    }
    case "redirect":
      return new Response(null, { status: fault.status ?? 302, headers: { location: fault.location } });
    case "html":
      return new Response(ERROR_PAGE, { status: fault.status ?? 404, headers: { "content-type": "text/html" } });
    case "network":
      throw new TypeError("fetch failed: connection refused");
    case "hang":
      await pause(Infinity, request.signal);
      return usual();
    case "slow":
      await pause(fault.after, request.signal);
      return usual();
    case "drip":
      return rewritten(await usual(), async function* (bytes) {
        for (const byte of bytes) {
          yield Uint8Array.of(byte);
          await pause(fault.every, request.signal);
        }
      });
    case "endless":
      return rewritten(await usual(), async function* (bytes) {
        yield bytes;
        for (const padding = utf8(" ".repeat(4096)); ;) {
          yield padding;
          await pause(0, request.signal);
        }
      });
    case "oversized":
      return rewritten(await usual(), async function* (bytes) {
        yield bytes;
        yield utf8(" ".repeat(Math.max(0, fault.bytes - bytes.length)));
      });
    case "duplicate-kid": {
      const { keys } = (await (await usual()).json()) as { keys: unknown[] };
      return new Response(JSON.stringify({ keys: [...keys, ...keys] }), {
        headers: { "content-type": "application/json" },
      });
    }
    case "custom":
      return fault.answer(request, usual);
  }
}

/** The same answer with another body. */
async function rewritten(
  response: WebResponse,
  chunks: (bytes: Uint8Array) => AsyncGenerator<Uint8Array>,
): Promise<WebResponse> {
  const source = chunks(new Uint8Array(await response.arrayBuffer()));
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done === true) controller.close();
      else if (value.length > 0) controller.enqueue(value);
    },
    async cancel() {
      await source.return(undefined);
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

/** Waits; fails when the caller aborts, as a real connection does. */
function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const wake = (): void => {
      signal.removeEventListener("abort", stop);
      resolve();
    };
    const timer = seconds === Infinity ? undefined : setTimeout(wake, seconds * 1000);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop);
  });
}
