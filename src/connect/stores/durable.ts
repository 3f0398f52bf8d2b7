import { InstallationError } from "../../errors.ts";
import type { Installation, InstallationStore, WebRequest, WebResponse } from "../../types.ts";
import type { StoreCall } from "./installations-object.ts";

/** The part of a Durable Object namespace that is used. */
export interface DurableNamespaceLike<Id = unknown> {
  idFromName(name: string): Id;
  get(id: Id): { fetch(request: WebRequest): Promise<WebResponse> };
}

/** The one object that holds all tenants, and where it listens: no host is behind it, but a stub takes a whole URL. */
const NAME = "installations";
const PLACE = "https://installations.invalid/";

/**
 * Keeps the tenants in one Durable Object, where an install counts everywhere at once.
 *
 * The namespace's class is {@link InstallationsObject}, which the Worker exports. One object answers some hundred
 * look-ups a second, from one place: put `cachedInstallations` before it, with a `ttl` of some seconds.
 *
 * @example
 * ```ts
 * import { durableInstallations } from "jwt-qsh/stores";
 *
 * export { InstallationsObject } from "jwt-qsh/stores";
 *
 * const installations = durableInstallations(env.INSTALLATIONS);
 * ```
 *
 * @see https://developers.cloudflare.com/durable-objects/
 */
export function durableInstallations<Id>(namespace: DurableNamespaceLike<Id>): Required<InstallationStore> {
  async function ask(...call: StoreCall): Promise<Installation | undefined> {
    // A stub for each call: one that has seen its object fail is broken for good.
    const stub = namespace.get(namespace.idFromName(NAME));
    const response = await stub.fetch(new Request(PLACE, { method: "POST", body: JSON.stringify(call) }));
    const body = await response.text();
    if (response.status !== 200) {
      throw new InstallationError("ERR_INSTALLATION_LOOKUP", "installations object could not be asked");
    }
    return (JSON.parse(body) as Installation | null) ?? undefined;
  }
  return {
    find: (clientKey) => ask("find", clientKey),
    async save(installation) {
      await ask("save", installation);
    },
    async remove(clientKey) {
      await ask("remove", clientKey);
    },
    findByForgeInstallation: (installationId) => ask("findByForgeInstallation", installationId),
  };
}
