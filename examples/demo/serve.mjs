// A fetch handler on a loopback socket.
import { createServer } from "node:http";
import { Readable } from "node:stream";

/** Listens on a free port; `start` gets the origin and returns the handler. */
export async function serve(start) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const handler = start(origin);
  server.on("request", async (incoming, outgoing) => {
    const body = incoming.method === "GET" || incoming.method === "HEAD" ? undefined : Readable.toWeb(incoming);
    // Joined as text: the target is judged as it came over the wire.
    const request = new Request(origin + incoming.url, {
      method: incoming.method,
      headers: new Headers(Object.entries(incoming.headers)),
      body,
      duplex: "half",
    });
    const response = await handler(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  return { origin, close: () => server.close() };
}
