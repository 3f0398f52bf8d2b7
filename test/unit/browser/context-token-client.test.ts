import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createContextTokenClient } from "../../../src/browser/context-token-client.ts";
import type { ContextTokenClientOptions } from "../../../src/browser/context-token-client.ts";

const START = 1_700_000_000;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
let serial = 0;
/** A token as a host makes it; nobody in a page can verify it. */
function mint(iat: number, lifetime = 900, claims: object = {}): string {
  return `${part({ typ: "JWT", alg: "HS256" })}.${part({ iss: "tenant", qsh: "context-qsh", iat, exp: iat + lifetime, n: serial++, ...claims })}.c2ln`;
}

type Answer = (callback?: (token: string) => void) => unknown;

/** A host that gives each question its answer in turn, the last one for ever. */
function hostOf(...answers: Answer[]) {
  let asked = 0;
  const getToken: Answer = (callback) => (answers[Math.min(asked++, answers.length - 1)] as Answer)(callback);
  return { AP: { context: { getToken } }, asked: () => asked };
}

/** The page's clock in seconds, which fake timers move on. */
const pageNow = (): number => Date.now() / 1000;
const fresh: Answer = () => Promise.resolve(mint(pageNow()));

/** Runs what is pending, timers too, and answers what the promise came to. */
async function settle<T>(promise: Promise<T>, milliseconds = 60_000): Promise<T> {
  const state = { done: false };
  const finish = (): boolean => (state.done = true);
  promise.then(finish, finish);
  await vi.advanceTimersByTimeAsync(0);
  for (let spent = 0; !state.done && spent < milliseconds; spent += 50) await vi.advanceTimersByTimeAsync(50);
  return promise;
}

const clientOf = (AP: ReturnType<typeof hostOf>["AP"], options: ContextTokenClientOptions = {}) =>
  createContextTokenClient(AP, { baseUrl: "https://app.example.com", ...options });

