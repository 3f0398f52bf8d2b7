/**
 * Waits on this machine for the browser that comes back from the consent page.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A listener on loopback. */
export interface CallbackListener {
  /** What goes to the server as callback. */
  readonly url: string;
  /** The target of the first request to the callback's path. */
  readonly target: Promise<string>;
  close(): void;
}

const PAGE =
  "<!doctype html><meta charset=utf-8><title>jwt-qsh</title><p>Thank you. Go back to the " +
  "terminal; this page can be closed.";

/** @param port 0 for any */
export async function listenForCallback(port: number): Promise<CallbackListener> {
  let arrive: (target: string) => void = () => {};
  const target = new Promise<string>((resolve) => {
    arrive = resolve;
  });
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const isCallback = request.method === "GET" && path.startsWith("/callback?");
    response.writeHead(isCallback ? 200 : 404, {
      "content-type": "text/html; charset=utf-8",
      connection: "close",
      "referrer-policy": "no-referrer",
    });
    response.end(isCallback ? PAGE : "");
    if (isCallback) arrive(path);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}/callback`,
    target,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
