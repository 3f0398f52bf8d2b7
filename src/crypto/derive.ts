/**
 * HKDF with SHA-256 (RFC 5869): keys for other purposes out of one secret, none of which tells of the others.
 */
import { encodeUtf8 } from "../encoding/utf8.ts";
import { asBufferSource, requireSubtle } from "./webcrypto.ts";

/** What HKDF mixes in besides the secret (RFC 5869 sections 3.1 and 3.2). */
export interface DeriveOptions {
  /** What the derived key is for, with a version: two purposes never share a key. */
  info: string | Uint8Array;
  /** Random and public; none unless told, which suits a secret that is random itself. */
  salt?: Uint8Array;
}

/** Derives bytes. */
export async function deriveBytes(secret: Uint8Array, length: number, options: DeriveOptions): Promise<Uint8Array> {
  const subtle = requireSubtle();
  const base = await importSecret(subtle, secret);
  return new Uint8Array(await subtle.deriveBits(hkdf(options), base, length * 8));
}

/** Derives a key for {@link sealBytes} and {@link openBytes}, which no one can read out again. */
export async function deriveAeadKey(secret: Uint8Array, options: DeriveOptions): Promise<CryptoKey> {
  const subtle = requireSubtle();
  const base = await importSecret(subtle, secret);
  return subtle.deriveKey(hkdf(options), base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function hkdf({ info, salt = new Uint8Array() }: DeriveOptions): HkdfParams {
  const label = typeof info === "string" ? encodeUtf8(info) : info;
  return { name: "HKDF", hash: "SHA-256", salt: asBufferSource(salt), info: asBufferSource(label) };
}

async function importSecret(subtle: SubtleCrypto, secret: Uint8Array): Promise<CryptoKey> {
  return subtle.importKey("raw", asBufferSource(secret), "HKDF", false, ["deriveBits", "deriveKey"]);
}
