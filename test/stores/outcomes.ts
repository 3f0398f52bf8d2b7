/** What the store suite found, as plain data: it runs where there is no test runner too. */
import { installationStoreSuite } from "../../src/testing/installation-store-suite.ts";
import type { Awaitable, InstallationStore } from "../../src/types.ts";

/** By the case's name: `"passed"`, or what went wrong. */
export type Outcomes = Readonly<Record<string, string>>;

/** Runs the suite against one kind of store. */
export async function outcomesOf(createStore: () => Awaitable<InstallationStore>): Promise<Outcomes> {
  const outcomes: Record<string, string> = {};
  for (const { name, run } of installationStoreSuite(createStore)) {
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
  installationStoreSuite(() => {
    throw new Error("not to be run");
  }).map(({ name }) => [name, "passed"]),
);
