import { describe, expect, test } from "vitest";
import { createJwksKeys } from "../../../src/keyset/jwks.ts";
import type { FindKey } from "../../../src/keyset/pem.ts";
import { createKeyClient } from "../../../src/keyset/remote.ts";
import { keyServer, rsaPair } from "./key-server.ts";
import type { KeyServer, Served } from "./key-server.ts";

const url = "https://keys.example/jwks.json";
const one = { ...rsaPair("one").jwk, kid: "one", use: "sig", alg: "RS256" };
const two = { ...rsaPair("two").jwk, kid: "two" };

function setOf(...keys: unknown[]): Served {
  return { body: JSON.stringify({ keys }) };
}

function setUp(first: Served | Error, maxKeyFetches = 60): {
  find: FindKey;
  server: KeyServer;
  clock: { time: number };
  serve: (next: Served | Error) => void;
} {
  const server = keyServer({ [url]: first });
  const clock = { time: 10_000 };
  const client = createKeyClient({ fetch: server.fetch, maxKeyFetches }, () => clock.time);
  const serve = (next: Served | Error): void => void server.routes.set(url, next);
  return { find: createJwksKeys(new URL(url), client), server, clock, serve };
}

describe("createJwksKeys", () => {
  test("fetches the set once, and keeps the key with it", async () => {
    const { find, server } = setUp(setOf(one, two));
    const key = await find("one");
    expect([key.type, await find("one")]).toEqual(["public", key]);
    expect((await find("two")).type).toBe("public");
    expect(server.asked).toEqual([url]);
  });

  test("fetches anew after 600 seconds, and what was taken out is gone", async () => {
    const { find, server, clock, serve } = setUp(setOf(one));
    await find("one");
    serve(setOf(two));
    clock.time += 599;
    await find("one");
    expect(server.asked).toHaveLength(1);
    clock.time += 1;
    await expect(find("one")).rejects.toMatchObject({ code: "ERR_KEY_NOT_FOUND", message: "key set has no such key" });
    expect((await find("two")).type).toBe("public");
    expect(server.asked).toHaveLength(2);
  });

  test("an unknown kid asks for the set anew, but not within 30 seconds", async () => {
    const { find, server, clock, serve } = setUp(setOf(one));
    await expect(find("two")).rejects.toMatchObject({ code: "ERR_KEY_NOT_FOUND" });
    serve(setOf(one, two));
    clock.time += 29;
    await expect(find("two")).rejects.toMatchObject({ code: "ERR_KEY_NOT_FOUND" });
    expect(server.asked).toHaveLength(1);
    clock.time += 1;
    expect((await find("two")).type).toBe("public");
    expect(server.asked).toHaveLength(2);
  });

  test("a failure keeps the set, and is not tried again within 30 seconds", async () => {
    const { find, server, clock, serve } = setUp(setOf(one));
    await find("one");
    serve({ status: 503 });
    clock.time += 600;
    for (let i = 0; i < 3; i++) expect((await find("one")).type).toBe("public");
    await expect(find("two")).rejects.toMatchObject({ code: "ERR_KEY_FETCH", status: 503 });
    expect(server.asked).toHaveLength(2);
    clock.time += 30;
    await find("one");
    expect(server.asked).toHaveLength(3);
    serve(setOf(one, two));
    clock.time += 30;
    expect((await find("two")).type).toBe("public");
  });

  test("a set that cannot be had anew is dropped after an hour", async () => {
    const { find, clock, serve } = setUp(setOf(one));
    await find("one");
    serve(new Error("s3cret"));
    for (clock.time += 600; clock.time < 13_600; clock.time += 300) await find("one");
    await expect(find("one")).rejects.toMatchObject({ code: "ERR_KEY_FETCH", message: "key server could not be reached" });
  });

  test("a first failure is not tried again within 30 seconds either", async () => {
    const { find, server, clock, serve } = setUp({ status: 500 });
    await expect(find("one")).rejects.toMatchObject({ code: "ERR_KEY_FETCH" });
    serve(setOf(one));
    clock.time += 29;
    await expect(find("one")).rejects.toMatchObject({ code: "ERR_KEY_FETCH" });
    clock.time += 1;
    expect((await find("one")).type).toBe("public");
    expect(server.asked).toHaveLength(2);
  });

  test("the budget binds", async () => {
    const { find, clock } = setUp(setOf(one), 1);
    await find("one");
    clock.time += 31;
    await expect(find("two")).rejects.toMatchObject({ code: "ERR_KEY_RATE_LIMIT" });
    expect((await find("one")).type).toBe("public");
  });

  test("one fetch serves all who ask at a time, for whatever kid", async () => {
    const { find, server } = setUp(setOf(one, two));
    await Promise.all([find("one"), find("two"), find("one"), find("two")]);
    expect(server.asked).toHaveLength(1);
  });

  test("neighbours that are not usable are nobody's trouble", async () => {
    const { find } = setUp(setOf(null, "x", 5, {}, { kid: 7 }, { kty: "oct", kid: "z", k: "AAAA" }, one));
    expect((await find("one")).type).toBe("public");
  });

  test("two keys of one kid are none, even the same one", async () => {
    const { find } = setUp(setOf(one, two, one));
    await expect(find("one")).rejects.toMatchObject({ code: "ERR_KEY_NOT_FOUND", message: "key set has more than one such key" });
    expect((await find("two")).type).toBe("public");
  });

  test.each([
    ["use enc", { ...two, use: "enc" }],
    ["another algorithm", { ...two, alg: "RS512" }],
    ["key_ops without verify", { ...two, key_ops: ["encrypt"] }],
    ["a private key", { ...two, d: "AQAB" }],
    ["another kind", { kty: "oct", kid: "two", k: "A".repeat(43) }],
    ["a small key", { ...rsaPair("small", 1024).jwk, kid: "two" }],
  ])("%s is no usable key", async (_name, jwk) => {
    const { find } = setUp(setOf(one, jwk));
    await expect(find("two")).rejects.toMatchObject({ code: "ERR_KEY_INVALID", remote: true });
  });

  test.each([
    ["no JSON", { body: "<html>" }],
    ["no object", { body: "[]" }],
    ["null", { body: "null" }],
    ["no keys", { body: "{}" }],
    ["keys that are no array", { body: '{"keys":{"0":{}}}' }],
    ["too many keys", setOf(...Array.from({ length: 65 }, (_, i) => ({ kid: `k${i}` })))],
    ["too large a body", { body: `{"keys":[],"x":"${"x".repeat(262_144)}"}` }],
    ["a 404", { status: 404 }],
  ])("%s is a failed fetch", async (_name, served) => {
    const { find } = setUp(served);
    await expect(find("one")).rejects.toMatchObject({ code: "ERR_KEY_FETCH", remote: true });
  });

  test("a kid of a bad form asks for nothing", async () => {
    const { find, server } = setUp(setOf(one));
    await expect(find("a?b")).rejects.toMatchObject({ code: "ERR_KEY_ID" });
    await expect(find(undefined)).rejects.toMatchObject({ code: "ERR_KEY_ID" });
    expect(server.asked).toEqual([]);
  });

  test.each(["__proto__", "constructor"])("%s is no key of a set that has none of that name", async (kid) => {
    const { find } = setUp(setOf(one));
    await expect(find(kid)).rejects.toMatchObject({ code: "ERR_KEY_NOT_FOUND" });
  });
});
