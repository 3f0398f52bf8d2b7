import { InstallationError } from "../../errors.ts";
import type { Installation, InstallationStore } from "../../types.ts";
import { recordName } from "./record-name.ts";
import { decodeRecord, encodeRecord, own, parseKept } from "./record.ts";

interface DenoKvEntry {
  readonly value: unknown;
  readonly versionstamp: string | null;
}
interface DenoKvAtomic {
  check(condition: { key: readonly string[]; versionstamp: string | null }): DenoKvAtomic;
  set(key: readonly string[], value: unknown): DenoKvAtomic;
  delete(key: readonly string[]): DenoKvAtomic;
  commit(): Promise<{ readonly ok: boolean }>;
}

/** The part of a `Deno.Kv` that is used. */
export interface DenoKvLike {
  get(key: readonly string[]): Promise<DenoKvEntry>;
  atomic(): DenoKvAtomic;
}

/** How often a change is tried while others change the same tenant. */
const ATTEMPTS = 20;

/**
 * Keeps the tenants in Deno KV. A tenant and its Forge installation change in one atomic step.
 *
 * @example
 * ```ts
 * import { denoKvInstallations } from "jwt-qsh/stores";
 *
 * const installations = denoKvInstallations(await Deno.openKv());
 * ```
 *
 * @see https://docs.deno.com/deploy/kv/manual/
 */
export function denoKvInstallations(kv: DenoKvLike): Required<InstallationStore> {
  const tenant = (clientKey: string): string[] => ["jwt-qsh", "installation", recordName(clientKey)];
  const pointer = (installationId: string): string[] => ["jwt-qsh", "forge-installation", recordName(installationId)];

  async function find(clientKey: string): Promise<Installation | undefined> {
    return decodeRecord((await kv.get(tenant(clientKey))).value, clientKey);
  }

  /** Replaces a tenant's record and its pointer; both must still be what they were when they were read. */
  async function replace(clientKey: string, next: Installation | undefined): Promise<void> {
    const key = tenant(clientKey);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { value, versionstamp } = await kv.get(key);
      const change = kv.atomic().check({ key, versionstamp });
      if (next === undefined) change.delete(key);
      else change.set(key, encodeRecord(next));
      const before = own(parseKept(value), "installationId");
      if (typeof before === "string" && before !== next?.installationId) {
        const entry = await kv.get(pointer(before));
        // Another tenant may have taken it over.
        if (entry.value === clientKey) {
          change.check({ key: pointer(before), versionstamp: entry.versionstamp }).delete(pointer(before));
        }
      }
      if (next?.installationId !== undefined) change.set(pointer(next.installationId), clientKey);
      if ((await change.commit()).ok) return;
    }
    throw new InstallationError("ERR_INSTALLATION_LOOKUP", "installation could not be changed: others change it all the time");
  }

  return {
    find,
    save: (installation) => replace(installation.clientKey, installation),
    remove: (clientKey) => replace(clientKey, undefined),
    async findByForgeInstallation(installationId) {
      const { value } = await kv.get(pointer(installationId));
      const found = typeof value === "string" ? await find(value) : undefined;
      return found?.installationId === installationId ? found : undefined;
    },
  };
}
