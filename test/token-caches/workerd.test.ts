/** Cloudflare KV and Durable Objects in workerd itself: 100 callers in three isolates, and how many exchanges happen. */
import { Log, LogLevel, Miniflare, Response as WorkerResponse } from "miniflare";
import type { Request as WorkerRequest, WorkerOptions } from "miniflare";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createFakeHost } from "../../src/testing/index.ts";
import type { FakeHost } from "../../src/testing/index.ts";
import { bundle } from "../stores/bundle.ts";

const ISOLATES = ["one", "two", "three"];
const PATIENCE = { timeout: 10_000 };
let script: string;
let workers: Miniflare | undefined;

beforeAll(async () => {
  script = await bundle("test/token-caches/worker.program.ts");
}, 30_000);

afterEach(async () => {
  await workers?.dispose();
  workers = undefined;
});

/** What the workers send goes to the fake host. */
async function forward(host: FakeHost, request: WorkerRequest): Promise<WorkerResponse> {
  const { method, url, headers } = request;
  const plain = new Request(url, { method, headers: [...headers], body: await request.text() });
  const response = await host.fetch(plain);
  return new WorkerResponse(await response.text(), { status: response.status, headers: [...response.headers] });
}

async function start(
  cache: string,
  { useSQLite = false, waitUntil = false }: { useSQLite?: boolean | undefined; waitUntil?: boolean } = {},
): Promise<{ host: FakeHost; exchanges: () => number; ask: Ask }> {
  const host = createFakeHost();
  const installation = host.install({ appKey: "com.example.app", baseUrl: "https://app.example.com" });
  const object = { className: "TokenCacheObject", scriptName: "one", useSQLite };
  const isolate = (name: string): WorkerOptions => ({
    name,
    modules: true,
    script,
    compatibilityDate: "2026-04-01",
    bindings: { CACHE: cache, WAIT_UNTIL: waitUntil, INSTALLATION: { ...installation }, ACCOUNT_ID: host.users[0]?.accountId ?? "" },
    kvNamespaces: { KV: "tokens" },
    durableObjects: { OBJECT: object },
    outboundService: (request: WorkerRequest) => forward(host, request),
  });
  // Nothing is fetched from afar.
  const shared = { log: new Log(LogLevel.ERROR), cf: false, telemetry: { enabled: false } } as const;
  workers = new Miniflare({ ...shared, workers: ISOLATES.map(isolate) });
  await workers.ready;
  const running = workers;
  const ask: Ask = async (name, query = "") => {
    // Its type is that of Cloudflare's own declarations, which are not installed.
    const worker = (await running.getWorker(name)) as unknown as { fetch: typeof fetch };
    const response = await worker.fetch(`http://worker.test/${query}`);
    return { status: response.status, text: await response.text() };
  };
  return { host, ask, exchanges: () => host.count(`${host.endpoints.authorizationServer}/oauth2/token`) };
}

type Ask = (name: string, query?: string) => Promise<{ status: number; text: string }>;

/** A hundred requests at a time, spread over the isolates. */
const hundred = (ask: Ask): Promise<{ status: number; text: string }[]> =>
  Promise.all(Array.from({ length: 100 }, (_, i) => ask(ISOLATES[i % ISOLATES.length] ?? "one")));

describe("100 callers in three isolates", () => {
  test.each([
    { cache: "none", least: 3, most: 3, promise: "one exchange in each isolate" },
    { cache: "kv", least: 1, most: 3, promise: "one in each that was cold at the time" },
    { cache: "object", least: 1, most: 1, promise: "exactly one" },
    { cache: "object", useSQLite: true, least: 1, most: 1, promise: "exactly one" },
  ])("$cache: $promise", async ({ cache, useSQLite, least, most }) => {
    const { host, ask, exchanges } = await start(cache, { useSQLite });
    host.misbehave(`${host.endpoints.authorizationServer}/`, { kind: "slow", after: 0.2 });
    const answers = await hundred(ask);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(exchanges()).toBeGreaterThanOrEqual(least);
    expect(exchanges()).toBeLessThanOrEqual(most);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(exchanges());
    const before = exchanges();
    await hundred(ask);
    expect(exchanges()).toBe(before);
  });
});

describe("requests of one isolate share values and no promises", () => {
  const impatient = async ({ ask, exchanges }: Awaited<ReturnType<typeof start>>): Promise<string[]> => {
    const first = ask("one", "?patience=100");
    await vi.waitFor(() => expect(exchanges()).toBe(1), PATIENCE);
    const answers = await Promise.all([first, ask("one"), ask("one", "?patience=50"), ask("one")]);
    expect(answers.map(({ status }) => status)).toEqual([500, 200, 500, 200]);
    expect(answers[0]?.text).toContain("TimeoutError");
    return [...new Set([answers[1]?.text ?? "", answers[3]?.text ?? ""])];
  };

  test("what a request fetches that has been answered is lost, and one of the others fetches again", async () => {
    const worker = await start("none");
    worker.host.misbehave(`${worker.host.endpoints.authorizationServer}/`, { kind: "slow", after: 0.5 });
    expect((await impatient(worker)).length).toBe(1);
    expect(worker.exchanges()).toBe(2);
  });

  test("with waitUntil it goes on for the others", async () => {
    const worker = await start("none", { waitUntil: true });
    worker.host.misbehave(`${worker.host.endpoints.authorizationServer}/`, { kind: "slow", after: 0.5 });
    expect((await impatient(worker)).length).toBe(1);
    expect(worker.exchanges()).toBe(1);
  });

  test("a failure is shared, and the next request tries again", async () => {
    const { host, ask, exchanges } = await start("none");
    const server = `${host.endpoints.authorizationServer}/`;
    const answer = async (): Promise<Response> => {
      await new Promise((resolve) => void setTimeout(resolve, 100));
      return new Response("{}", { status: 500 });
    };
    const end = host.misbehave(server, { kind: "custom", answer });
    const failed = await Promise.all(Array.from({ length: 10 }, () => ask("one")));
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([500]));
    expect(exchanges()).toBe(1);
    end();
    expect((await ask("one")).status).toBe(200);
  });
});
