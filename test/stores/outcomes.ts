/** What the store suite found, as plain data: it runs where there is no test runner too. */
import { installationStoreSuite } from "../../src/testing/installation-store-suite.ts";
import type { Awaitable, InstallationStore } from "../../src/types.ts";

/** By the case's name: `"passed"`, or what went wrong. */
export type Outcomes = Readonly<Record<string, string>>;

type CreateStore = () => Awaitable<Required<InstallationStore>>;

/** Runs the suite against one kind of store, and what this library's own stores promise besides. */
export async function outcomesOf(createStore: CreateStore): Promise<Outcomes> {
  const outcomes: Record<string, string> = {};
  for (const { name, run } of casesOf(createStore)) {
    try {
      await run();
      outcomes[name] = "passed";
    } catch (error) {
      outcomes[name] = String(error);
    }
  }
  return outcomes;
}

/** What a good store's outcomes are. */
export const allPassed: Outcomes = Object.fromEntries(
  casesOf(() => {
    throw new Error("not to be run");
  }).map(({ name }) => [name, "passed"]),
);

function casesOf(createStore: CreateStore): { name: string; run: () => Promise<void> }[] {
  const name = "finds the tenant that was saved last by a Forge installation that two have";
  return [...installationStoreSuite(createStore), { name, run: async () => lastOfTwo(await createStore()) }];
}

async function lastOfTwo(store: Required<InstallationStore>): Promise<void> {
  const installationId = "ari:of-two";
  const [one, two] = ["two-one", "two-two"].map((clientKey) => ({
    clientKey,
    sharedSecret: "s".repeat(32),
    installationId,
  }));
  if (one === undefined || two === undefined) throw new Error("two tenants are needed");
  const expectFound = async (expected: string): Promise<void> => {
    const found = await store.findByForgeInstallation(installationId);
    if (found?.clientKey !== expected) throw new Error(`expected ${expected}, got ${found?.clientKey}`);
  };
  await store.save(one);
  await store.save(two);
  await expectFound(two.clientKey);
  await store.save(one);
  await expectFound(one.clientKey);
  await store.remove(two.clientKey);
  await expectFound(one.clientKey);
  await store.remove(one.clientKey);
}
