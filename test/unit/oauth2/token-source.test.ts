import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import type { ExchangeError } from "../../../src/index.ts";
import type { GetTokenOptions, TokenSource } from "../../../src/oauth2/index.ts";
import { errorOf } from "../../support/failure.ts";
import { MapCache, NOW, pause, startRig } from "./rig.ts";
import type { Rig } from "./rig.ts";

const tokenOf = async (source: TokenSource, options?: GetTokenOptions): Promise<string> =>
  (await source.getToken(options)).accessToken;

const unwell = (rig: Rig, status: number, headers: Record<string, string> = {}, times = Infinity): (() => void) =>
  rig.host.misbehave(rig.tokenUrl, { kind: "status", status, headers }, { times });

describe("what is in memory", () => {
  test("is handed out without asking anyone", async () => {
    const rig = startRig();
    const source = rig.source();
    const first = await source.getToken();
    expect(first).toMatchObject({ tokenType: "Bearer", expiresAt: NOW + 900 });
    expect(await source.getToken()).toBe(first);
    expect(rig.exchanges()).toBe(1);
  });

  test("is not told by the source", async () => {
    const rig = startRig();
    const source = rig.source();
    const token = await tokenOf(source);
    const told = inspect(source, { depth: 9, showHidden: true }) + JSON.stringify(source);
    for (const secret of [token, rig.installation.sharedSecret]) expect(told).not.toContain(secret);
    expect(Object.isFrozen(source)).toBe(true);
  });

  test("counts its life from the start of the exchange, and not from its end", async () => {
    const rig = startRig();
    const { fetch } = rig.host;
    const slow = rig.source({
      fetch: (request) => {
        rig.clock.now += 5;
        return fetch(request);
      },
    });
    expect((await slow.getToken()).expiresAt).toBe(NOW + 900);
  });

  test.each([
    [890, 1],
    [890.001, 2],
    [900, 2],
    [5000, 2],
  ])("with the soft window off, %f s later there were %i exchanges", async (later, exchanges) => {
    const rig = startRig();
    const source = rig.source({ refreshAhead: 0 });
    await source.getToken();
    rig.clock.now += later;
    await source.getToken();
    expect(rig.exchanges()).toBe(exchanges);
  });

  test("a clock that was set back does not keep a token for longer", async () => {
    const rig = startRig();
    const source = rig.source();
    await source.getToken();
    rig.clock.now -= 10;
    await source.getToken();
    expect(rig.exchanges()).toBe(1);
    rig.clock.now -= 1;
    await source.getToken();
    expect(rig.exchanges()).toBe(2);
    await source.getToken();
    expect(rig.exchanges()).toBe(2);
  });

  test("a token without a lifetime goes to those who waited, and to nobody after them", async () => {
    const rig = startRig();
    const body = JSON.stringify({ access_token: "once", token_type: "Bearer", expires_in: 0 });
    rig.host.misbehave(rig.tokenUrl, { kind: "status", status: 200, body });
    const cache = new MapCache();
    const source = rig.source({ cache });
    expect(await Promise.all([tokenOf(source), tokenOf(source)])).toEqual(["once", "once"]);
    expect([rig.exchanges(), cache.sets]).toEqual([1, 0]);
    await source.getToken();
    expect(rig.exchanges()).toBe(2);
  });

  test("minValidity asks for more", async () => {
    const rig = startRig();
    const source = rig.source();
    await source.getToken();
    rig.clock.now += 600;
    await source.getToken({ minValidity: 300 });
    expect(rig.exchanges()).toBe(1);
    const longer = await source.getToken({ minValidity: 301 });
    expect([rig.exchanges(), longer.expiresAt]).toEqual([2, NOW + 1500]);
  });

  test("forceRefresh fetches whatever is there, once for all who force", async () => {
    const rig = startRig();
    const source = rig.source();
    const first = await tokenOf(source);
    const forced = await Promise.all([1, 2, 3].map(() => tokenOf(source, { forceRefresh: true })));
    expect([new Set(forced).size, forced.includes(first), rig.exchanges()]).toEqual([1, false, 2]);
    expect(await tokenOf(source)).toBe(forced[0]);
  });

  test("forceRefresh asks the server even when the shared cache has a token", async () => {
    const rig = startRig();
    const cache = new MapCache();
    const first = await tokenOf(rig.source({ cache }));
    const forced = await tokenOf(rig.source({ cache }), { forceRefresh: true });
    expect([forced === first, rig.exchanges()]).toEqual([false, 2]);
    expect(await tokenOf(rig.source({ cache }))).toBe(forced);
  });

  test.each([
    [-1, '"options.minValidity" must be 0 to 9007199254740991 seconds'],
    [Number.NaN, '"options.minValidity" must be 0 to 9007199254740991 seconds'],
    ["1", '"options.minValidity" must be a number of seconds'],
  ])("minValidity %j is refused", async (minValidity, message) => {
    const rig = startRig();
    await expect(rig.source().getToken({ minValidity } as GetTokenOptions)).rejects.toMatchObject({ message });
    expect(rig.exchanges()).toBe(0);
  });
});

