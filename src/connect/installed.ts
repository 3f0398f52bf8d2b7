/**
 * What is kept of an install. Loaded with the first one.
 */
import type { Installation } from "../types.ts";
import type { InstalledPayload, LifecyclePayload } from "./claims.ts";

/** Previous secrets that are kept. */
const MAX_PREVIOUS = 3;

/** The record after an install: what the product says now, and the former secrets that are still good. */
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
