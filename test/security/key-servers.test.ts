/** H8: key servers that misbehave over real sockets. */
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createLifecycleVerifier } from "../../src/connect/lifecycle.ts";
import { createForgeVerifier } from "../../src/forge/invocation.ts";
import { rejection } from "../support/failure.ts";
import { hashOf, mintRs256 } from "../support/mint.ts";

const appKey = "com.example.app";
const appId = "ari:cloud:ecosystem::app/8ed7a3a7-0000-4000-8000-000000000001";
const baseUrl = "https://app.example.com";
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicPem = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const privatePem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const jwks = JSON.stringify({ keys: [{ ...pair.publicKey.export({ format: "jwk" }), kid: "key" }] });
// Gigabytes would take the test longer than the attack: 64 MiB is 256 times the larger cap.
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

let server: Server;
let origin = "";
let asked: string[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
});

beforeEach(() => {
  asked = [];
});

const timeout = 0.4;

async function install(): Promise<object> {
  const now = Math.floor(Date.now() / 1000);
  const qsh = hashOf("POST&/installed&");
  const token = mintRs256({ iss: "tenant-1", aud: [baseUrl], qsh, iat: now, exp: now + 60 }, privatePem, { kid: "key" });
  const payload = {
    key: appKey,
    clientKey: "tenant-1",
    eventType: "installed",
    sharedSecret: "a-shared-secret-of-more-than-32-bytes",
    baseUrl: "https://example.atlassian.net",
  };
  const verify = createLifecycleVerifier({ appKey, baseUrl, keyServers: [`${origin}/keys`], timeout });
  return verify(
    new Request(`${baseUrl}/installed`, {
      method: "POST",
      headers: { authorization: `JWT ${token}` },
      body: JSON.stringify(payload),
    }),
  );
}

async function invoke(): Promise<object> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: "forge/invocation-token", aud: appId, iat: now, exp: now + 25 };
  const verify = createForgeVerifier({ appId, jwksUrl: `${origin}/jwks.json`, timeout });
  const authorization = `Bearer ${mintRs256(claims, privatePem, { kid: "key" })}`;
  return verify(new Request("https://remote.example/", { headers: { authorization } }));
}

describe.each<[string, () => Promise<object>, string, string]>([
  ["a PEM server", install, "/keys/key", publicPem],
  ["a key set", invoke, "/jwks.json", jwks],
])("%s", (_name, call, path, body) => {
  test("that behaves is believed", async () => {
    answer = (_request, response) => void response.end(body);
    expect(await call()).toHaveProperty("kind");
    expect(asked).toEqual([path]);
  });

  const cases: [string, string, (request: IncomingMessage, response: ServerResponse) => void][] = [
    ["drips its body", "key server did not answer in time", (_request, response) => {
      let sent = 0;
      const timer = setInterval(() => void response.write(body[sent++ % body.length]), 20);
      response.on("close", () => clearInterval(timer));
    }],
    ["drips its head", "key server did not answer in time", (_request, response) => {
      const timer = setInterval(() => response.writeProcessing(), 20);
      response.on("close", () => clearInterval(timer));
    }],
    ["never ends its chunks", "key server answered with too large a body", (_request, response) => {
      const chunk = "x".repeat(16_384);
      const write = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", write);
      write();
    }],
    ["redirects to itself for ever", "key server answered with a redirect", (request, response) => {
      response.writeHead(302, { location: request.url ?? "/" });
      response.end();
    }],
    ["redirects with a body that never ends", "key server answered with a redirect", (_request, response) => {
      response.writeHead(307, { location: "https://attacker.example/" });
      response.write("x");
    }],
    ["sends a gzip bomb", "key server answered with too large a body", (_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(bomb);
    }],
    ["promises a small body and sends none", "key server did not answer in time", (_request, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("x");
    }],
    ["breaks off", "key server could not be reached", (_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("x");
      setTimeout(() => response.destroy(), 20);
    }],
    ["hangs up at once", "key server could not be reached", (request) => {
      request.socket.destroy();
    }],
    ["never answers", "key server did not answer in time", () => undefined],
    ["answers 500 with the key", "key server did not answer with 200", (_request, response) => {
      response.writeHead(500);
      response.end(body);
    }],
    ["answers 206 with the key", "key server did not answer with 200", (_request, response) => {
      response.writeHead(206);
      response.end(body);
    }],
  ];

  test.each(cases)("that %s: %s", async (_case, message, behave) => {
    answer = behave;
    const start = performance.now();
    expect(await rejection(call())).toEqual({ name: "KeyError", code: "ERR_KEY_FETCH", message });
    // The limit and some room for a busy machine; what is too large is known long before it is all there.
    expect(performance.now() - start).toBeLessThan(timeout * 1000 + 1500);
    expect(asked).toEqual([path]);
  });
});