describe("the soft window", () => {
  async function inWindow(): Promise<{ rig: Rig; source: TokenSource; first: string }> {
    const rig = startRig();
    const source = rig.source();
    const first = await tokenOf(source);
    rig.clock.now += 800;
    return { rig, source, first };
  }

  test("opens 120 s before the end, and not before", async () => {
    const { rig, source, first } = await inWindow();
    rig.clock.now = NOW + 780;
    expect(await tokenOf(source)).toBe(first);
    await pause(0.05);
    expect(rig.exchanges()).toBe(1);
    rig.clock.now = NOW + 780.1;
    expect(await tokenOf(source)).toBe(first);
    await vi.waitFor(() => expect(rig.exchanges()).toBe(2));
  });

  test("is half of a short life at most", async () => {
    const rig = startRig({ accessTokenLifetime: 100 });
    const source = rig.source();
    await source.getToken();
    rig.clock.now += 50;
    await source.getToken();
    await pause(0.05);
    expect(rig.exchanges()).toBe(1);
    rig.clock.now += 1;
    await source.getToken();
    await vi.waitFor(() => expect(rig.exchanges()).toBe(2));
  });

  test("a failure in it is nobody's, and is not repeated for three seconds", async () => {
    const { rig, source, first } = await inWindow();
    const end = unwell(rig, 500);
    for (let i = 0; i < 50; i++) {
      expect(await tokenOf(source)).toBe(first);
      await pause(0.001);
    }
    expect(rig.exchanges()).toBe(2);
    end();
    rig.clock.now += 3;
    expect(await tokenOf(source)).toBe(first);
    await vi.waitFor(async () => expect(await tokenOf(source)).not.toBe(first));
    expect(rig.exchanges()).toBe(3);
  });

  test("a server that asked for a pause gets it", async () => {
    const { rig, source } = await inWindow();
    unwell(rig, 429, { "retry-after": "60" });
    for (const later of [0, 3, 56.9]) {
      rig.clock.now = NOW + 800 + later;
      await source.getToken();
      await pause(0.02);
    }
    expect(rig.exchanges()).toBe(2);
    rig.clock.now = NOW + 860;
    await source.getToken();
    await vi.waitFor(() => expect(rig.exchanges()).toBe(3));
  });

  test("a fetch that does not end is not repeated before it is overdue", async () => {
    const { rig, source, first } = await inWindow();
    rig.host.misbehave(rig.tokenUrl, { kind: "hang" }, { times: 1 });
    const exchangesAt = async (later: number): Promise<number> => {
      rig.clock.now = NOW + 800 + later;
      expect(await tokenOf(source)).toBe(first);
      await pause(0.05);
      return rig.exchanges();
    };
    // The timeout of the exchange and of the cache, and a second. Nobody waits for it, so it is not taken over sooner.
    expect([await exchangesAt(0), await exchangesAt(12.9)]).toEqual([2, 2]);
  });

  test("the hard window waits for what is fetched already", async () => {
    const { rig, source, first } = await inWindow();
    rig.clock.now = NOW + 880;
    rig.host.misbehave(rig.tokenUrl, { kind: "slow", after: 0.1 });
    expect(await tokenOf(source)).toBe(first);
    await vi.waitFor(() => expect(rig.exchanges()).toBe(2));
    rig.clock.now = NOW + 895;
    expect(await tokenOf(source)).not.toBe(first);
    expect(rig.exchanges()).toBe(2);
  });
});

