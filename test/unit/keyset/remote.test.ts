import { describe, expect, test } from "vitest";
import { checkKid, createKeyClient } from "../../../src/keyset/remote.ts";
import { keyServer } from "./key-server.ts";

const url = "https://keys.example/one";

describe("checkKid", () => {
  test.each([
    "eb745c39-04bb-4afe-ad5d-84d8c2e80f89",
    "forge/invocation-token/wf-0ad79ce2",
    "a",
    "a.b",
    "A_b+c.d-e",
    "x".repeat(256),
  ])("%s may be looked up", (kid) => {
    expect(checkKid(kid)).toBe(kid);
  });

  test.each([
    ["absent", undefined],
    ["null", null],
    ["a number", 5],
    ["an array", ["a"]],
    ["an object with a name", { toString: () => "a" }],
    ["empty", ""],
    ["too long", "x".repeat(257)],
    ["dot-dot", ".."],
    ["dot-dot within a segment", "a..b"],
    ["dot-dot within a path", "x/../../y"],
    ["a dot segment", "a/./b"],
    ["a dot alone", "."],
    ["a leading slash", "/a"],
    ["a trailing slash", "a/"],
    ["an empty segment", "a//b"],
    ["another host", "//attacker.example/key"],
    ["a URL", "https://attacker.example/key"],
    ["a query", "a?b"],
    ["a fragment", "a#b"],
    ["an escape", "%2e%2e"],
    ["a backslash", "a\\b"],
    ["a line break at the end", "a\n"],
    ["white space", "a b"],
    ["an at sign", "@attacker.example"],
    ["a letter that is not ASCII", "é"],
  ])("%s may not", (_name, kid) => {
    expect(() => checkKid(kid)).toThrow(
      expect.objectContaining({
        code: "ERR_KEY_ID",
        remote: true,
        message: '"kid" header parameter is missing or not of the accepted form',
      }),
    );
  });
});

describe("createKeyClient", () => {
  test("answers with the body of a 200", async () => {
    const server = keyServer({ [url]: { body: "key" } });
    const client = createKeyClient({ fetch: server.fetch }, () => 0);
    expect(await client.fetch(url, "text/plain", 10)).toEqual(new TextEncoder().encode("key"));
  });

  test.each([
    [404, "ERR_KEY_NOT_FOUND", "key server has no such key"],
    [201, "ERR_KEY_FETCH", "key server did not answer with 200"],
    [403, "ERR_KEY_FETCH", "key server did not answer with 200"],
    [500, "ERR_KEY_FETCH", "key server did not answer with 200"],
    [302, "ERR_KEY_FETCH", "key server answered with a redirect"],
  ])("%i is a failure, whatever the body", async (status, code, message) => {
    const server = keyServer({ [url]: { status, body: "key" } });
    const client = createKeyClient({ fetch: server.fetch }, () => 0);
    expect(await client.fetch(url, "text/plain", 10)).toEqual({ code, message, status });
  });

  test("a body over the cap and a network that is down are failures that quote nothing", async () => {
    const server = keyServer({ [url]: { body: "x".repeat(11) }, [`${url}2`]: new Error("s3cret") });
    const client = createKeyClient({ fetch: server.fetch }, () => 0);
    expect(await client.fetch(url, "text/plain", 10)).toEqual({
      code: "ERR_KEY_FETCH",
      message: "key server answered with too large a body",
      status: 200,
    });
    expect(await client.fetch(`${url}2`, "text/plain", 10)).toEqual({
      code: "ERR_KEY_FETCH",
      message: "key server could not be reached",
    });
  });

  test.each([
    [404, "ERR_KEY_NOT_FOUND", "key server has no such key"],
    [403, "ERR_KEY_FETCH", "key server did not answer with 200"],
  ])("a page over the cap is judged by its %i", async (status, code, message) => {
    const server = keyServer({ [url]: { status, body: "x".repeat(11) } });
    const client = createKeyClient({ fetch: server.fetch }, () => 0);
    expect(await client.fetch(url, "text/plain", 10)).toEqual({ code, message, status });
  });

  test("a server that does not answer is given up on", async () => {
    const client = createKeyClient({ fetch: () => new Promise<never>(() => undefined), timeout: 0.02 }, () => 0);
    expect(await client.fetch(url, "text/plain", 10)).toEqual({
      code: "ERR_KEY_FETCH",
      message: "key server did not answer in time",
    });
  });

  test("sends no credentials and follows nothing", async () => {
    const seen: Request[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      seen.push(request);
      return new Response("key");
    };
    await createKeyClient({ fetch }, () => 0).fetch(url, "text/plain", 10);
    expect(seen.map(({ method, credentials, redirect }) => [method, credentials, redirect])).toEqual([["GET", "omit", "manual"]]);
    expect(Object.fromEntries(seen[0]?.headers ?? [])).toEqual({ accept: "text/plain" });
  });

  test("has a budget for any minute, not for each", async () => {
    let time = 1000;
    const server = keyServer({ [url]: { body: "key" } });
    const client = createKeyClient({ fetch: server.fetch, maxKeyFetches: 2 }, () => time);
    const ask = async (): Promise<boolean> => ArrayBuffer.isView(await client.fetch(url, "text/plain", 10));
    expect(await ask()).toBe(true);
    time = 1050;
    expect([await ask(), await ask()]).toEqual([true, false]);
    time = 1060;
    expect([await ask(), await ask()]).toEqual([true, false]);
    time = 1109;
    expect(await client.fetch(url, "text/plain", 10)).toEqual({
      code: "ERR_KEY_RATE_LIMIT",
      message: 'more keys were asked for than "maxKeyFetches" allows in a minute',
    });
    time = 1110;
    expect(await ask()).toBe(true);
    expect(server.asked).toHaveLength(4);
  });

  test("a clock that was set back does not spend the budget for ever", async () => {
    let time = 1000;
    const server = keyServer({ [url]: { body: "key" } });
    const client = createKeyClient({ fetch: server.fetch, maxKeyFetches: 1 }, () => time);
    await client.fetch(url, "text/plain", 10);
    time = 10;
    expect(ArrayBuffer.isView(await client.fetch(url, "text/plain", 10))).toBe(true);
  });

  test.each([
    [{ timeout: 0 }, '"options.timeout" must be a number of seconds, at most 60'],
    [{ timeout: Number.NaN }, '"options.timeout" must be a number of seconds, at most 60'],
    [{ timeout: 61 }, '"options.timeout" must be a number of seconds, at most 60'],
    [{ maxKeyFetches: 0 }, '"options.maxKeyFetches" must be a whole number of at least 1'],
    [{ maxKeyFetches: 1.5 }, '"options.maxKeyFetches" must be a whole number of at least 1'],
  ])("%o dies at the door", (options, message) => {
    expect(() => createKeyClient(options, () => 0)).toThrow(
      expect.objectContaining({ name: "TypeError", code: "ERR_INVALID_ARG_VALUE", message }),
    );
  });
});
