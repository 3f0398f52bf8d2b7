import { createDecipheriv, hkdfSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { memoryInstallations } from "../../../../src/connect/installations.ts";
import { encryptedInstallations } from "../../../../src/connect/stores/encrypted.ts";
import { installationStoreSuite } from "../../../../src/testing/installation-store-suite.ts";
import type { Installation } from "../../../../src/types.ts";
import { badType, badValue, errorOf, failure, rejection } from "../../../support/failure.ts";

const KEY = "a key of the tests, random elsewhere";
const one: Installation = {
  clientKey: "tenant-1",
  sharedSecret: "shared-secret-of-the-tenant-0123456789",
  previousSecrets: [{ sharedSecret: "earlier-secret-of-the-tenant-0123456789", validUntil: 1_800_000_000 }],
  baseUrl: "https://example.atlassian.net",
  installationId: "ari:1",
  enabled: false,
};
const CLOSED = {
  name: "InstallationError",
  code: "ERR_INSTALLATION_LOOKUP",
  message: "stored installation cannot be opened",
};

async function sealed(): Promise<{ inner: ReturnType<typeof memoryInstallations>; record: Installation }> {
  const inner = memoryInstallations();
  await encryptedInstallations(inner, KEY).save(one);
  return { inner, record: inner.find(one.clientKey) as Installation };
}

for (const { name, run } of installationStoreSuite(() => encryptedInstallations(memoryInstallations(), KEY))) test(name, run);

describe("what the store gets", () => {
  test("is the tenant's names and nothing else that can be read", async () => {
    const { record } = await sealed();
    expect(Object.keys(record).sort()).toEqual(["clientKey", "installationId", "sharedSecret"]);
    expect(record.clientKey).toBe("tenant-1");
    expect(record.sharedSecret).toMatch(/^v1\.[A-Za-z0-9_-]+$/);
    const bytes = Buffer.from(record.sharedSecret.slice(3), "base64url").toString("latin1");
    for (const word of [one.sharedSecret, "earlier-secret", "atlassian"]) expect(bytes).not.toContain(word);
  });

  test("is AES-256-GCM with the clientKey as associated data, as node:crypto reads it", async () => {
    const { record } = await sealed();
    const bytes = Buffer.from(record.sharedSecret.slice(3), "base64url");
    const key = new Uint8Array(hkdfSync("sha256", KEY, "", "jwt-qsh installation v1", 32));
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from("tenant-1")).setAuthTag(bytes.subarray(-16));
    const text = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString();
    expect(JSON.parse(text)).toEqual(one);
  });

  test("has no member for a Forge installation that there is none of", async () => {
    const inner = memoryInstallations();
    await encryptedInstallations(inner, KEY).save({ clientKey: "tenant-1", sharedSecret: one.sharedSecret });
    expect(Object.keys(inner.find("tenant-1") ?? {}).sort()).toEqual(["clientKey", "sharedSecret"]);
  });

  test("is never the same twice", async () => {
    expect((await sealed()).record.sharedSecret).not.toBe((await sealed()).record.sharedSecret);
  });
});

describe("what cannot be opened", () => {
  const flip = (text: string, at: number): string => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

  test.each<[string, (record: Installation) => Installation]>([
    ["given to another tenant", (record) => ({ ...record, clientKey: "tenant-2" })],
    ["not sealed at all", () => ({ ...one, clientKey: "tenant-2" })],
    ["an altered nonce", (record) => ({ ...record, clientKey: "tenant-1", sharedSecret: flip(record.sharedSecret, 3) })],
    ["an altered text", (record) => ({ ...record, sharedSecret: flip(record.sharedSecret, 60) })],
    ["cut short", (record) => ({ ...record, sharedSecret: record.sharedSecret.slice(0, -4) })],
    ["too short for a tag", (record) => ({ ...record, sharedSecret: "v1.AAAA" })],
    ["another form", (record) => ({ ...record, sharedSecret: record.sharedSecret.replace("v1.", "v2.") })],
    ["no base64url", (record) => ({ ...record, sharedSecret: "v1.*" })],
  ])("%s", async (_what, change) => {
    const { inner, record } = await sealed();
    const changed = change(record);
    inner.save(changed);
    expect(await rejection(Promise.resolve(encryptedInstallations(inner, KEY).find(changed.clientKey)))).toEqual(CLOSED);
  });

  test("another secret", async () => {
    const { inner } = await sealed();
    const store = encryptedInstallations(inner, "b".repeat(32));
    expect(await rejection(Promise.resolve(store.find("tenant-1")))).toEqual(CLOSED);
    expect(await rejection(Promise.resolve(store.findByForgeInstallation("ari:1")))).toEqual(CLOSED);
  });

  test("the error says how a secret is changed", async () => {
    const { inner } = await sealed();
    const error = await errorOf(Promise.resolve(encryptedInstallations(inner, "b".repeat(32)).find("tenant-1")));
    expect(error).toMatchObject({ hint: expect.stringContaining("while a secret is changed, pass both") });
  });

  test("members beside the sealed text count for nothing", async () => {
    const { inner, record } = await sealed();
    inner.save({ ...record, enabled: true, previousSecrets: [{ sharedSecret: "x".repeat(32), validUntil: 9e9 }] });
    expect(await encryptedInstallations(inner, KEY).find("tenant-1")).toEqual(one);
  });

  test("another tenant's record, untouched, under this one's name", async () => {
    const { record } = await sealed();
    const swapped = encryptedInstallations({ ...memoryInstallations(), find: () => record }, KEY);
    expect(await rejection(Promise.resolve(swapped.find("tenant-2")))).toEqual(CLOSED);
    expect(await swapped.find(one.clientKey)).toEqual(one);
  });

  test("the readable Forge installation counts for nothing by itself", async () => {
    const { inner, record } = await sealed();
    inner.save({ ...record, installationId: "ari:2" });
    expect(await encryptedInstallations(inner, KEY).findByForgeInstallation("ari:2")).toBeUndefined();
  });
});

test("the secret is changed by passing both for a while", async () => {
  const { inner } = await sealed();
  const next = "c".repeat(32);
  const both = encryptedInstallations(inner, [next, new TextEncoder().encode(KEY)]);
  await both.save((await both.find("tenant-1")) as Installation);
  expect(await encryptedInstallations(inner, next).find("tenant-1")).toEqual(one);
  expect(await rejection(Promise.resolve(encryptedInstallations(inner, KEY).find("tenant-1")))).toEqual(CLOSED);
});

test("a secret's bytes are copied", async () => {
  const inner = memoryInstallations();
  const bytes = new Uint8Array(32).fill(1);
  const store = encryptedInstallations(inner, bytes);
  bytes.fill(0);
  await store.save(one);
  expect(await encryptedInstallations(inner, new Uint8Array(32).fill(1)).find("tenant-1")).toEqual(one);
});

test("the look-up by Forge installation is there when the store has it", () => {
  const { find, save, remove } = memoryInstallations();
  expect(encryptedInstallations({ find, save, remove }, KEY)).not.toHaveProperty("findByForgeInstallation");
});

test.each([
  ["nothing", undefined, badType('"secret" must be a string or bytes')],
  ["a number", 42, badType('"secret" must be a string or bytes')],
  ["31 bytes", "k".repeat(31), badValue('"secret" must be at least 32 bytes')],
  ["an empty list", [], badValue('"secret" must not be an empty list')],
  ["a list with a short one", [KEY, "short"], badValue('"secret" must be at least 32 bytes')],
])("refused: %s", (_what, secret, expected) => {
  expect(failure(() => encryptedInstallations(memoryInstallations(), secret as never))).toEqual(expected);
});