describe("failures", () => {
  test("are shared by all who wait: 20 callers, 1 exchange", async () => {
    const rig = startRig();
    rig.host.misbehave(rig.tokenUrl, {
      kind: "custom",
      async answer() {
        await pause(0.1);
        return new Response("", { status: 500 });
      },
    });
    const source = rig.source();
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => source.getToken()));
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => "rejected"));
    expect(rig.exchanges()).toBe(1);
    await errorOf(source.getToken());
    expect(rig.exchanges()).toBe(2);
  });

  test.each([
    [429, "7", 7],
    [503, "7", 7],
    [429, undefined, 5],
    [503, "later", 5],
    [429, "86400", 300],
    [500, "7", 0],
    [429, "0", 0],
  ])("after a %i with Retry-After %s the server is left alone for %i s", async (status, retryAfter, wait) => {
    const rig = startRig();
    const end = unwell(rig, status, retryAfter === undefined ? {} : { "retry-after": retryAfter });
    const source = rig.source();
    await errorOf(source.getToken());
    end();
    if (wait > 0) {
      rig.clock.now += wait - 0.5;
      const error = (await errorOf(source.getToken({ forceRefresh: true }))) as ExchangeError;
      expect(error).toMatchObject({
        code: "ERR_EXCHANGE_REJECTED",
        message: "cannot fetch token: authorization server asked for a pause",
        status,
        retryAfter: 0.5,
      });
      expect(rig.exchanges()).toBe(1);
      rig.clock.now += 0.5;
    }
    await source.getToken();
    expect(rig.exchanges()).toBe(2);
  });

  test("a clock that was set back does not make the pause longer", async () => {
    const rig = startRig();
    unwell(rig, 429, {}, 1);
    const source = rig.source();
    await errorOf(source.getToken());
    rig.clock.now -= 3600;
    await source.getToken();
    expect(rig.exchanges()).toBe(2);
  });

  test("while a token has not expired it goes on serving", async () => {
    const rig = startRig();
    const source = rig.source();
    const first = await tokenOf(source);
    unwell(rig, 503, { "retry-after": "2" });
    rig.clock.now = NOW + 895;
    expect(await tokenOf(source)).toBe(first);
    // In the pause too, without asking.
    expect([await tokenOf(source), rig.exchanges()]).toEqual([first, 2]);
    await expect(source.getToken({ minValidity: 6 })).rejects.toMatchObject({ status: 503 });
    await expect(source.getToken({ forceRefresh: true })).rejects.toMatchObject({ status: 503 });
    rig.clock.now = NOW + 900;
    await expect(source.getToken()).rejects.toMatchObject({ status: 503 });
    await source.invalidate(first);
    rig.clock.now = NOW + 896;
    await expect(source.getToken()).rejects.toMatchObject({ status: 503 });
  });

  test("a server that does not answer is given up after the timeout", async () => {
    const rig = startRig();
    rig.host.misbehave(rig.tokenUrl, { kind: "hang" });
    const source = rig.source({ timeout: 0.05 });
    await expect(source.getToken()).rejects.toMatchObject({
      code: "ERR_EXCHANGE_UNREACHABLE",
      message: "cannot fetch token: authorization server could not be reached",
      status: 0,
    });
  });

  test("an error that is not the server's is the caller's own", async () => {
    const rig = startRig();
    let broken = true;
    const source = rig.source({ now: () => (broken ? Number.NaN : rig.clock.now) });
    await expect(source.getToken()).rejects.toMatchObject({ message: '"options.now" must return seconds since the epoch' });
    broken = false;
    await source.getToken();
    expect(rig.exchanges()).toBe(1);
  });
});

