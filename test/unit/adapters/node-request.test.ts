import { createServer } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { toRequest } from "../../../src/adapters/node-request.ts";
import type { NodeRequestLike } from "../../../src/adapters/node-request.ts";
import { badType, badValue, failure, rejection } from "../../support/failure.ts";

const publicUrl = "https://app.example.com";

/** A message of Node as its parser would make it. */
function message(
  url: string | undefined,
  { method = "GET", rawHeaders = [], body = [] }: { method?: string; rawHeaders?: string[]; body?: unknown[] } = {},
): NodeRequestLike & { readonly readableDidRead: boolean } {
  return Object.assign(Readable.from(body), { method, url, rawHeaders });
}

const REFUSED = { name: "QshError", code: "ERR_QSH_MISMATCH", message: "request target is not one that can be signed" };

describe("the target", () => {
  test.each([
    ["/", "https://app.example.com/"],
    ["/a%2Fb/?x=1&x=%zz", "https://app.example.com/a%2Fb/?x=1&x=%zz"],
    ["//evil.example/x", "https://app.example.com//evil.example/x"],
    ["/a:b@evil.example", "https://app.example.com/a:b@evil.example"],
    ["/a..b/.c/d.?x=/../", "https://app.example.com/a..b/.c/d.?x=/../"],
  ])("%s is joined as text", (target, url) => {
    expect(toRequest(message(target), { publicUrl }).url).toBe(url);
  });

  test("the prefix that a proxy took off comes back", () => {
    for (const root of ["https://app.example.com/pre", "https://app.example.com/pre/"]) {
      expect(toRequest(message("/x?a"), { publicUrl: root }).url).toBe("https://app.example.com/pre/x?a");
    }
  });

  test("originalUrl goes before url", () => {
    const mounted = Object.assign(message("/x"), { originalUrl: "/mount/x" });
    expect(toRequest(mounted, { publicUrl }).url).toBe("https://app.example.com/mount/x");
  });

  test.each([
    [undefined],
    [""],
    ["*"],
    ["x"],
    ["@evil.example/"],
    [".evil.example/"],
    ["https://app.example.com/x"],
    ["/a/../b"],
    ["/.."],
    ["/a/%2e/b"],
    ["/a\\b"],
    ["/a#b"],
    ["/a?b#c"],
    ["/a b"],
    ["/a\tb"],
    ["/a?b\n"],
    ["/\u00e9"],
    ["/a<b>"],
  ])("%j is refused", (target) => {
    expect(failure(() => toRequest(message(target), { publicUrl }))).toEqual(REFUSED);
  });

  test.each(["CONNECT", "TRACE", "trace", "TRACK"])("%s is refused", (method) => {
    expect(failure(() => toRequest(message("/", { method }), { publicUrl }))).toEqual(REFUSED);
  });
});

describe("the head", () => {
  test("every header line counts", () => {
    const rawHeaders = ["Authorization", "JWT a", "X-One", "1", "authorization", "JWT b", ":path", "/"];
    expect([...toRequest(message("/", { rawHeaders }), { publicUrl }).headers]).toEqual([
      ["authorization", "JWT a, JWT b"],
      ["x-one", "1"],
    ]);
  });

  test("the method is the message's", () => {
    expect(toRequest(message("/", { method: "DELETE" }), { publicUrl }).method).toBe("DELETE");
  });
});

