import type { InstallationStore } from "../../types.ts";
import { textInstallations } from "./text-store.ts";

/** The part of a Cloudflare KV namespace that is used. */
export interface KvNamespaceLike {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/**
 * Keeps the tenants in Cloudflare KV.
 *
 * KV is eventually consistent: for up to a minute after an install, another place in the world may still see what was
 * there before. So a tenant that was just installed may be unknown there, and one that was installed again known by its
 * previous secret alone; the product's next call succeeds. The other way round nothing fails: a token that was signed
 * before the change is accepted for as long as `createLifecycleHandler` keeps the previous secret (`rotationWindow`).
 * Where an install must count everywhere at once, use `durableInstallations` or `sqlInstallations`.
 *
 * @example
 * ```ts
 * import { kvInstallations } from "jwt-qsh/stores";
 *
 * const installations = kvInstallations(env.INSTALLATIONS);
 * ```
 *
 * @see https://developers.cloudflare.com/kv/concepts/how-kv-works/
 */
export function kvInstallations(namespace: KvNamespaceLike): Required<InstallationStore> {
  return textInstallations(namespace);
}
