import type { Awaitable, Installation, InstallationStore } from "../types.ts";

/** One thing that every store must do. `run` rejects with an `Error` that says what it did instead. */
export interface StoreCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

const ODD_KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "a/b/../c",
  "per%2Fcent & question? hash#",
  " leading and trailing ",
  "tenant:with:colons",
  "Ünïcödé-✓-😀",
  "e\u0301 is not \u00e9",
  "\u00e9 is not e\u0301",
  "MiXeD",
  "mixed",
  "'; DROP TABLE installations; --",
];

/**
 * What any `InstallationStore` must do, as named cases for whatever test runner there is.
 *
 * Each case asks for a store of its own; one that keeps state between cases is fine, for every case has its own
 * tenants.
 *
 * @example
 * ```ts
 * import { memoryInstallations } from "jwt-qsh/connect";
 * import { installationStoreSuite } from "jwt-qsh/testing";
 *
 * for (const { name, run } of installationStoreSuite(() => memoryInstallations())) {
 *   await run();
 *   console.log("ok", name);
 * }
 * ```
 *
 * @param createStore makes the store under test, empty or not
 */
export function installationStoreSuite(createStore: () => Awaitable<InstallationStore>): StoreCase[] {
  const suite = [...coreCases(), ...indexCases()];
  return suite.map(({ name, check }) => ({ name, run: async () => check(await createStore()) }));
}

interface Check {
  readonly name: string;
  check(store: InstallationStore): Promise<void>;
}

function coreCases(): Check[] {
  return [
    {
      name: "finds what was saved, with every field",
      async check(store) {
        const one = full("suite-every-field");
        await store.save(one);
        same(await store.find(one.clientKey), one, "find after save");
      },
    },
    {
      name: "adds no field to a small installation",
      async check(store) {
        const one = small("suite-small");
        await store.save(one);
        same(await store.find(one.clientKey), one, "find after save");
      },
    },
    {
      name: "answers undefined for an unknown tenant",
      async check(store) {
        same(await store.find("suite-unknown"), undefined, "find of an unknown tenant");
        for (const key of ["__proto__", "constructor", "toString", ""]) {
          same(await store.find(`suite-nobody-${key}`), undefined, `find of ${key}`);
        }
      },
    },
    {
      name: "does not mistake a built-in member for a tenant",
      async check(store) {
        for (const key of ["__proto__", "constructor", "hasOwnProperty"]) {
          await store.remove(key);
          same(await store.find(key), undefined, `find of ${key}`);
        }
      },
    },
    {
      name: "replaces the whole installation when it is saved again",
      async check(store) {
        await store.save(full("suite-replace"));
        const next = small("suite-replace");
        await store.save(next);
        same(await store.find("suite-replace"), next, "find after the second save");
      },
    },
    {
      name: "keeps the previous secrets in order",
      async check(store) {
        const one = {
          ...small("suite-previous"),
          previousSecrets: [
            { sharedSecret: "older-".repeat(8), validUntil: 1_800_000_300 },
            { sharedSecret: "oldest ✓ ".repeat(8), validUntil: 1_800_000_100.5 },
          ],
        };
        await store.save(one);
        same(await store.find(one.clientKey), one, "find after save");
      },
    },
    {
      name: "forgets a tenant, and forgetting twice is no error",
      async check(store) {
        await store.save(full("suite-remove"));
        await store.remove("suite-remove");
        same(await store.find("suite-remove"), undefined, "find after remove");
        await store.remove("suite-remove");
        await store.save(small("suite-remove"));
        same(await store.find("suite-remove"), small("suite-remove"), "find after saving again");
      },
    },
    {
      name: "keeps tenants with odd keys apart",
      async check(store) {
        for (const key of ODD_KEYS)
          await store.save({ ...small(key), baseUrl: `https://${ODD_KEYS.indexOf(key)}.example` });
        for (const key of ODD_KEYS) {
          const expected = { ...small(key), baseUrl: `https://${ODD_KEYS.indexOf(key)}.example` };
          same(await store.find(key), expected, `find of ${JSON.stringify(key)}`);
        }
        for (const key of ODD_KEYS) await store.remove(key);
        for (const key of ODD_KEYS)
          same(await store.find(key), undefined, `find of ${JSON.stringify(key)} after remove`);
      },
    },
    {
      name: "removes one tenant and leaves the others",
      async check(store) {
        await store.save(full("suite-neighbour"));
        await store.save(full("suite-neighbour-2"));
        await store.remove("suite-neighbour");
        same(await store.find("suite-neighbour-2"), full("suite-neighbour-2"), "find of the neighbour");
        await store.remove("suite-neighbour-2");
      },
    },
    {
      name: "survives many saves at once",
      async check(store) {
        const keys = Array.from({ length: 25 }, (_, i) => `suite-concurrent-${i}`);
        await Promise.all(keys.map(async (key) => store.save(full(key))));
        const found = await Promise.all(keys.map(async (key) => store.find(key)));
        found.forEach((one, i) => same(one, full(keys[i] ?? ""), `find of ${keys[i] ?? ""}`));
        await Promise.all(keys.map(async (key) => store.remove(key)));
      },
    },
    {
      name: "keeps one of two saves of one tenant whole",
      async check(store) {
        const [a, b] = [full("suite-race"), { ...small("suite-race"), baseUrl: "https://b.example" }];
        await Promise.all([store.save(a), store.save(b)]);
        const found = await store.find("suite-race");
        if (!equal(found, a) && !equal(found, b)) fail("find after two saves at once", found, b);
      },
    },
    {
      name: "hands out and takes in copies, not the stored object",
      async check(store) {
        const saved = full("suite-alias");
        await store.save(saved);
        saved.sharedSecret = "changed by the caller after the save";
        saved.previousSecrets?.splice(0);
        const found = await store.find("suite-alias");
        same(found, full("suite-alias"), "find after the caller changed what was saved");
        if (found !== undefined) found.sharedSecret = "changed by a reader";
        found?.previousSecrets?.push({ sharedSecret: "added by a reader", validUntil: 1 });
        same(await store.find("suite-alias"), full("suite-alias"), "find after a reader changed what was found");
      },
    },
  ];
}

