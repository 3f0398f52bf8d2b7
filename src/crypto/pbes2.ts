/**
 * Encrypted PKCS#8 keys: PBES2 (RFC 8018 section 6.2) with PBKDF2 and AES-CBC, which is what WebCrypto can undo and
 * what `openssl pkcs8 -topk8` writes. The older schemes need MD5, RC2 or DES: they are refused, with the way out.
 */
import { derTag, readDer } from "../encoding/der.ts";
import type { DerReader } from "../encoding/der.ts";
import { encodeUtf8 } from "../encoding/utf8.ts";
import { UnsupportedError } from "../errors.ts";
import type { KeyError } from "../errors.ts";
import { derKind, invalidKey, readPkcs8 } from "./rsa-der.ts";
import type { RsaMaterial } from "./rsa-der.ts";
import { asBufferSource, requireSubtle } from "./webcrypto.ts";

/** A private key that wants a passphrase, with all that is needed to use one. */
export interface EncryptedMaterial {
  readonly format: "encrypted";
  readonly hash: "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** Bits of the AES key. */
  readonly keyLength: 128 | 192 | 256;
  readonly iv: Uint8Array;
  readonly data: Uint8Array;
}

const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const DES_EDE3_CBC = "1.2.840.113549.3.7";

/** Some seconds of work: a file that asks for more is an attack or a mistake. OpenSSL writes 2048 unless told. */
const MAX_ITERATIONS = 10_000_000;

const CONVERT = "convert it: openssl pkcs8 -topk8 -in KEY -out KEY8";

/** The refusal of what only an older scheme can open. */
export function unsupportedEncryption(message: string): KeyError {
  return invalidKey(message, CONVERT);
}

/**
 * Reads an EncryptedPrivateKeyInfo (RFC 5958 section 3) without opening it.
 *
 * @throws {KeyError} ERR_KEY_INVALID when it is malformed, or encrypted with anything but PBKDF2 and AES-CBC
 */
export function readEncryptedKey(bytes: Uint8Array): EncryptedMaterial {
  return readDer(bytes, (der) =>
    der.sequence((info) => {
      const parameters = info.sequence((scheme) => {
        if (scheme.objectIdentifier() !== PBES2) {
          throw unsupportedEncryption('key is encrypted with a scheme other than "PBES2"');
        }
        return scheme.sequence((pbes2) => ({ ...pbes2.sequence(readKdf), ...pbes2.sequence(readCipher) }));
      });
      const data = info.octetString();
      if (data.length === 0 || data.length % 16 !== 0) {
        throw invalidKey('key has "encryptedData" that is not whole blocks', "export the key again");
      }
      const { derivedLength, ...rest } = parameters;
      if (derivedLength !== undefined && derivedLength * 8 !== rest.keyLength) {
        throw invalidKey('key has a "keyLength" that is not its cipher\'s', "export the key again");
      }
      return { format: "encrypted" as const, ...rest, data };
    }),
  );
}

function readKdf(
  reader: DerReader,
): Pick<EncryptedMaterial, "hash" | "salt" | "iterations"> & { derivedLength: number | undefined } {
  if (reader.objectIdentifier() !== PBKDF2) {
    throw unsupportedEncryption('key is encrypted with a key derivation other than "PBKDF2"');
  }
  return reader.sequence((parameters) => {
    const salt = parameters.octetString();
    const iterations = toNumber(parameters.integer());
    if (iterations < 1 || iterations > MAX_ITERATIONS) {
      throw invalidKey('key has an "iterationCount" out of range', CONVERT);
    }
    const derivedLength = parameters.tag === derTag.integer ? toNumber(parameters.integer()) : undefined;
    const hash = parameters.tag === undefined ? "SHA-1" : parameters.sequence(readPrf);
    return { salt, iterations, derivedLength, hash };
  });
}

function readPrf(reader: DerReader): EncryptedMaterial["hash"] {
  const hash = prfHash(reader.objectIdentifier());
  if (hash === undefined) throw unsupportedEncryption('key is encrypted with a hash that "WebCrypto" lacks');
  reader.null();
  return hash;
}

