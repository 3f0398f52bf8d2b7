/** What Deno KV itself does not bring about on demand: conflicts, and records that disagree. */
import { describe, expect, test } from "vitest";
import { denoKvInstallations } from "../../../../src/connect/stores/deno-kv.ts";
import type { DenoKvLike } from "../../../../src/connect/stores/deno-kv.ts";
import { rejection } from "../../../support/failure.ts";

const one = { clientKey: "one", sharedSecret: "s".repeat(32), installationId: "ari-1" };
const two = { ...one, clientKey: "two" };

/** Deno KV in a map; `between` runs before each commit. */
function fakeKv(between: () => void = () => undefined) {
  const entries = new Map<string, { value: unknown; versionstamp: string }>();
  let version = 0;
  const nameOf = (key: readonly string[]): string => key.join(" ");
  const write = (key: readonly string[], value: unknown): void => {
    entries.set(nameOf(key), { value, versionstamp: String(++version) });
  };
  const kv: DenoKvLike = {
    get: async (key) => entries.get(nameOf(key)) ?? { value: null, versionstamp: null },
    atomic() {
      const checks: (() => boolean)[] = [];
      const writes: (() => void)[] = [];
      return {
        check({ key, versionstamp }) {
          checks.push(() => (entries.get(nameOf(key))?.versionstamp ?? null) === versionstamp);
          return this;
        },
        set(key, value) {
          writes.push(() => write(key, value));
          return this;
        },
        delete(key) {
          writes.push(() => void entries.delete(nameOf(key)));
          return this;
        },
        async commit() {
          between();
          const ok = checks.every((check) => check());
          if (ok) for (const change of writes) change();
          return { ok };
        },
      };
    },
  };
  return { kv, entries, write };
}

describe("denoKvInstallations", () => {
  test("nothing is left when the tenant is gone, or has moved", async () => {
    const { kv, entries } = fakeKv();
    const store = denoKvInstallations(kv);
    await store.save(one);
    await store.save({ ...one, installationId: "ari-2" });
    expect([...entries.keys()]).toEqual(["jwt-qsh installation one", "jwt-qsh forge-installation ari-2"]);
    await store.remove("one");
    expect([...entries.keys()]).toEqual([]);
  });

  test("a pointer that another tenant has taken over stays", async () => {
    const store = denoKvInstallations(fakeKv().kv);
    await store.save(one);
    await store.save(two);
    await store.remove("one");
    expect(await store.findByForgeInstallation("ari-1")).toEqual(two);
  });

  test("a pointer counts only while the tenant's record agrees", async () => {
    const { kv, write } = fakeKv();
    const store = denoKvInstallations(kv);
    await store.save(one);
    write(["jwt-qsh", "forge-installation", "ari-9"], "one");
    expect(await store.findByForgeInstallation("ari-9")).toBeUndefined();
    write(["jwt-qsh", "forge-installation", "ari-8"], "nobody");
    expect(await store.findByForgeInstallation("ari-8")).toBeUndefined();
    expect(await store.findByForgeInstallation("ari-7")).toBeUndefined();
  });

  test("a pointer that is no name is none", async () => {
    const { kv, write } = fakeKv();
    write(["jwt-qsh", "forge-installation", "ari-1"], 1);
    expect(await denoKvInstallations(kv).findByForgeInstallation("ari-1")).toBeUndefined();
  });

  test("a change that crosses another one is made again, upon what the other left", async () => {
    let other: (() => void) | undefined;
    const { kv, entries, write } = fakeKv(() => {
      other?.();
      other = undefined;
    });
    const store = denoKvInstallations(kv);
    await store.save({ ...one, installationId: "ari-0" });
    other = () => {
      write(["jwt-qsh", "installation", "one"], JSON.stringify({ ...one, installationId: "ari-5" }));
      write(["jwt-qsh", "forge-installation", "ari-5"], "one");
      entries.delete("jwt-qsh forge-installation ari-0");
    };
    await store.save(one);
    expect([...entries.keys()].sort()).toEqual(["jwt-qsh forge-installation ari-1", "jwt-qsh installation one"]);
  });

  test("a change that always crosses another one is given up", async () => {
    const { kv, write } = fakeKv(() => write(["jwt-qsh", "installation", "one"], JSON.stringify(one)));
    expect(await rejection(Promise.resolve(denoKvInstallations(kv).remove("one")))).toEqual({
      name: "InstallationError",
      code: "ERR_INSTALLATION_LOOKUP",
      message: "installation could not be changed: others change it all the time",
    });
  });
});
