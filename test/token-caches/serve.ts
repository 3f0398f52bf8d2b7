import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createFakeHost } from "../../src/testing/index.ts";
import type { FakeHost } from "../../src/testing/index.ts";
import type { UserGrantOptions } from "../../src/oauth2/index.ts";

/** A fake host whose authorization server is behind a socket, for other processes. */
export interface Served {
  readonly host: FakeHost;
  /** What a source needs to ask it. */
  readonly grant: UserGrantOptions;
  exchanges(): number;
  close(): Promise<void>;
}

export async function serveAuthorizationServer(): Promise<Served> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const authorizationServer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const host = createFakeHost({ endpoints: { authorizationServer } });
  const { baseUrl, oauthClientId, sharedSecret } = host.install({ appKey: "com.example.app", baseUrl: "https://a.example" });
  answerWith(server, authorizationServer, host);
  return {
    host,
    grant: { installation: { baseUrl, oauthClientId, sharedSecret }, accountId: host.users[0]?.accountId ?? "", authorizationServer },
    exchanges: () => host.count(`${authorizationServer}/oauth2/token`),
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

function answerWith(server: Server, origin: string, host: FakeHost): void {
  server.on("request", async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = { "content-type": incoming.headers["content-type"] ?? "" };
    const init = { method: incoming.method ?? "GET", headers, body: Buffer.concat(chunks) };
    const response = await host.fetch(new Request(origin + (incoming.url ?? "/"), init));
    outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), connection: "close" });
    outgoing.end(await response.text());
  });
}
