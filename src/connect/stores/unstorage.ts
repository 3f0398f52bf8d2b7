import type { InstallationStore } from "../../types.ts";
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
  const inTurn = turns();
  return {
    ...store,
    // Two writes of the fs driver at once leave a file that is neither.
    save: (installation) => inTurn(async () => store.save(installation)),
    remove: (clientKey) => inTurn(async () => store.remove(clientKey)),
  };
}

/**
 * Lets one task run at a time. Whoever waits does so by a timer of its own: on Workers the promise of another request
 * may never settle.
 */
function turns(): (task: () => Promise<void>) => Promise<void> {
  const running = new Set<object>();
  return async (task) => {
    for (let waited = 0; running.size > 0 && waited < TAKE_OVER * 1000; ) {
      const delay = Math.min(1 + waited / 10, 50);
      await new Promise<void>((resolve) => void setTimeout(resolve, delay));
      waited += delay;
    }
    running.clear();
    running.add(task);
    try {
      await task();
    } finally {
      running.delete(task);
    }
  };
}