describe("cancellation", () => {
  test("a caller who is alone takes the exchange along, and the next one starts anew", async () => {
    const rig = startRig();
    const signals: AbortSignal[] = [];
    rig.host.misbehave(rig.tokenUrl, { kind: "hang" }, { times: 1 });
    const source = rig.source({
      fetch: (request) => {
        signals.push(request.signal);
        return rig.host.fetch(request);
      },
    });
    const abort = new AbortController();
    const waiting = errorOf(source.getToken({ signal: abort.signal }));
    await vi.waitFor(() => expect(signals.length).toBe(1));
    const reason = new Error("enough");
    abort.abort(reason);
    expect(await waiting).toBe(reason);
    await vi.waitFor(() => expect(signals[0]?.aborted).toBe(true));
    await source.getToken();
    expect(rig.exchanges()).toBe(2);
  });

  test("callers who left do not come back to make an exchange that nobody waits for", async () => {
    const rig = startRig();
    rig.host.misbehave(rig.tokenUrl, { kind: "hang" });
    const cache = new MapCache();
    const source = rig.source({ cache });
    const [starter, other] = [new AbortController(), new AbortController()];
    const both = Promise.all([starter, other].map(({ signal }) => errorOf(source.getToken({ signal }))));
    await vi.waitFor(() => expect(rig.exchanges()).toBe(1));
    other.abort(new Error("left first"));
    await pause(0.01);
    starter.abort(new Error("left last"));
    expect((await both).map(({ message }) => message)).toEqual(["left last", "left first"]);
    await pause(0.1);
    expect([rig.exchanges(), cache.gets]).toEqual([1, 1]);
  });

  test("an exchange is handed to waitUntil, which hears of no failure", async () => {
    const rig = startRig();
    unwell(rig, 500, {}, 1);
    const handed: Promise<unknown>[] = [];
    const source = rig.source({ waitUntil: (promise) => void handed.push(promise) });
    await Promise.all([errorOf(source.getToken()), errorOf(source.getToken())]);
    expect(handed.length).toBe(1);
    await source.getToken();
    await source.getToken();
    expect(handed.length).toBe(2);
    expect(await Promise.all(handed)).toEqual([undefined, undefined]);
  });
});

