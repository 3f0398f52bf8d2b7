/**
 * What is kept of lifecycle events. Loaded with the first one.
 */
import { within } from "../http.ts";
import type { Awaitable, Installation, InstallationStore } from "../types.ts";
import type { InstalledPayload, LifecyclePayload } from "./claims.ts";
import type { LifecycleIdentity } from "./identity.ts";
import { lookUpFailed, readInstallation } from "./tenants.ts";
import { inTurn } from "./turns.ts";
import type { Turns } from "./turns.ts";

/** Previous secrets that are kept. */
const MAX_PREVIOUS = 3;

/** What {@link keep} needs; checked by the door. */
export interface Keeper {
  readonly installations: InstallationStore;
  /** Seconds until the store must have answered. */
  readonly timeout: number;
  readonly rotationWindow: number;
  readonly now: () => number;
  readonly turns: Turns;
}

/**
 * Keeps one event. A record is read, changed and written back, so that two events of one tenant at once would lose one:
 * a new secret, say, to an `enabled` that began before it came.
 */
export function keep({ event, clientKey, payload }: LifecycleIdentity, keeper: Keeper): Promise<void> {
  const { installations, timeout, rotationWindow, now, turns } = keeper;

  /** Asks the store, which may reject, hang, or throw what nobody should read. */
  async function ask<T>(task: () => Awaitable<T>): Promise<T> {
    try {
      return await within(task(), timeout);
    } catch (error) {
      throw lookUpFailed(error);
    }
  }

  return inTurn(turns, clientKey, 2 * timeout + 1, async () => {
    if (event === "uninstalled") return ask(() => installations.remove(clientKey));
    const known = readInstallation(clientKey, await ask(() => installations.find(clientKey)));
    const next =
      event === "installed"
        ? installed(known, payload as InstalledPayload, now(), rotationWindow)
        : known && { ...known, enabled: event === "enabled" };
    if (next !== undefined) await ask(() => installations.save(next));
  });
}

/**
 * The record after an install: what the product says now, over what it said before, and the former secrets that are
 * still good.
 */
export function installed(
  known: Installation | undefined,
  payload: InstalledPayload,
  now: number,
  rotationWindow: number,
): Installation {
  const { clientKey, sharedSecret } = payload;
  const former = known === undefined ? [] : [{ sharedSecret: known.sharedSecret, validUntil: now + rotationWindow }];
  const previousSecrets = [...former, ...(known?.previousSecrets ?? [])]
    .filter((one) => one.sharedSecret !== sharedSecret && one.validUntil > now)
    .slice(0, MAX_PREVIOUS);
  const record: Installation = { ...known, clientKey, sharedSecret, ...facts(payload) };
  // A fresh install is enabled, and says so by silence.
  delete record.enabled;
  delete record.previousSecrets;
  return previousSecrets.length === 0 ? record : { ...record, previousSecrets };
}

/** What of a payload is worth keeping, where it is there. */
function facts(payload: LifecyclePayload): Partial<Installation> {
  const names = ["baseUrl", "oauthClientId", "installationId", "productType"] as const;
  return Object.fromEntries(names.filter((name) => typeof payload[name] === "string").map((name) => [name, payload[name]]));
}
