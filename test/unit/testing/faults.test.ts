import { beforeAll, describe, expect, test } from "vitest";
import { createFakeHost, type Fault } from "../../../src/testing/index.ts";

const URL_OF_KEYS = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json";

const shared = createFakeHost();
beforeAll(async () => {
  await shared.fetch(new Request(URL_OF_KEYS)); // makes the keys
});

function ask(fault: Fault, signal?: AbortSignal): Promise<Response> {
  shared.misbehave(URL_OF_KEYS, fault, { times: 1 });
  return shared.fetch(new Request(URL_OF_KEYS, signal === undefined ? {} : { signal }));
}

describe("answers", () => {
  test("any status, body and header", async () => {
    const response = await ask({ kind: "status", status: 503, body: "down", headers: { "retry-after": "7" } });
    expect([response.status, await response.text(), response.headers.get("retry-after")]).toEqual([503, "down", "7"]);
  });
  test("a redirect", async () => {
    const response = await ask({ kind: "redirect", location: "https://attacker.example/" });
    expect([response.status, response.headers.get("location")]).toEqual([302, "https://attacker.example/"]);
  });
  test("a page", async () => {
    const response = await ask({ kind: "html", status: 500 });
    expect([response.status, response.headers.get("content-type")]).toEqual([500, "text/html"]);
  });
  test("a status that may have no body", async () => {
    expect((await ask({ kind: "status", status: 304, body: "dropped" })).status).toBe(304);
  });
  test("padding", async () => {
    const text = await (await ask({ kind: "oversized", bytes: 300_000 })).text();
    expect(text).toHaveLength(300_000);
    expect(JSON.parse(text)).toHaveProperty("keys");
  });
  test("two keys for every kid", async () => {
    const { keys } = (await (await ask({ kind: "duplicate-kid" })).json()) as { keys: unknown[] };
    expect(keys).toHaveLength(2);
    expect(keys[0]).toEqual(keys[1]);
  });
  test("anything else", async () => {
    const response = await ask({
      kind: "custom",
      answer: async (request, usual) => new Response(`${request.method} ${(await usual()).status}`),
    });
    expect(await response.text()).toBe("GET 200");
  });
});

describe("time", () => {
  test("no connection", async () => {
    await expect(ask({ kind: "network" })).rejects.toThrow(TypeError);
  });
  test("silence, until the caller gives up", async () => {
    await expect(ask({ kind: "hang" }, AbortSignal.timeout(30))).rejects.toThrow(/timeout/i);
  });
  test("a late answer", async () => {
    const start = performance.now();
    expect((await ask({ kind: "slow", after: 0.05 })).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(45);
  });
  test("a drip, until the caller gives up", async () => {
    const response = await ask({ kind: "drip", every: 0.01 }, AbortSignal.timeout(80));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect((await reader.read()).value).toEqual(new TextEncoder().encode("{"));
    await expect(drain(reader)).rejects.toThrow(/timeout/i);
  });
  test("a body without an end, until the caller has had enough", async () => {
    const response = await ask({ kind: "endless" });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let length = 0;
    while (length < 100_000) length += (await reader.read()).value?.length ?? 0;
    await reader.cancel();
    expect(length).toBeGreaterThanOrEqual(100_000);
  });
});

describe("switches", () => {
  test("for so many requests, by the longest prefix, until it is over", async () => {
    const host = createFakeHost();
    const get = async (): Promise<number> => (await host.fetch(new Request(URL_OF_KEYS))).status;
    const end = host.misbehave(new URL(URL_OF_KEYS).origin, { kind: "html", status: 500 });
    host.misbehave(URL_OF_KEYS, { kind: "html", status: 404 }, { times: 2 });
    expect([await get(), await get(), await get()]).toEqual([404, 404, 500]);
    end();
    expect(await get()).toBe(200);
    expect(host.count(URL_OF_KEYS)).toBe(4);
    expect(host.traffic[0]).toEqual({ method: "GET", url: URL_OF_KEYS });
  });
  test("an aborted request goes nowhere", async () => {
    const host = createFakeHost();
    const request = new Request(URL_OF_KEYS, { signal: AbortSignal.abort(new Error("enough")) });
    await expect(host.fetch(request)).rejects.toThrow("enough");
  });
});

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  for (let done = false; !done;) done = (await reader.read()).done;
}
