/**
 * Installations in anything that keeps text under a name.
 */
import type { Awaitable, Installation, InstallationStore } from "../../types.ts";
import { recordName } from "./record-name.ts";
import { decodeRecord, encodeRecord, own, parseKept } from "./record.ts";

/** What keeps the text. It may answer with what the text says, as JSON, instead. */
export interface TextMedium {
  get(name: string): Awaitable<unknown>;
  put(name: string, text: string): Awaitable<unknown>;
  delete(name: string): Awaitable<unknown>;
}

/**
 * A record for each tenant, and one for each Forge installation that names the tenant.
 *
 * The second kind is a pointer and no proof: it counts only while the tenant's record agrees. So the two may be seen in
 * any order, late, or not at all, and no one is ever taken for someone else.
 */
export function textInstallations(medium: TextMedium): Required<InstallationStore> {
  const tenant = (clientKey: string): string => `installation:${recordName(clientKey)}`;
  const pointer = (installationId: string): string => `forge-installation:${recordName(installationId)}`;

  async function find(clientKey: string): Promise<Installation | undefined> {
    return decodeRecord(await medium.get(tenant(clientKey)), clientKey);
  }

  async function tenantAt(installationId: string): Promise<string | undefined> {
    const clientKey = own(parseKept(await medium.get(pointer(installationId))), "clientKey");
    return typeof clientKey === "string" ? clientKey : undefined;
  }

  /** Takes away the pointer of what was kept before, unless it points to another tenant by now. */
  async function forgetPointer(clientKey: string, kept: unknown, next?: string): Promise<void> {
    const installationId = own(parseKept(kept), "installationId");
    if (typeof installationId !== "string" || installationId === next) return;
    if ((await tenantAt(installationId)) === clientKey) await medium.delete(pointer(installationId));
  }

  return {
    find,
    async save(installation) {
      const { clientKey, installationId } = installation;
      const before = await medium.get(tenant(clientKey));
      await medium.put(tenant(clientKey), encodeRecord(installation));
      if (installationId !== undefined) await medium.put(pointer(installationId), JSON.stringify({ clientKey }));
      await forgetPointer(clientKey, before, installationId);
    },
    async remove(clientKey) {
      const before = await medium.get(tenant(clientKey));
      await medium.delete(tenant(clientKey));
      await forgetPointer(clientKey, before);
    },
    async findByForgeInstallation(installationId) {
      const clientKey = await tenantAt(installationId);
      const found = clientKey === undefined ? undefined : await find(clientKey);
      return found?.installationId === installationId ? found : undefined;
    },
  };
}
