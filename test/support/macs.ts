import { nativeCrypto } from "../../src/crypto/native.ts";
import { nobleMac } from "../../src/crypto/noble.ts";
import { importHmacKey, signBytes, verifyBytes } from "../../src/crypto/webcrypto.ts";

/** HMAC-SHA-256 below every policy: any key, any length. */
export type MacPrimitive = (key: Uint8Array, data: Uint8Array) => Promise<Uint8Array>;

/** The three that the engines stand on. */
export const macPrimitives: readonly (readonly [name: string, mac: MacPrimitive])[] = [
  ["webcrypto", async (key, data) => signBytes(crypto.subtle, await importHmacKey(crypto.subtle, key, "SHA-256"), data)],
  ["noble", (key, data) => Promise.resolve(nobleMac(key)(data))],
  [
    "native",
    (key, data) => {
      const native = nativeCrypto();
      if (native === undefined) throw new Error("native crypto cannot be reached");
      return Promise.resolve(native.createHmac("sha256", key).update(data).digest());
    },
  ],
];

/** Verifies by the platform's own comparison. */
export async function subtleVerifies(key: Uint8Array, data: Uint8Array, mac: Uint8Array): Promise<boolean> {
  return verifyBytes(crypto.subtle, await importHmacKey(crypto.subtle, key, "SHA-256"), data, mac);
}
