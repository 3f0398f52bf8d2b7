import type { Installation, InstallationStore } from "../types.ts";

/** An {@link InstallationStore} in memory, which answers at once. */
export interface MemoryInstallations extends InstallationStore {
  find(clientKey: string): Installation | undefined;
  save(installation: Installation): void;
  remove(clientKey: string): void;
  findByForgeInstallation(installationId: string): Installation | undefined;
}

/**
 * Keeps the tenants in memory: for tests, for development, and for an app that has one tenant and its secret at hand.
 *
 * What is saved and what is found are copies. All is gone with the process, and products send a secret only once per
 * install: use a store that lasts for anything else.
 *
 * @example
 * ```ts
 * import { memoryInstallations } from "jwt-qsh/connect";
 *
 * const installations = memoryInstallations([{ clientKey: "tenant-1", sharedSecret }]);
 * ```
 *
 * @param initial the tenants that are there from the start
 */
export function memoryInstallations(initial: Iterable<Installation> = []): MemoryInstallations {
  const byClientKey = new Map<string, Installation>();
  const store: MemoryInstallations = {
    find: (clientKey) => copy(byClientKey.get(clientKey)),
    save(installation) {
      byClientKey.delete(installation.clientKey);
      byClientKey.set(installation.clientKey, copy(installation));
    },
    remove(clientKey) {
      byClientKey.delete(clientKey);
    },
    findByForgeInstallation(installationId) {
      // The one that was saved last: a moved site may have left an older record behind.
      const all = [...byClientKey.values()].reverse();
      return copy(all.find((one) => one.installationId === installationId));
    },
  };
  for (const installation of initial) store.save(installation);
  return Object.freeze(store);
}

function copy<Found extends Installation | undefined>(installation: Found): Found {
  if (installation === undefined) return installation;
  const previousSecrets = installation.previousSecrets?.map(({ sharedSecret, validUntil }) => ({ sharedSecret, validUntil }));
  return { ...installation, ...(previousSecrets && { previousSecrets }) };
}