/** The pseudo-random functions of RFC 8018 appendix B.1 that WebCrypto has. */
function prfHash(oid: string): EncryptedMaterial["hash"] | undefined {
  switch (oid) {
    case "1.2.840.113549.2.7":
      return "SHA-1";
    case "1.2.840.113549.2.9":
      return "SHA-256";
    case "1.2.840.113549.2.10":
      return "SHA-384";
    case "1.2.840.113549.2.11":
      return "SHA-512";
    default:
      return undefined;
  }
}

function readCipher(reader: DerReader): Pick<EncryptedMaterial, "keyLength" | "iv"> {
  const oid = reader.objectIdentifier();
  if (oid === DES_EDE3_CBC) throw unsupportedEncryption('key is encrypted with 3DES, which "WebCrypto" lacks');
  const keyLength = aesKeyLength(oid);
  if (keyLength === undefined) throw unsupportedEncryption('key is encrypted with a cipher other than "AES-CBC"');
  const iv = reader.octetString();
  if (iv.length !== 16) throw invalidKey('key has an "AES-IV" that is not of 16 octets', "export the key again");
  return { keyLength, iv };
}

/** AES in CBC mode (RFC 8018 appendix B.2.5). */
function aesKeyLength(oid: string): EncryptedMaterial["keyLength"] | undefined {
  switch (oid) {
    case "2.16.840.1.101.3.4.1.2":
      return 128;
    case "2.16.840.1.101.3.4.1.22":
      return 192;
    case "2.16.840.1.101.3.4.1.42":
      return 256;
    default:
      return undefined;
  }
}

function toNumber(magnitude: Uint8Array): number {
  return magnitude.reduce((value, byte) => value * 256 + byte, 0);
}

/**
 * Opens an encrypted private key.
 *
 * @param passphrase the passphrase, used as UTF-8
 * @throws {KeyError} ERR_KEY_INVALID when the passphrase is wrong, or what comes out is no sound RSA key
 * @throws {UnsupportedError} ERR_UNSUPPORTED_RUNTIME when the runtime has no crypto.subtle, or it refuses this cipher
 *   or this many iterations (Chromium has no AES-192, Workers end at 100,000)
 */
export async function decryptPrivateKey(material: EncryptedMaterial, passphrase: string): Promise<RsaMaterial> {
  const subtle = requireSubtle();
  if (passphrase === "") {
    throw invalidKey('key is encrypted and needs "options.passphrase"', "it is empty: is its variable set?");
  }
  const key = await deriveKey(subtle, material, passphrase);
  let bytes: Uint8Array;
  try {
    const iv = asBufferSource(material.iv);
    bytes = new Uint8Array(await subtle.decrypt({ name: "AES-CBC", iv }, key, asBufferSource(material.data)));
  } catch {
    throw wrongPassphrase();
  }
  // One wrong key in 256 leaves what looks like padding.
  if (!isPkcs8(bytes)) throw wrongPassphrase();
  return readPkcs8(bytes);
}

async function deriveKey(subtle: SubtleCrypto, material: EncryptedMaterial, passphrase: string): Promise<CryptoKey> {
  const { hash, iterations, keyLength } = material;
  try {
    const secret = asBufferSource(encodeUtf8(passphrase));
    const password = await subtle.importKey("raw", secret, "PBKDF2", false, ["deriveKey"]);
    const kdf = { name: "PBKDF2", hash, salt: asBufferSource(material.salt), iterations };
    return await subtle.deriveKey(kdf, password, { name: "AES-CBC", length: keyLength }, false, ["decrypt"]);
  } catch {
    throw new UnsupportedError("PBES2", "this runtime refuses the cipher or the iterations of the encrypted key", {
      hint: "encrypt it the usual way: openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out KEY8",
    });
  }
}

function isPkcs8(bytes: Uint8Array): boolean {
  try {
    return derKind(bytes) === "pkcs8";
  } catch {
    return false;
  }
}

function wrongPassphrase(): KeyError {
  return invalidKey('key cannot be decrypted with "options.passphrase"', "try it: openssl pkey -in KEY -noout");
}