/** Only for stores that offer the second index. */
function indexCases(): Check[] {
  return [
    {
      name: "finds a tenant by its Forge installation, if it offers that",
      async check(store) {
        if (store.findByForgeInstallation === undefined) return;
        const one = { ...full("suite-forge"), installationId: ari("suite-forge") };
        await store.save(one);
        same(await store.findByForgeInstallation(ari("suite-forge")), one, "findByForgeInstallation");
        same(await store.findByForgeInstallation(ari("suite-nobody")), undefined, "findByForgeInstallation of nobody");
        await store.remove("suite-forge");
        same(
          await store.findByForgeInstallation(ari("suite-forge")),
          undefined,
          "findByForgeInstallation after remove",
        );
      },
    },
    {
      name: "follows a tenant to another Forge installation, if it offers that",
      async check(store) {
        if (store.findByForgeInstallation === undefined) return;
        const one = { ...full("suite-moved"), installationId: ari("suite-before") };
        await store.save(one);
        const moved = { ...one, installationId: ari("suite-after") };
        await store.save(moved);
        same(await store.findByForgeInstallation(ari("suite-after")), moved, "findByForgeInstallation of the new id");
        same(
          await store.findByForgeInstallation(ari("suite-before")),
          undefined,
          "findByForgeInstallation of the old id",
        );
        await store.remove("suite-moved");
      },
    },
  ];
}

function ari(name: string): string {
  return `ari:cloud:ecosystem::installation/${name}`;
}

function small(clientKey: string): Installation {
  return { clientKey, sharedSecret: `secret of ${clientKey} `.repeat(4) };
}

function full(clientKey: string): Installation {
  return {
    ...small(clientKey),
    previousSecrets: [{ sharedSecret: `earlier secret of ${clientKey}`.repeat(2), validUntil: 1_800_000_300 }],
    baseUrl: "https://example.atlassian.net/wiki",
    oauthClientId: "eyJob3N0S2V5Ijoi",
    installationId: ari(clientKey),
    productType: "confluence",
    enabled: false,
  };
}

function same(actual: unknown, expected: unknown, what: string): void {
  if (!equal(actual, expected)) fail(what, actual, expected);
}

function fail(what: string, actual: unknown, expected: unknown): never {
  throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

/** Deep equality of plain data; a member that is `undefined` equals one that is not there. */
function equal(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  const names = new Set([...left.keys(), ...right.keys()]);
  return Array.isArray(a) === Array.isArray(b) && [...names].every((name) => equal(left.get(name), right.get(name)));
}
