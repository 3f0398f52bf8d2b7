import { describe, expect, test } from "vitest";
import type { PublicKey } from "../../../src/crypto/rsa-keys.ts";
import { createPemKeys } from "../../../src/keyset/pem.ts";
import type { FindKey } from "../../../src/keyset/pem.ts";
import { createKeyClient } from "../../../src/keyset/remote.ts";
import { keyServer, rsaPair } from "./key-server.ts";
import type { KeyServer, Served } from "./key-server.ts";

const first = "https://first.example/keys";
const second = "https://second.example";
const pem = rsaPair("one").publicKey;

function setUp(routes: Record<string, Served | Error>, servers = [first, second]): { find: FindKey; server: KeyServer; clock: { time: number } } {
  const server = keyServer(routes);
  const clock = { time: 1000 };
  const client = createKeyClient({ fetch: server.fetch, timeout: 1 }, () => clock.time);
  return { find: createPemKeys(servers.map((base) => new URL(base)), client), server, clock };
}

describe("createPemKeys", () => {
  test("asks the first server, and keeps the key for a day", async () => {
    const { find, server, clock } = setUp({ [`${first}/a`]: { body: pem } });
    const key = await find("a");
    expect(key.algorithm.name).toBe("RS256");
    clock.time += 86399;
    expect(await find("a")).toBe(key);
    expect(server.asked).toEqual([`${first}/a`]);
    clock.time += 1;
    await find("a");
    expect(server.asked).toEqual([`${first}/a`, `${first}/a`]);
  });

  test("asks the next server when the first has no key, or cannot tell", async () => {
    for (const trouble of [{ status: 404 }, { status: 503 }, new Error("down"), { body: "<html>" }]) {
      const { find, server } = setUp({ [`${first}/a`]: trouble, [`${second}/a`]: { body: pem } });
      expect((await find("a")).type).toBe("public");
      expect(server.asked).toEqual([`${first}/a`, `${second}/a`]);
    }
  });

  test("a key of the second server is kept for a day, and the first is left alone meanwhile", async () => {
    const { find, server, clock } = setUp({ [`${first}/a`]: new Error("down"), [`${second}/a`]: { body: pem } });
    const key = await find("a");
    for (const later of [6, 40, 86350]) {
      clock.time += later;
      expect(await find("a")).toBe(key);
    }
    expect(server.asked).toEqual([`${first}/a`, `${second}/a`]);
    clock.time += 4;
    await find("a");
    expect(server.asked).toHaveLength(4);
  });

  test.each<[string, Served | Error, Served | Error, object]>([
    ["neither has it", { status: 404 }, { status: 404 }, { code: "ERR_KEY_NOT_FOUND", status: 404 }],
    ["the first cannot tell", { status: 503 }, { status: 404 }, { code: "ERR_KEY_FETCH", status: 503 }],
    ["the second cannot tell", { status: 404 }, { status: 503 }, { code: "ERR_KEY_FETCH", status: 503 }],
    ["one answers with HTML", { body: "<html>" }, { status: 404 }, { code: "ERR_KEY_INVALID", remote: true }],
    ["neither can be reached", new Error("s3cret"), new Error("s3cret"), { message: "key server could not be reached" }],
  ])("%s", async (_name, one, two, expected) => {
    const { find } = setUp({ [`${first}/a`]: one, [`${second}/a`]: two });
    await expect(find("a")).rejects.toMatchObject({ name: "KeyError", remote: true, ...expected });
  });

  test("keeps a key that is not there for 30 seconds, and any other trouble for 5", async () => {
    const { find, server, clock } = setUp({ [`${first}/down`]: { status: 500 } }, [first]);
    for (const kid of ["gone", "down", "gone", "down"]) await expect(find(kid)).rejects.toMatchObject({ name: "KeyError" });
    expect(server.asked).toHaveLength(2);
    clock.time += 5;
    for (const kid of ["gone", "down"]) await expect(find(kid)).rejects.toMatchObject({ name: "KeyError" });
    expect(server.asked).toHaveLength(3);
    clock.time += 25;
    await expect(find("gone")).rejects.toMatchObject({ code: "ERR_KEY_NOT_FOUND" });
    expect(server.asked).toHaveLength(4);
  });

  test("a long page that says 404 is a key that is not there", async () => {
    const { find, server, clock } = setUp({ [`${first}/a`]: { status: 404, body: "x".repeat(20_000) } }, [first]);
    await expect(find("a")).rejects.toMatchObject({ code: "ERR_KEY_NOT_FOUND", status: 404 });
    clock.time += 29;
    await expect(find("a")).rejects.toMatchObject({ code: "ERR_KEY_NOT_FOUND", status: 404 });
    expect(server.asked).toHaveLength(1);
  });

  test("one fetch serves all who ask at a time", async () => {
    const { find, server } = setUp({ [`${first}/a`]: { body: pem } });
    const keys = await Promise.all(Array.from({ length: 8 }, () => find("a")));
    expect(new Set<PublicKey>(keys).size).toBe(1);
    expect(server.asked).toHaveLength(1);
  });

  test("one failure serves all who ask at a time, each with an error of its own", async () => {
    const { find, server } = setUp({ [`${first}/a`]: { status: 500 } }, [first]);
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => find("a")));
    const reasons = results.map((result) => (result.status === "rejected" ? (result.reason as unknown) : undefined));
    expect(new Set(reasons).size).toBe(4);
    expect(server.asked).toHaveLength(1);
  });

  test("kids with slashes stay below the base; one that would leave it is never asked for", async () => {
    const { find, server } = setUp({ [`${first}/a/b`]: { body: pem } }, [`${first}/`]);
    await find("a/b");
    await expect(find("../b")).rejects.toMatchObject({ code: "ERR_KEY_ID" });
    expect(server.asked).toEqual([`${first}/a/b`]);
  });

  test.each([
    ["a private key", rsaPair("one").privateKey],
    ["a small key", rsaPair("small", 1024).publicKey],
    ["two keys", pem + pem],
    ["bytes that are no text", "\u0000\u0001"],
    ["nothing", ""],
  ])("%s is no key", async (_name, body) => {
    const { find } = setUp({ [`${first}/a`]: { body } }, [first]);
    await expect(find("a")).rejects.toMatchObject({
      code: "ERR_KEY_INVALID",
      remote: true,
      message: "key server answered with no usable RSA public key",
    });
  });

  test("takes the line ends that key servers have", async () => {
    const { find } = setUp({ [`${first}/a`]: { body: `\n${pem.replaceAll("\n", "\r\n")}\r\n` } });
    expect((await find("a")).type).toBe("public");
  });
});
