import type { Awaitable, InstallationStore } from "../../types.ts";
import { inTurn } from "../turns.ts";
import type { Turns } from "../turns.ts";
import { textInstallations } from "./text-store.ts";

/** The part of an unstorage `Storage` that is used. */
export interface UnstorageLike {
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: string): Promise<void>;
  removeItem(key: string): Promise<void>;
}

/** Seconds after which a change that does not end holds up the others no longer. */
const TAKE_OVER = 5;

/**
 * Keeps the tenants in an unstorage `Storage`, over any of its drivers: memory, files, Redis and many more.
 *
 * What consistency there is, is the driver's; changes that are made here are made one after the other. Keys begin with
 * `installation:` and `forge-installation:`; put `prefixStorage` of unstorage around a storage that others use too.
 *
 * @example
 * ```ts
 * import { unstorageInstallations } from "jwt-qsh/stores";
 *
 * const installations = unstorageInstallations(storage); // createStorage() of unstorage
 * ```
 *
 * @see https://unstorage.unjs.io
 */
export function unstorageInstallations(storage: UnstorageLike): Required<InstallationStore> {
  const store = textInstallations({
    get: (name) => storage.getItem(name),
    put: (name, text) => storage.setItem(name, text),
    delete: (name) => storage.removeItem(name),
  });
  const turns: Turns = new Map();
  // Two writes of the fs driver at once leave a file that is neither.
  const alone = (task: () => Awaitable<void>): Promise<void> => inTurn(turns, "", TAKE_OVER, async () => task());
  return {
    ...store,
    save: (installation) => alone(() => store.save(installation)),
    remove: (clientKey) => alone(() => store.remove(clientKey)),
  };
}
