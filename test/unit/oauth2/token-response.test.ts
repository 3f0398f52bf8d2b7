import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { parseTokenResponse } from "../../../src/oauth2/index.ts";
import type { AccessToken, TokenResponseOptions } from "../../../src/oauth2/index.ts";
import type { ExchangeError } from "../../../src/index.ts";
import { errorOf } from "../../support/failure.ts";
import { NOW } from "./rig.ts";

const now = (): number => NOW;
const GOOD = { access_token: "t1", token_type: "Bearer", expires_in: 900 };

function parse(body: unknown, init: ResponseInit = {}, options: TokenResponseOptions = {}): Promise<AccessToken> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return parseTokenResponse(new Response(text, init), { now, ...options });
}

describe("a token", () => {
  test("is what the server says, read by the clock that is given", async () => {
    const token = await parse({ ...GOOD, scope: "READ  WRITE" });
    expect({ ...token, accessToken: token.accessToken }).toEqual({
      accessToken: "t1",
      tokenType: "Bearer",
      expiresAt: NOW + 900,
      scopes: ["READ", "WRITE"],
    });
    expect("scopes" in (await parse(GOOD))).toBe(false);
  });

  test("does not tell its secret unasked, and cannot be changed", async () => {
    const token = await parse({ ...GOOD, access_token: "marked-secret", scope: "READ" });
    expect(JSON.stringify(token) + inspect(token, { depth: 9 })).not.toContain("marked-secret");
    expect([Object.isFrozen(token), Object.isFrozen(token.scopes)]).toEqual([true, true]);
  });

  test.each([
    [undefined, 300],
    [null, 300],
    ["soon", 300],
    ["", 300],
    [true, 300],
    [{}, 300],
    ["900", 900],
    ["12.9", 12],
    [0.9, 0],
    [0, 0],
    [-1, 0],
    ["-1", 0],
    [86400, 86400],
    [86401, 86400],
    [Number.MAX_VALUE, 86400],
  ])("expires_in %j means %i s", async (expires_in, lifetime) => {
    expect((await parse({ ...GOOD, expires_in })).expiresAt).toBe(NOW + lifetime);
  });

  test("the defaults for lifetimes can be others", async () => {
    const options = { defaultLifetime: 60, maxLifetime: 120 };
    expect((await parse({ ...GOOD, expires_in: undefined }, {}, options)).expiresAt).toBe(NOW + 60);
    expect((await parse(GOOD, {}, options)).expiresAt).toBe(NOW + 120);
  });
});

describe("an answer that makes no sense", () => {
  test.each([
    ["not JSON", "access_token=t1", "answer is no JSON object"],
    ["an array", [GOOD], "answer is no JSON object"],
    ["a member twice", '{"access_token":"a","access_token":"b","token_type":"Bearer"}', "answer is no JSON object"],
    ["no token", { ...GOOD, access_token: undefined }, '"access_token" must be a bearer token'],
    ["an empty token", { ...GOOD, access_token: "" }, '"access_token" must be a bearer token'],
    ["a token with a space", { ...GOOD, access_token: "a b" }, '"access_token" must be a bearer token'],
    ["a token that begins with =", { ...GOOD, access_token: "=a" }, '"access_token" must be a bearer token'],
    ["a token of letters that no header has", { ...GOOD, access_token: "ä" }, '"access_token" must be a bearer token'],
    ["no type", { ...GOOD, token_type: undefined }, '"token_type" must be Bearer'],
    ["another type", { ...GOOD, token_type: "DPoP" }, '"token_type" must be Bearer'],
    ["no end", '{"access_token":"t1","token_type":"Bearer","expires_in":1e400}', '"expires_in" must be finite'],
    ["no end, in words", { ...GOOD, expires_in: "9".repeat(400) }, '"expires_in" must be finite'],
    ["more than a MiB", " ".repeat(1024 * 1024) + JSON.stringify(GOOD), "answer is larger than 1 MiB"],
  ])("%s", async (_name, body, message) => {
    await expect(parse(body)).rejects.toMatchObject({
      name: "ExchangeError",
      code: "ERR_EXCHANGE_MALFORMED",
      message: `cannot fetch token: ${message}`,
      status: 200,
      problem: undefined,
    });
  });

  test("a MiB is not too much", async () => {
    const text = JSON.stringify(GOOD);
    expect((await parse(text.padEnd(1024 * 1024, " "))).accessToken).toBe("t1");
  });

  test("an answer that breaks off", async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new Error("marked-secret"));
      },
    });
    await expect(parseTokenResponse(new Response(body))).rejects.toMatchObject({
      code: "ERR_EXCHANGE_UNREACHABLE",
      message: "cannot fetch token: authorization server could not be reached",
    });
  });

  test("is not read further than a MiB", async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 65536;
        controller.enqueue(new Uint8Array(65536).fill(0x20));
      },
    });
    await expect(parseTokenResponse(new Response(body))).rejects.toMatchObject({ code: "ERR_EXCHANGE_MALFORMED" });
    expect(sent).toBeLessThan(1024 * 1024 + 3 * 65536);
  });
});