describe("the body", () => {
  const post = (body: unknown[]): ReturnType<typeof message> => message("/", { method: "POST", body });

  test("is read when it is asked for, by the request and its clone", async () => {
    const one = post([Buffer.from("one "), "and ", new Uint8Array([0xf0, 0x9f]), new Uint8Array([0x98, 0x80])]);
    const request = toRequest(one, { publicUrl });
    const clone = request.clone();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(one.readableDidRead).toBe(false);
    expect([await clone.text(), await request.text()]).toEqual(["one and 😀", "one and 😀"]);
  });

  test("may be nothing", async () => {
    expect(await toRequest(post([]), { publicUrl }).text()).toBe("");
    expect(toRequest(message("/", { body: ["x"] }), { publicUrl }).body).toBeNull();
  });

  test("leaves the pool of Node's chunks alone", async () => {
    const chunk = Buffer.from("chunk");
    await toRequest(post([chunk]), { publicUrl }).text();
    expect(chunk.toString()).toBe("chunk");
  });

  test("fails when the connection does", async () => {
    const broken = Object.assign(
      new Readable({
        read() {
          this.destroy(new Error("connection is gone"));
        },
      }),
      { method: "POST", url: "/", rawHeaders: [] },
    );
    expect((await rejection(toRequest(broken, { publicUrl }).text())).message).toBe("connection is gone");
  });

  test("that was consumed counts as used", async () => {
    const one = post(["x"]);
    for await (const chunk of one as unknown as AsyncIterable<string>) expect(chunk).toBe("x");
    const request = toRequest(one, { publicUrl });
    expect(request.bodyUsed).toBe(true);
    expect((await rejection(request.text())).name).toBe("TypeError");
  });

  test.each([
    ["rawBody, text", { rawBody: "é" }, "é"],
    ["rawBody, bytes", { rawBody: Buffer.from("é") }, "é"],
    ["rawBody, nothing", { rawBody: "" }, ""],
    ["rawBody, a part of a buffer", { rawBody: new Uint8Array([1, 0x41, 2]).subarray(1, 2) }, "A"],
    ["body, bytes", { body: Buffer.from("é") }, "é"],
    ["rawBody before body", { rawBody: "raw", body: Buffer.from("body") }, "raw"],
  ])("that was kept is found: %s", async (_where, kept, text) => {
    const one = post(["x"]);
    for await (const chunk of one as unknown as AsyncIterable<string>) expect(chunk).toBe("x");
    expect(await toRequest(Object.assign(one, kept), { publicUrl }).text()).toBe(text);
  });

  test("that was parsed, or decoded, is not the body", async () => {
    for (const body of [{ a: "1" }, "a=1"]) {
      const one = post(["x"]);
      for await (const chunk of one as unknown as AsyncIterable<string>) expect(chunk).toBe("x");
      expect(toRequest(Object.assign(one, { body }), { publicUrl }).bodyUsed).toBe(true);
    }
  });

  test("is where the caller says", async () => {
    const rawBody = (one: NodeRequestLike): string => `kept of ${one.url ?? ""}`;
    expect(await toRequest(post(["x"]), { publicUrl, rawBody }).text()).toBe("kept of /");
  });
});

describe("a real server", () => {
  let close: () => Promise<void> = async () => undefined;
  afterEach(() => close());

  test("of node:http, with a large body in many chunks", async () => {
    const server = createServer((incoming, response) => {
      const request = toRequest(incoming, { publicUrl });
      request.clone().arrayBuffer().then(
        async (bytes) => response.end(`${bytes.byteLength} ${(await request.arrayBuffer()).byteLength}`),
        () => response.destroy(),
      );
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    close = () => new Promise((resolve) => void server.close(() => resolve()));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const body = new Uint8Array(3_000_000).fill(7);
    const response = await fetch(url, { method: "POST", body, headers: { connection: "close" } });
    expect(await response.text()).toBe("3000000 3000000");
  });

  test("of node:http2", async () => {
    const server = createHttp2Server((incoming, response) => {
      const request = toRequest(incoming, { publicUrl });
      request.text().then(
        (text) => response.end(JSON.stringify([request.method, request.url, request.headers.get("x-one"), text])),
        () => response.destroy(),
      );
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    close = async () => {
      session.close();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    };
    const stream = session.request({ ":method": "POST", ":path": "/a?b", "x-one": "1" });
    stream.end("body");
    let answer = "";
    for await (const chunk of stream) answer += String(chunk);
    expect(JSON.parse(answer)).toEqual(["POST", "https://app.example.com/a?b", "1", "body"]);
  });
});

test.each([
  ["no options", undefined, badType('"options" must be an object')],
  ["no publicUrl", {}, badType('"options.publicUrl" must be a string or a URL')],
  ["a publicUrl without https", { publicUrl: "http://app.example.com" }, badValue('"options.publicUrl" must be an https URL')],
  ["a publicUrl with a query", { publicUrl: "https://a.example/?b" }, badValue('"options.publicUrl" must have neither query nor fragment')],
  ["a rawBody that is no function", { publicUrl, rawBody: "x" }, badType('"options.rawBody" must be a function')],
])("refused: %s", (_what, options, expected) => {
  expect(failure(() => toRequest(message("/"), options as never))).toEqual(expected);
});

test("a raw body that is neither text nor bytes is refused", () => {
  const one = Object.assign(message("/", { method: "POST" }), { rawBody: { a: 1 } });
  expect(failure(() => toRequest(one, { publicUrl }))).toEqual(badType('"rawBody" must be a string or bytes'));
});
