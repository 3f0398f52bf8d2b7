import { describe, expect, test } from "vitest";
import { installationStoreSuite } from "../../../src/testing/index.ts";
import type { Installation, InstallationStore } from "../../../src/types.ts";

function read(text: string | undefined): Installation | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Installation);
}

/** A store that does everything right. */
function goodStore(): InstallationStore {
  const map = new Map<string, string>();
  return {
    find: (key) => read(map.get(key)),
    save: (one) => void map.set(one.clientKey, JSON.stringify(one)),
    remove: (key) => void map.delete(key),
    findByForgeInstallation: (id) => [...map.values()].map(read).find((one) => one?.installationId === id),
  };
}

/** Stores that do one thing wrong each, and the case that must say so. */
const BAD: readonly (readonly [store: () => InstallationStore, failing: string])[] = [
  [
    function aliasing() {
      const map = new Map<string, Installation>();
      return {
        find: (key) => map.get(key),
        save: (one) => void map.set(one.clientKey, one),
        remove: (key) => void map.delete(key),
      };
    },
    "hands out and takes in copies, not the stored object",
  ],
  [
    function inherited() {
      const object: Record<string, string> = {};
      return {
        find: (key) => (key in object && !Object.hasOwn(object, key) ? small("constructor") : read(object[key])),
        save: (one) => void (object[one.clientKey] = JSON.stringify(one)),
        remove: (key) => void delete object[key],
      };
    },
    "does not mistake a built-in member for a tenant",
  ],
  [
    function merging() {
      const good = goodStore();
      return { ...good, save: async (one) => good.save({ ...(await good.find(one.clientKey)), ...one }) };
    },
    "replaces the whole installation when it is saved again",
  ],
  [
    function forgetful() {
      const good = goodStore();
      return { ...good, save: ({ clientKey, sharedSecret }) => good.save({ clientKey, sharedSecret }) };
    },
    "keeps the previous secrets in order",
  ],
  [
    function folding() {
      const good = goodStore();
      return {
        find: async (key) => {
          const found = await good.find(key.toLowerCase());
          return found === undefined ? undefined : { ...found, clientKey: key };
        },
        save: (one) => good.save({ ...one, clientKey: one.clientKey.toLowerCase() }),
        remove: (key) => good.remove(key.toLowerCase()),
      };
    },
    "keeps tenants with odd keys apart",
  ],
  [
    function staleIndex() {
      const index = new Map<string, string>();
      const good = goodStore();
      return {
        ...good,
        save: (one) => {
          index.set(one.installationId ?? "", one.clientKey);
          return good.save(one);
        },
        findByForgeInstallation: (id) => good.find(index.get(id) ?? ""),
      };
    },
    "follows a tenant to another Forge installation, if it offers that",
  ],
  [
    function eternal() {
      return { ...goodStore(), remove: () => undefined };
    },
    "forgets a tenant, and forgetting twice is no error",
  ],
];

function small(clientKey: string): Installation {
  return { clientKey, sharedSecret: "s" };
}

describe("a good store passes", () => {
  for (const { name, run } of installationStoreSuite(goodStore)) test(name, run);
});

describe("one store for the whole suite passes", () => {
  const store = goodStore();
  for (const { name, run } of installationStoreSuite(() => store)) test(name, run);
});

test.each(BAD.map(([store, failing]) => [store.name, failing, store] as const))(
  "a store that is %s fails",
  async (...bad) => {
    const [, failing, createStore] = bad;
    const failed: string[] = [];
    for (const { name, run } of installationStoreSuite(createStore)) await run().catch(() => failed.push(name));
    expect(failed).toContain(failing);
  },
);
