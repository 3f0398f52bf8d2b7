import { openBytes, sealBytes } from "../../crypto/aead.ts";
import { deriveAeadKey } from "../../crypto/derive.ts";
import { encode, tryDecode } from "../../encoding/base64url.ts";
import { decodeUtf8, encodeUtf8 } from "../../encoding/utf8.ts";
import { argumentError, InstallationError } from "../../errors.ts";
import type { Installation, InstallationStore } from "../../types.ts";
import { decodeRecord, encodeRecord } from "./record.ts";

/** Key material of {@link encryptedInstallations}: at least 32 bytes, text as UTF-8. */
export type EncryptionSecret = string | Uint8Array;

const MIN_SECRET = 32;
/** Names the form of what is sealed, and separates these keys from all others that a secret is used for. */
const PURPOSE = "jwt-qsh installation v1";
const MARK = "v1.";

/**
 * Seals the tenants with AES-256-GCM before another store gets them, so that a copy of that store tells no secret.
 *
 * The whole record is sealed, bound to its `clientKey`: nobody without the key can read it, change it, give it to
 * another tenant, or make a previous secret count again. Only `clientKey` and `installationId` stay readable, because
 * they are looked up by. The store itself may still withhold a record, or bring back an older one.
 *
 * @example
 * ```ts
 * import { encryptedInstallations, kvInstallations } from "jwt-qsh/stores";
 *
 * // openssl rand -base64 32 | wrangler secret put INSTALLATIONS_KEY
 * const installations = encryptedInstallations(kvInstallations(env.INSTALLATIONS), env.INSTALLATIONS_KEY);
 * ```
 *
 * @param store where the sealed records are kept
 * @param secret random, at least 32 bytes; or a list, the first of which seals while all of them open, to change it
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for a secret that must not be used
 * @throws {InstallationError} ERR_INSTALLATION_LOOKUP from the store, when a record was not sealed with any of the secrets
 * @throws {UnsupportedError} ERR_UNSUPPORTED_RUNTIME from the store, without `crypto.subtle`
 */
export function encryptedInstallations<Store extends InstallationStore>(
  store: Store,
  secret: EncryptionSecret | readonly EncryptionSecret[],
): Store extends Required<InstallationStore> ? Required<InstallationStore> : InstallationStore {
  const keys = readSecrets(secret).map(lazyKey);

  /** Opens what was found as the record of a tenant: of the one that was asked for, where one was. */
  async function open(sealed: Installation | undefined, clientKey = sealed?.clientKey): Promise<Installation | undefined> {
    if (sealed === undefined || clientKey === undefined) return undefined;
    const { sharedSecret } = sealed;
    const bytes = sharedSecret.startsWith(MARK) ? tryDecode(sharedSecret.slice(MARK.length)) : undefined;
    for (const key of bytes === undefined ? [] : keys) {
      const opened = await openBytes(await key(), bytes as Uint8Array, encodeUtf8(clientKey));
      if (opened !== undefined) return decodeRecord(decodeUtf8(opened), clientKey);
    }
    throw new InstallationError("ERR_INSTALLATION_LOOKUP", "stored installation cannot be opened", {
      hint: "it was sealed with another secret, for another tenant, or not at all; while a secret is changed, pass both",
    });
  }

  const encrypted: InstallationStore = {
    find: async (clientKey) => open(await store.find(clientKey), clientKey),
    async save(installation) {
      const { clientKey, installationId } = installation;
      const key = await (keys[0] as () => Promise<CryptoKey>)();
      const sealed = await sealBytes(key, encodeUtf8(encodeRecord(installation)), encodeUtf8(clientKey));
      await store.save({
        clientKey,
        sharedSecret: MARK + encode(sealed),
        ...(installationId === undefined ? {} : { installationId }),
      });
    },
    remove: (clientKey) => store.remove(clientKey),
  };
  if (store.findByForgeInstallation !== undefined) {
    encrypted.findByForgeInstallation = async (installationId) => {
      const found = await open(await store.findByForgeInstallation?.(installationId));
      // The readable copy found it; the sealed one decides.
      return found?.installationId === installationId ? found : undefined;
    };
  }
  return encrypted as ReturnType<typeof encryptedInstallations<Store>>;
}

function readSecrets(secret: unknown): Uint8Array[] {
  const list: unknown[] = Array.isArray(secret) ? secret : [secret];
  if (list.length === 0) throw argumentError('"secret"', "must not be an empty list");
  return list.map((one) => {
    const bytes = typeof one === "string" ? encodeUtf8(one) : one;
    if (!ArrayBuffer.isView(bytes)) throw argumentError('"secret"', "must be a string or bytes", "ERR_INVALID_ARG_TYPE");
    if (bytes.byteLength < MIN_SECRET) throw argumentError('"secret"', `must be at least ${MIN_SECRET} bytes`);
    // A copy: what the caller does to its bytes later does not count.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice();
  });
}

/** Derives on first use. The key is kept and not its promise, which may never settle for another request on Workers. */
function lazyKey(secret: Uint8Array): () => Promise<CryptoKey> {
  let key: CryptoKey | undefined;
  return async () => (key ??= await deriveAeadKey(secret, { info: PURPOSE }));
}
