/** unstorage over its memory and its file driver. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStorage } from "unstorage";
import fsDriver from "unstorage/drivers/fs";
import memoryDriver from "unstorage/drivers/memory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encryptedInstallations, unstorageInstallations } from "../../src/connect/stores/index.ts";
import { installationStoreSuite } from "../../src/testing/installation-store-suite.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jwt-qsh-unstorage-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("memory", () => {
  const storage = createStorage({ driver: memoryDriver() });
  for (const { name, run } of installationStoreSuite(() => unstorageInstallations(storage))) test(name, run);
});

describe("fs", () => {
  const create = (): ReturnType<typeof unstorageInstallations> =>
    unstorageInstallations(createStorage({ driver: fsDriver({ base: folder }) }));
  for (const { name, run } of installationStoreSuite(create)) test(name, run);

  test("another process finds what was saved, sealed too", async () => {
    const sealed = (): ReturnType<typeof encryptedInstallations> => encryptedInstallations(create(), "k".repeat(32));
    const one = { clientKey: "Ünïcödé/../😀", sharedSecret: "s".repeat(32) };
    await sealed().save(one);
    expect(await sealed().find(one.clientKey)).toEqual(one);
  });
});
