import { connect } from "node:net";

/** An answer as it came over the socket. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Sends a request line, header lines and a body exactly as they are given: `fetch` would tidy them up. */
export function sendRaw(port: number, head: readonly string[], body: string | Uint8Array = ""): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    const length = Buffer.byteLength(body);
    const lines = [...head, "Host: 127.0.0.1", "Connection: close", ...(length > 0 ? [`Content-Length: ${length}`] : [])];
    socket.setTimeout(10_000, () => socket.destroy(new Error("no answer in time")));
    socket.on("error", reject);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const end = text.indexOf("\r\n\r\n");
      resolve({ status: Number(text.slice(9, 12)), headers: text.slice(0, end).toLowerCase(), body: text.slice(end + 4) });
    });
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    // Not ended: to Node that is a client which went away.
    socket.write(body);
  });
}
