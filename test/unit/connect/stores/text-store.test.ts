import { describe, expect, test } from "vitest";
import { textInstallations } from "../../../../src/connect/stores/text-store.ts";
import { rejection } from "../../../support/failure.ts";

const SECRET = "s".repeat(32);

/** Text under names, in a map that the test may look into. */
function medium(): { kept: Map<string, unknown>; store: ReturnType<typeof textInstallations> } {
  const kept = new Map<string, unknown>();
  const store = textInstallations({
    get: (name) => kept.get(name) ?? null,
    put: (name, text) => kept.set(name, text),
    delete: (name) => kept.delete(name),
  });
  return { kept, store };
}

const UNUSABLE = {
  name: "InstallationError",
  code: "ERR_INSTALLATION_LOOKUP",
  message: "stored installation is not that of the tenant",
};

describe("a record that is not what was saved", () => {
  test.each([
    ["text that is no JSON", `{"clientKey":"tenant","sharedSecret":"${SECRET}`],
    ["another tenant's", JSON.stringify({ clientKey: "other", sharedSecret: SECRET })],
    ["one without a secret", JSON.stringify({ clientKey: "tenant" })],
    ["one whose secret is no text", JSON.stringify({ clientKey: "tenant", sharedSecret: 1 })],
    ["no object", "1"],
    ["one whose members are inherited", Object.create({ clientKey: "tenant", sharedSecret: SECRET })],
  ])("%s", async (_what, record) => {
    const { kept, store } = medium();
    kept.set("installation:tenant", record);
    expect(await rejection(Promise.resolve(store.find("tenant")))).toEqual(UNUSABLE);
    // It can be replaced and removed all the same.
    await store.save({ clientKey: "tenant", sharedSecret: SECRET });
    expect(await store.find("tenant")).toEqual({ clientKey: "tenant", sharedSecret: SECRET });
  });

  test("a medium that reads JSON itself is understood", async () => {
    const { kept, store } = medium();
    const one = { clientKey: "tenant", sharedSecret: SECRET, installationId: "ari:1" };
    kept.set("installation:tenant", one).set("forge-installation:ari_3a1", { clientKey: "tenant" });
    expect(await store.findByForgeInstallation("ari:1")).toEqual(one);
  });
});

describe("the pointer of a Forge installation", () => {
  const one = { clientKey: "one", sharedSecret: SECRET, installationId: "ari:1" };
  const two = { clientKey: "two", sharedSecret: SECRET, installationId: "ari:1" };

  test("counts only while the tenant's record agrees", async () => {
    const { kept, store } = medium();
    await store.save(one);
    kept.set("forge-installation:ari_3a2", JSON.stringify({ clientKey: "one" }));
    expect(await store.findByForgeInstallation("ari:2")).toBeUndefined();
    kept.delete("installation:one");
    expect(await store.findByForgeInstallation("ari:1")).toBeUndefined();
  });

  test.each(["{", "1", "{}", '{"clientKey":1}'])("%s is none", async (text) => {
    const { kept, store } = medium();
    await store.save(one);
    kept.set("forge-installation:ari_3a1", text);
    expect(await store.findByForgeInstallation("ari:1")).toBeUndefined();
  });

  test("is that of the tenant that was saved last, and outlives the other", async () => {
    const { store } = medium();
    await store.save(one);
    await store.save(two);
    expect(await store.findByForgeInstallation("ari:1")).toEqual(two);
    await store.remove("one");
    expect(await store.findByForgeInstallation("ari:1")).toEqual(two);
  });

  test("outlives another save of the same", async () => {
    const { store } = medium();
    await store.save(one);
    await store.save({ ...one, sharedSecret: "t".repeat(32) });
    expect(await store.findByForgeInstallation("ari:1")).toEqual({ ...one, sharedSecret: "t".repeat(32) });
  });

  test("nothing is left when the tenant is gone, or has moved", async () => {
    const { kept, store } = medium();
    await store.save(one);
    await store.save({ ...one, installationId: "ari:3" });
    expect([...kept.keys()]).toEqual(["installation:one", "forge-installation:ari_3a3"]);
    await store.remove("one");
    expect([...kept.keys()]).toEqual([]);
  });
});
