/** unstorage: its memory driver, and its file driver under three processes. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createStorage } from "unstorage";
import memoryDriver from "unstorage/drivers/memory";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unstorageTokenCache } from "../../src/oauth2/index.ts";
import { bundle } from "../stores/bundle.ts";
import { startRig } from "../unit/oauth2/rig.ts";
import { serveAuthorizationServer } from "./serve.ts";
import type { Served } from "./serve.ts";

let folder: string;
let served: Served;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jwt-qsh-unstorage-"));
  served = await serveAuthorizationServer();
});

afterEach(async () => {
  await served.close();
  await rm(folder, { recursive: true });
});

test("memory: three sources, one exchange, and what is written reads the same", async () => {
  const cache = unstorageTokenCache(createStorage({ driver: memoryDriver() }));
  const rig = startRig();
  for (let i = 0; i < 3; i++) await rig.source({ cache }).getToken();
  expect(rig.exchanges()).toBe(1);
  // What reads like JSON comes back as a value: that is no token.
  for (const value of ["v1.abc", "plain"]) {
    await cache.set("key", value, 60);
    expect(await cache.get("key")).toBe(value);
  }
  await cache.set("key", "123", 60);
  expect([await cache.get("key"), await cache.get("none")]).toEqual([undefined, undefined]);
  await cache.delete("key");
  expect(await cache.get("key")).toBe(undefined);
});

test("files: 102 callers in three processes make at most one exchange each, and a fourth none", async () => {
  served.host.misbehave(`${served.grant.authorizationServer}/`, { kind: "slow", after: 0.3 });
  const library = join(folder, "library.mjs");
  await writeFile(library, await bundle("src/oauth2/index.ts"));
  const program = fileURLToPath(new URL("unstorage.program.mjs", import.meta.url));
  const args = [program, pathToFileURL(library).href, join(folder, "tokens"), JSON.stringify(served.grant)];
  const run = async (): Promise<string[]> => {
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 });
    return JSON.parse(stdout) as string[];
  };
  const tokens = (await Promise.all([run(), run(), run()])).flat();
  expect(served.exchanges()).toBeGreaterThanOrEqual(1);
  expect(served.exchanges()).toBeLessThanOrEqual(3);
  expect(new Set(tokens).size).toBe(served.exchanges());
  const before = served.exchanges();
  const [last] = await run();
  expect([tokens.includes(last ?? ""), served.exchanges()]).toEqual([true, before]);
  const files = await readdir(join(folder, "tokens"), { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "utf8")),
  );
  expect(texts).toEqual([expect.stringMatching(/^v1\.[\w-]+$/)]);
});