describe("a refusal", () => {
  test.each([
    ["invalid_grant", "Invalid aud: https://auth.atlassian.io", 'leave "authorizationServer" to its default, which follows the site'],
    ["invalid_grant", "Expiration timestamp too far in the future", "set this machine's clock: the assertion's times are judged by the server's"],
    ["invalid_grant", "assertion is expired", "set this machine's clock: the assertion's times are judged by the server's"],
    ["unauthorized_client", "not authorized", "give the app the ACT_AS_USER scope and install it again"],
    ["invalid_scope", undefined, "ask for scopes of the app's descriptor, each an item of the list"],
    ["server_error", undefined, undefined],
  ])("%s, %s: the hint says what to do", async (error, error_description, hint) => {
    const refused = (await errorOf(parse({ error, error_description }, { status: 400 }))) as ExchangeError;
    expect(refused).toMatchObject({
      code: "ERR_EXCHANGE_REJECTED",
      message: "cannot fetch token: authorization server refused",
      status: 400,
      problem: error_description === undefined ? error : `${error}: ${error_description}`,
    });
    expect(refused.hint).toBe(hint);
  });

  test.each([
    ["7", {}, 7],
    [" 0 ", {}, 0],
    ["Fri, 15 Jan 2027 08:00:30 GMT", { date: "Fri, 15 Jan 2027 08:00:00 GMT" }, 30],
    ["Fri, 15 Jan 2027 07:00:00 GMT", { date: "Fri, 15 Jan 2027 08:00:00 GMT" }, 0],
    ["Fri, 15 Jan 2027 08:00:30 GMT", {}, undefined],
    ["later", {}, undefined],
    ["-5", { date: "Fri, 15 Jan 2027 08:00:00 GMT" }, undefined],
    ["1e9", {}, undefined],
  ])("Retry-After %j is %j", async (value, more, retryAfter) => {
    const headers = { "retry-after": value, ...more };
    const error = (await errorOf(parse("", { status: 429, headers }))) as ExchangeError;
    expect([error.status, error.retryAfter]).toEqual([429, retryAfter]);
  });

  test.each([301, 302, 307, 308])("a redirect by %i is one", async (status) => {
    await expect(parse("", { status, headers: { location: "https://other.example" } })).rejects.toMatchObject({
      code: "ERR_EXCHANGE_REJECTED",
      message: "cannot fetch token: authorization server sent a redirect",
      status,
    });
  });

  test("a redirect that the platform hides is one too", async () => {
    const hidden = { type: { value: "opaqueredirect" }, status: { value: 0 } };
    await expect(parseTokenResponse(Object.defineProperties(new Response(), hidden))).rejects.toMatchObject({
      code: "ERR_EXCHANGE_REJECTED",
      message: "cannot fetch token: authorization server sent a redirect",
    });
  });

  test("the server's words are cut, and what looks like a secret or a token is taken out", async () => {
    const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzZW50aW5lbCI6MX0.c2lnbmF0dXJlLXNlbnRpbmVs";
    const secret = "Kf3vQ1nB8sWz6Tg0Xy2LrJ5mHc9Pd7Ue4AaIoRbVtNqGwExZkS";
    const description = `bad\r\n\u001b[31m assertion ${jwt} of ${secret}, ${"x ".repeat(300)}`;
    const error = await errorOf(parse({ error: "invalid_grant", error_description: description }, { status: 400 }));
    const { problem = "" } = error as ExchangeError;
    expect(problem).toMatch(/^invalid_grant: bad \[31m assertion \[redacted\] of \[redacted\], x x x /);
    expect(problem.length).toBe(200);
    expect(inspect(error) + JSON.stringify(error)).not.toContain("assertion");
  });

  test("half a token at the cut is no token either", async () => {
    const description = `${"x ".repeat(500)}eyJhbGciOiJIUzI1NiJ9.eyJzZW50`;
    const refusal = parse({ error: description }, { status: 400 });
    await expect(refusal).rejects.toMatchObject({ problem: "x ".repeat(100) });
  });

  test.each([
    ["a number", 1],
    ["nothing", ""],
    ["an object", {}],
  ])("an error that is %s has no words", async (_name, error) => {
    await expect(parse({ error }, { status: 500 })).rejects.toMatchObject({ status: 500, problem: undefined });
  });
});

describe("options", () => {
  test.each([
    [{ defaultLifetime: 0 }, '"options.defaultLifetime" must be 1 to 9007199254740991 seconds'],
    [{ maxLifetime: Number.NaN }, '"options.maxLifetime" must be 1 to 9007199254740991 seconds'],
    [{ maxLifetime: "9" }, '"options.maxLifetime" must be a number of seconds'],
  ])("%j is refused", async (options, message) => {
    await expect(parse(GOOD, {}, options as TokenResponseOptions)).rejects.toMatchObject({ name: "TypeError", message });
  });

  test("a response that was read is refused", async () => {
    const response = new Response("{}");
    await response.text();
    await expect(parseTokenResponse(response)).rejects.toMatchObject({ message: '"response" must not have been read already' });
  });
});