describe("invalidate", () => {
  test("gives up the token that is there, and no other", async () => {
    const rig = startRig();
    const source = rig.source();
    const first = await tokenOf(source);
    await source.invalidate("another");
    expect([await tokenOf(source), rig.exchanges()]).toEqual([first, 1]);
    await source.invalidate(first);
    const second = await tokenOf(source);
    expect([second === first, rig.exchanges()]).toEqual([false, 2]);
    // Six callers whose requests were refused one after the other make one exchange and not six.
    for (let i = 0; i < 6; i++) {
      await source.invalidate(first);
      expect(await tokenOf(source)).toBe(second);
    }
    expect(rig.exchanges()).toBe(2);
  });

  test("reaches the shared cache, and only that token there", async () => {
    const rig = startRig();
    const cache = new MapCache();
    const [one, two] = [rig.source({ cache }), rig.source({ cache })];
    const first = await tokenOf(one);
    expect(await tokenOf(two)).toBe(first);
    await one.invalidate(first);
    expect(cache.entries.size).toBe(0);
    const second = await tokenOf(one);
    await two.invalidate(first);
    expect([cache.entries.size, await tokenOf(two), rig.exchanges()]).toEqual([1, second, 2]);
  });

  test("a cache that is slow to forget does not bring the token back", async () => {
    const rig = startRig();
    const cache = new MapCache();
    cache.delete = async () => {};
    const source = rig.source({ cache });
    const first = await tokenOf(source);
    await source.invalidate(first);
    expect([(await tokenOf(source)) === first, rig.exchanges()]).toEqual([false, 2]);
  });

  test("a token that the server hands out again is good again", async () => {
    const rig = startRig();
    const body = JSON.stringify({ access_token: "same", token_type: "Bearer", expires_in: 900 });
    rig.host.misbehave(rig.tokenUrl, { kind: "status", status: 200, body });
    const cache = new MapCache();
    const source = rig.source({ cache });
    await source.invalidate(await tokenOf(source));
    expect([await tokenOf(source), await tokenOf(source), rig.exchanges()]).toEqual(["same", "same", 2]);
    // In the shared cache too: another isolate has it for longer.
    rig.clock.now += 500;
    await rig.source({ cache }).getToken({ forceRefresh: true });
    rig.clock.now += 300;
    await source.getToken();
    await vi.waitFor(async () => expect((await source.getToken()).expiresAt).toBe(NOW + 1400));
    expect(rig.exchanges()).toBe(3);
  });

  test("refuses what is no token", async () => {
    await expect(startRig().source().invalidate(undefined as never)).rejects.toMatchObject({ message: '"accessToken" must be a string' });
  });
});

describe("a clock that is off", () => {
  test.each([-3600, -76, 76, 3600])("by %i s is made good in one more exchange, and remembered", async (skew) => {
    const rig = startRig();
    const source = rig.source({ now: () => rig.clock.now + skew });
    await source.getToken();
    expect(rig.exchanges()).toBe(2);
    await source.getToken({ forceRefresh: true });
    expect(rig.exchanges()).toBe(3);
  });

  test("and is then set right costs one more exchange again", async () => {
    const rig = startRig();
    let skew = 3600;
    const source = rig.source({ now: () => rig.clock.now + skew });
    await source.getToken();
    skew = 0;
    await source.getToken({ forceRefresh: true });
    expect(rig.exchanges()).toBe(4);
  });

  const skewed = JSON.stringify({ error: "invalid_grant", error_description: "Expiration timestamp too far in the future" });

  test.each([
    ["no date", {}, 1],
    ["a date that is none", { date: "today" }, 1],
    ["a date of another year", { date: "Sat, 15 Jan 2028 08:00:00 GMT" }, 1],
    ["a date", { date: "Fri, 15 Jan 2027 08:00:00 GMT" }, 2],
  ])("with %s, and a server that goes on complaining: %i exchanges", async (_name, headers, exchanges) => {
    const rig = startRig();
    rig.host.misbehave(rig.tokenUrl, { kind: "status", status: 400, headers, body: skewed });
    await expect(rig.source().getToken()).rejects.toMatchObject({ problem: expect.stringMatching(/^invalid_grant: Exp/) });
    expect(rig.exchanges()).toBe(exchanges);
  });
});

describe("options", () => {
  test.each([
    ["refreshAhead", -1, "must be 0 to 86400 seconds"],
    ["expirySkew", Number.NaN, "must be 0 to 86400 seconds"],
    ["timeout", 0, "must be 0.001 to 3600 seconds"],
    ["cacheTimeout", "2", "must be a number of seconds"],
    ["waitUntil", {}, "must be a function"],
    ["now", 1, "must be a function"],
    ["fetch", "fetch", "must be a function"],
    ["scopes", "READ", "must be an array of scopes"],
    ["cache", {}, 'must have the methods "get", "set" and "delete"'],
    ["cache", null, 'must have the methods "get", "set" and "delete"'],
  ])("%s: %j is refused at the door", (name, value, rule) => {
    expect(() => startRig().source({ [name]: value })).toThrow(
      expect.objectContaining({ name: "TypeError", message: `"options.${name}" ${rule}` }),
    );
  });
});