beforeEach(() => {
  vi.useFakeTimers({ now: START * 1000, toFake: ["Date", "setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => void vi.useRealTimers());

describe("token", () => {
  test.each([
    ["a promise", fresh],
    ["the callback", (callback) => void callback?.(mint(pageNow()))],
    ["the callback, later", (callback) => void setTimeout(() => callback?.(mint(pageNow())), 100)],
    ["both", (callback) => (callback?.(mint(pageNow())), Promise.resolve(undefined))],
  ] satisfies [string, Answer][])("is read from %s", async (_, answer) => {
    const { AP } = hostOf(answer);
    expect((await settle(clientOf(AP).token())).split(".")).toHaveLength(3);
  });

  test("is asked for as a method of the context, as all.js wants it", async () => {
    const context = {
      token: mint(START),
      getToken(callback?: (token: string) => void) {
        callback?.(this.token);
      },
    };
    expect(await settle(createContextTokenClient({ context }).token())).toBe(context.token);
  });

  test("is kept while it is good, and asked for once however many want it", async () => {
    const { AP, asked } = hostOf(fresh);
    const client = clientOf(AP);
    const tokens = await settle(Promise.all(Array.from({ length: 50 }, () => client.token())));
    expect(new Set(tokens).size).toBe(1);
    vi.advanceTimersByTime(800_000);
    expect(await client.token()).toBe(tokens[0]);
    expect(asked()).toBe(1);
  });

  test("is renewed before its end without a wait, and with one when the end is near", async () => {
    const { AP, asked } = hostOf(fresh);
    const client = clientOf(AP);
    const first = await settle(client.token());
    vi.advanceTimersByTime(850_000);
    expect(await client.token()).toBe(first);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked()).toBe(2);
    const second = await client.token();
    expect(second).not.toBe(first);
    vi.advanceTimersByTime(897_000);
    const third = await settle(client.token());
    expect(third).not.toBe(second);
    expect(asked()).toBe(3);
  });

  test("is renewed in the last third of a short life", async () => {
    const { AP, asked } = hostOf(() => Promise.resolve(mint(pageNow(), 30)));
    const client = clientOf(AP);
    await settle(client.token());
    vi.advanceTimersByTime(15_000);
    await settle(client.token());
    expect(asked()).toBe(1);
    vi.advanceTimersByTime(6_000);
    await settle(client.token());
    expect(asked()).toBe(2);
  });

  test("is renewed after an hour of sleep, in which the steady clock stood still", async () => {
    const { AP } = hostOf(fresh);
    const client = clientOf(AP);
    const first = await settle(client.token());
    vi.setSystemTime((START + 3600) * 1000);
    expect(await settle(client.token())).not.toBe(first);
  });

  test("is renewed by the steady clock when the other one was set back", async () => {
    const { AP } = hostOf(fresh);
    const client = clientOf(AP);
    const first = await settle(client.token());
    vi.advanceTimersByTime(1000_000);
    vi.setSystemTime(START * 1000);
    expect(await settle(client.token())).not.toBe(first);
  });
});

describe("a host that fails", () => {
  test.each([
    ["throws", () => { throw new Error("secret of the host"); }],
    ["rejects", () => Promise.reject(new Error("secret of the host"))],
    ["answers undefined", () => Promise.resolve(undefined)],
    ["never answers", () => undefined],
  ] satisfies [string, Answer][])("is given up after three questions: %s", async (_, answer) => {
    const { AP, asked } = hostOf(answer);
    const error = await settle(clientOf(AP).token()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "TokenError", code: "ERR_TOKEN_MISSING" });
    expect(JSON.stringify([String(error), (error as Error).cause])).not.toContain("secret");
    expect(asked()).toBe(3);
  });

  test("is asked again, and its later answer counts", async () => {
    const { AP } = hostOf(() => Promise.reject(new Error("not ready")), fresh);
    await expect(settle(clientOf(AP).token())).resolves.toMatch(/^ey/);
  });

  test("that is slow: a late answer to the first question is taken", async () => {
    const slow: Answer = (callback) => void setTimeout(() => callback?.(mint(pageNow())), 12_000);
    const { AP, asked } = hostOf(slow, () => undefined);
    await expect(settle(clientOf(AP).token())).resolves.toMatch(/^ey/);
    expect(asked()).toBe(2);
  });

  test.each([
    ["no token", "nonsense", "ERR_TOKEN_MALFORMED"],
    ["an object", { a: 1 }, "ERR_TOKEN_MALFORMED"],
    ["a token without an end", `${part({})}.${part({ iss: "x" })}.c2ln`, "ERR_CLAIM_MISSING"],
  ])("answers %s", async (_, answer, code) => {
    const { AP } = hostOf(() => Promise.resolve(answer));
    await expect(settle(clientOf(AP).token())).rejects.toMatchObject({ code });
  });

  test("does not take away a token that is still good", async () => {
    const { AP } = hostOf(fresh, () => Promise.reject(new Error("gone")));
    const client = clientOf(AP);
    const first = await settle(client.token());
    for (const seconds of [850, 47]) {
      vi.advanceTimersByTime(seconds * 1000);
      expect(await settle(client.token(), 2000)).toBe(first);
    }
    vi.advanceTimersByTime(10_000);
    await expect(settle(client.token())).rejects.toMatchObject({ code: "ERR_TOKEN_MISSING" });
  });

  test("is asked anew by the next caller", async () => {
    const failing: Answer = () => Promise.reject(new Error("not yet"));
    const { AP } = hostOf(failing, failing, failing, fresh);
    const client = clientOf(AP);
    await expect(settle(client.token())).rejects.toMatchObject({ code: "ERR_TOKEN_MISSING" });
    await expect(settle(client.token())).resolves.toMatch(/^ey/);
  });
});

describe("a host with a stale token", () => {
  test("is asked until it has a new one", async () => {
    const stale = mint(START - 2000);
    const { AP, asked } = hostOf(() => Promise.resolve(stale), fresh);
    expect(await settle(clientOf(AP).token())).not.toBe(stale);
    expect(asked()).toBe(2);
  });

  test("that it keeps to while the token runs out is refused in the end", async () => {
    const token = mint(START);
    const { AP } = hostOf(() => Promise.resolve(token));
    const client = clientOf(AP);
    expect(await settle(client.token())).toBe(token);
    vi.advanceTimersByTime(880_000);
    expect(await settle(client.token())).toBe(token);
    vi.advanceTimersByTime(60_000);
    await expect(settle(client.token())).rejects.toMatchObject({ code: "ERR_TOKEN_EXPIRED" });
  });
});

describe("a clock that is wrong", () => {
  test("ahead by ten hours: a token that seems over is used for as long as it lives", async () => {
    const { AP, asked } = hostOf(() => Promise.resolve(mint(pageNow() - 36_000)));
    const client = clientOf(AP);
    const first = await settle(client.token());
    expect(asked()).toBe(3);
    vi.advanceTimersByTime(700_000);
    expect(await client.token()).toBe(first);
    vi.advanceTimersByTime(300_000);
    const second = await settle(client.token());
    expect(second).not.toBe(first);
    // What the clock lacks is known by now: no further question was needed.
    expect(asked()).toBe(4);
  });

  test("behind by ten hours: a token is not used beyond its life", async () => {
    const { AP } = hostOf(() => Promise.resolve(mint(pageNow() + 36_000)));
    const client = clientOf(AP);
    const first = await settle(client.token());
    vi.advanceTimersByTime(950_000);
    expect(await settle(client.token())).not.toBe(first);
  });
});

describe("claims", () => {
  test("are those of the token at hand", async () => {
    const { AP } = hostOf(() => Promise.resolve(mint(START, 900, { sub: "user-1", context: { user: { accountId: "user-1" } } })));
    const claims = await settle(clientOf(AP).claims());
    expect(claims.context?.user?.accountId).toBe("user-1");
    expect(claims.qsh).toBe("context-qsh");
  });
});

describe("fetch", () => {
  function serverOf(...statuses: number[]) {
    const seen: Request[] = [];
    const fetch = (request: Request): Promise<Response> => {
      seen.push(request);
      return Promise.resolve(new Response("body", { status: statuses[Math.min(seen.length, statuses.length) - 1] ?? 200 }));
    };
    return { fetch, seen };
  }

  test("sends the token in the header, and keeps the request as it was", async () => {
    const { AP } = hostOf(fresh);
    const { fetch, seen } = serverOf(200);
    const client = clientOf(AP, { fetch });
    const response = await settle(client.fetch("/api/tasks?x=1", { method: "POST", body: "b", headers: { "x-a": "1" } }));
    expect(response.status).toBe(200);
    expect(seen[0]?.url).toBe("https://app.example.com/api/tasks?x=1");
    expect(seen[0]?.headers.get("authorization")).toBe(`JWT ${await client.token()}`);
    expect(seen[0]?.headers.get("x-a")).toBe("1");
    expect(await seen[0]?.text()).toBe("b");
  });

  test.each(["https://evil.example/", "https://app.example.com.evil.example/", "http://app.example.com/", "//evil.example/x", "https://app.example.com:8443/"])(
    "sends nothing to %s",
    async (url) => {
      const { AP, asked } = hostOf(fresh);
      const { fetch, seen } = serverOf(200);
      const outcome = await settle(clientOf(AP, { fetch }).fetch(url)).catch((error: unknown) => error);
      if (url.startsWith("//")) expect(seen.map((request) => new URL(request.url).origin)).toEqual(["https://app.example.com"]);
      else {
        expect(outcome).toMatchObject({ code: "ERR_ORIGIN_NOT_ALLOWED" });
        expect(seen).toEqual([]);
        expect(asked()).toBe(0);
      }
    },
  );

  test("renews and tries once more after 401", async () => {
    const { AP, asked } = hostOf(fresh);
    const { fetch, seen } = serverOf(401, 200);
    const client = clientOf(AP, { fetch });
    expect((await settle(client.fetch("/api"))).status).toBe(200);
    expect(asked()).toBe(2);
    const [first, second] = seen.map((request) => request.headers.get("authorization"));
    expect(second).not.toBe(first);
  });

  test("does not try again with the token that was refused", async () => {
    const token = mint(START);
    const { AP } = hostOf(() => Promise.resolve(token));
    const { fetch, seen } = serverOf(401);
    expect((await settle(clientOf(AP, { fetch }).fetch("/api"))).status).toBe(401);
    expect(seen).toHaveLength(1);
  });

  test("does not try again after 403", async () => {
    const { AP } = hostOf(fresh);
    const { fetch, seen } = serverOf(403);
    expect((await settle(clientOf(AP, { fetch }).fetch("/api"))).status).toBe(403);
    expect(seen).toHaveLength(1);
  });

  test("answers with the token's failure", async () => {
    const { AP } = hostOf(() => Promise.reject(new Error("gone")));
    const { fetch, seen } = serverOf(200);
    await expect(settle(clientOf(AP, { fetch }).fetch("/api"))).rejects.toMatchObject({ code: "ERR_TOKEN_MISSING" });
    expect(seen).toEqual([]);
  });

  test("needs a place to send to", async () => {
    const { AP } = hostOf(fresh);
    await expect(createContextTokenClient(AP).fetch("/api")).rejects.toMatchObject({ name: "TypeError", code: "ERR_INVALID_ARG_TYPE" });
  });
});

describe("the door", () => {
  test.each([undefined, null, {}, { context: {} }, { context: { getToken: 1 } }])("refuses a host that is none (%#)", (AP) => {
    expect(() => createContextTokenClient(AP as never)).toThrow(
      expect.objectContaining({ name: "TypeError", code: "ERR_INVALID_ARG_TYPE", message: '"AP" must have a function "context.getToken"' }),
    );
  });

  test.each([
    [{ refreshAhead: -1 }, '"options.refreshAhead" must be more than 0 and at most 86400 seconds'],
    [{ timeout: "1" }, '"options.timeout" must be a number of seconds'],
    [{ timeout: Number.NaN }, '"options.timeout" must be more than 0 and at most 86400 seconds'],
    [{ now: 5 }, '"options.now" must be a function'],
    [{ baseUrl: "http://app.example.com" }, '"options.baseUrl" must be an https URL'],
  ])("refuses %j", (options, message) => {
    const { AP } = hostOf(fresh);
    expect(() => createContextTokenClient(AP, options as never)).toThrow(message);
  });

  test("makes something that cannot be changed", () => {
    expect(Object.isFrozen(createContextTokenClient(hostOf(fresh).AP))).toBe(true);
  });
});
