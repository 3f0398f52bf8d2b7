import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  generateKeyPairSync,
  pbkdf2Sync,
  verify,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import * as fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { decryptPrivateKey } from "../../../src/crypto/pbes2.ts";
import type { EncryptedMaterial } from "../../../src/crypto/pbes2.ts";
import { parsePrivateKey, parsePublicKey } from "../../../src/crypto/rsa-material.ts";
import type { RsaMaterial } from "../../../src/crypto/rsa-material.ts";
import { derTag, writeDer } from "../../../src/encoding/der.ts";
import { writePem } from "../../../src/encoding/pem.ts";
import { KeyError } from "../../../src/errors.ts";

const PASSPHRASE = "correct horse";
const CONVERT = "convert it: openssl pkcs8 -topk8 -in KEY -out KEY8";
const AGAIN = "export the key again";
const invalid = (message: string, hint?: string) =>
  expect.objectContaining({
    name: "KeyError",
    code: "ERR_KEY_INVALID",
    message,
    ...(hint === undefined ? {} : { hint }),
  });
const unsupported = (feature: string, message: string) =>
  expect.objectContaining({ name: "UnsupportedError", code: "ERR_UNSUPPORTED_RUNTIME", feature, message });
const wrongPassphrase = invalid(
  'key cannot be decrypted with "options.passphrase"',
  "try it: openssl pkey -in KEY -noout",
);

let pair: { publicKey: KeyObject; privateKey: KeyObject };
let pkcs8: Buffer;

beforeAll(() => {
  pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  pkcs8 = pair.privateKey.export({ type: "pkcs8", format: "der" });
});
afterEach(() => vi.unstubAllGlobals());

// An EncryptedPrivateKeyInfo of our own making; node:crypto is asked below whether it is one.

const OID = {
  pbes2: "2a864886f70d01050d",
  pbkdf2: "2a864886f70d01050c",
  pbeWithMd5AndDes: "2a864886f70d010503",
  scrypt: "2b06010401da47040b",
  sha1: "2a864886f70d0207",
  sha224: "2a864886f70d0208",
  sha256: "2a864886f70d0209",
  sha384: "2a864886f70d020a",
  sha512: "2a864886f70d020b",
  aes128: "608648016503040102",
  aes192: "608648016503040116",
  aes256: "60864801650304012a",
  aes256gcm: "60864801650304012e",
  desEde3: "2a864886f70d0307",
};
const oid = (hex: string) => writeDer(derTag.objectIdentifier, Buffer.from(hex, "hex"));
const sequence = (...parts: Uint8Array[]) => writeDer(derTag.sequence, ...parts);
const integer = (...octets: number[]) => writeDer(derTag.integer, octets);
const octetString = (bytes: Uint8Array) => writeDer(derTag.octetString, bytes);

interface Recipe {
  scheme?: string;
  kdf?: string;
  iterations?: Uint8Array;
  keyLength?: Uint8Array;
  prf?: Uint8Array | undefined;
  cipher?: string;
  iv?: Uint8Array;
  data?: Uint8Array;
}
const SALT = Buffer.from("0123456789abcdef", "hex");
const IV = Buffer.alloc(16, 7);

function envelope(recipe: Recipe = {}): string {
  const prf = "prf" in recipe ? recipe.prf : sequence(oid(OID.sha256), writeDer(derTag.null));
  const optional = [recipe.keyLength, prf].filter((part) => part !== undefined);
  const kdf = sequence(octetString(SALT), recipe.iterations ?? integer(1), ...optional);
  const cipher = sequence(oid(recipe.cipher ?? OID.aes256), octetString(recipe.iv ?? IV));
  const parameters = sequence(sequence(oid(recipe.kdf ?? OID.pbkdf2), kdf), cipher);
  const data = octetString(recipe.data ?? new Uint8Array(16));
  return Buffer.from(sequence(sequence(oid(recipe.scheme ?? OID.pbes2), parameters), data)).toString("base64");
}

function encrypt(hash: string, bits: number, plaintext: Uint8Array, passphrase = PASSPHRASE): Buffer {
  const cipher = createCipheriv(`aes-${bits}-cbc`, pbkdf2Sync(passphrase, SALT, 1, bits / 8, hash), IV);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}

function encrypted(text: string): EncryptedMaterial {
  const material = parsePrivateKey(text);
  if (material.format !== "encrypted") throw new Error("expected an encrypted key");
  return material;
}

const bytesOf = (material: RsaMaterial): Buffer => Buffer.from(material.format === "jwk" ? [] : material.bytes);

describe("what node:crypto encrypts", () => {
  it.each(["aes-128-cbc", "aes-192-cbc", "aes-256-cbc"])("is opened: %s", async (cipher) => {
    const options = { type: "pkcs8", cipher, passphrase: PASSPHRASE } as const;
    const text = pair.privateKey.export({ ...options, format: "pem" }).toString();
    const material = await decryptPrivateKey(encrypted(text), PASSPHRASE);
    expect(material).toMatchObject({ format: "pkcs8", type: "private", modulusBits: 2048, publicExponent: 65_537n });
    expect(bytesOf(material).equals(pkcs8)).toBe(true);
    const bare = pair.privateKey.export({ ...options, format: "der" }).toString("base64");
    expect(bytesOf(await decryptPrivateKey(encrypted(bare), PASSPHRASE)).equals(pkcs8)).toBe(true);
  });

  it("signs what the public half verifies", async () => {
    const passphrase = "pässwörd 🔑";
    const text = pair.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase });
    const material = await decryptPrivateKey(encrypted(text.toString()), passphrase);
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("pkcs8", Uint8Array.from(bytesOf(material)), algorithm, false, ["sign"]);
    const signature = await crypto.subtle.sign(algorithm.name, key, new TextEncoder().encode("message"));
    expect(verify("sha256", Buffer.from("message"), pair.publicKey, new Uint8Array(signature))).toBe(true);
  });

  it("is no public key", () => {
    const refused = invalid("key is a private key where a public one is needed");
    const cipher = { cipher: "aes-256-cbc", passphrase: PASSPHRASE };
    const text = pair.privateKey.export({ type: "pkcs8", format: "pem", ...cipher }).toString();
    expect(() => parsePublicKey(text)).toThrow(refused);
    expect(() => parsePublicKey(envelope())).toThrow(refused);
  });
});

describe("every hash with every cipher", () => {
  const hashes = ["sha1", "sha256", "sha384", "sha512"] as const;
  const ciphers = [128, 192, 256] as const;
  const rows = hashes.flatMap((hash) => ciphers.map((bits) => ({ hash, bits })));

  it.each(rows)("opens $hash with AES-$bits as node:crypto does", async ({ hash, bits }) => {
    const prf = sequence(oid(OID[hash]), writeDer(derTag.null));
    const text = envelope({ prf, cipher: OID[`aes${bits}`], data: encrypt(hash, bits, pkcs8) });
    const key = Buffer.from(text, "base64");
    const witness = createPrivateKey({ key, type: "pkcs8", format: "der", passphrase: PASSPHRASE });
    expect(witness.export({ type: "pkcs8", format: "der" }).equals(pkcs8)).toBe(true);
    expect(bytesOf(await decryptPrivateKey(encrypted(text), PASSPHRASE)).equals(pkcs8)).toBe(true);
  });

  it("takes SHA-1 where no hash is named, and a key length that is the cipher's", async () => {
    const text = envelope({
      prf: undefined,
      keyLength: integer(16),
      cipher: OID.aes128,
      data: encrypt("sha1", 128, pkcs8),
    });
    expect(encrypted(text)).toMatchObject({ hash: "SHA-1", keyLength: 128, iterations: 1 });
    expect(bytesOf(await decryptPrivateKey(encrypted(text), PASSPHRASE)).equals(pkcs8)).toBe(true);
  });
});

const withPrf = (hash: string, ...parameters: Uint8Array[]) => ({ prf: sequence(oid(hash), ...parameters) });

describe("what WebCrypto cannot open", () => {
  it.each<[string, Recipe, string, string | undefined]>([
    ["PBES1", { scheme: OID.pbeWithMd5AndDes }, 'key is encrypted with a scheme other than "PBES2"', CONVERT],
    ["scrypt", { kdf: OID.scrypt }, 'key is encrypted with a key derivation other than "PBKDF2"', CONVERT],
    [
      "SHA-224",
      withPrf(OID.sha224, writeDer(derTag.null)),
      'key is encrypted with a hash that "WebCrypto" lacks',
      CONVERT,
    ],
    ["3DES", { cipher: OID.desEde3 }, 'key is encrypted with 3DES, which "WebCrypto" lacks', CONVERT],
    ["AES-GCM", { cipher: OID.aes256gcm }, 'key is encrypted with a cipher other than "AES-CBC"', CONVERT],
    ["no iterations", { iterations: integer(0) }, 'key has an "iterationCount" out of range', CONVERT],
    [
      "10,000,001 iterations",
      { iterations: integer(0, 0x98, 0x96, 0x81) },
      'key has an "iterationCount" out of range',
      CONVERT,
    ],
    [
      "2^63 iterations",
      { iterations: integer(0, 0x80, 0, 0, 0, 0, 0, 0, 0) },
      'key has an "iterationCount" out of range',
      CONVERT,
    ],
    ["another key length", { keyLength: integer(16) }, 'key has a "keyLength" that is not its cipher\'s', AGAIN],
    ["a short IV", { iv: IV.subarray(1) }, 'key has an "AES-IV" that is not of 16 octets', AGAIN],
    ["no data", { data: IV.subarray(16) }, 'key has "encryptedData" that is not whole blocks', AGAIN],
    ["half a block", { data: IV.subarray(8) }, 'key has "encryptedData" that is not whole blocks', AGAIN],
    ["a hash without parameters", withPrf(OID.sha256), 'key is not well-formed "DER"', undefined],
  ])("is refused at once: %s", (_, recipe, message, hint) => {
    expect(() => parsePrivateKey(envelope(recipe))).toThrow(invalid(message, hint));
  });

  it("still takes 10,000,000 iterations", () => {
    const text = envelope({ iterations: integer(0, 0x98, 0x96, 0x80) });
    expect(encrypted(text).iterations).toBe(10_000_000);
  });

  it("throws nothing but KeyError when a byte is changed", () => {
    const der = Buffer.from(envelope({ data: encrypt("sha256", 256, pkcs8) }), "base64");
    fc.assert(
      fc.property(fc.nat(150), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Buffer.from(der);
        changed[at] = (changed[at] ?? 0) ^ mask;
        try {
          expect(encrypted(writePem("ENCRYPTED PRIVATE KEY", changed)).format).toBe("encrypted");
        } catch (error) {
          expect(error).toBeInstanceOf(KeyError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("passphrases", () => {
  it("must be right", async () => {
    const material = encrypted(envelope({ data: encrypt("sha256", 256, pkcs8) }));
    await expect(decryptPrivateKey(material, `${PASSPHRASE} `)).rejects.toEqual(wrongPassphrase);
  });

  it("must be there", async () => {
    const needed = invalid('key is encrypted and needs "options.passphrase"', "it is empty: is its variable set?");
    await expect(decryptPrivateKey(encrypted(envelope()), "")).rejects.toEqual(needed);
  });

  it("are wrong too where the padding comes out right by chance", async () => {
    const data = encrypt("sha256", 256, pkcs8);
    const opens = (passphrase: string): boolean => {
      const decipher = createDecipheriv("aes-256-cbc", pbkdf2Sync(passphrase, SALT, 1, 32, "sha256"), IV);
      decipher.update(data);
      try {
        return decipher.final().length < 16;
      } catch {
        return false;
      }
    };
    const lucky = Array.from({ length: 5_000 }, (_, i) => `wrong ${i}`).find(opens) ?? "";
    expect(lucky).toMatch(/^wrong \d+$/);
    await expect(decryptPrivateKey(encrypted(envelope({ data })), lucky)).rejects.toEqual(wrongPassphrase);
  });

  it("may open a key that is no RSA key", async () => {
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const text = ec.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: PASSPHRASE });
    const notRsa = invalid('key is not an "RSA" key');
    await expect(decryptPrivateKey(encrypted(text.toString()), PASSPHRASE)).rejects.toEqual(notRsa);
  });
});

describe("runtimes", () => {
  it.each([
    ["without crypto", undefined],
    ["without crypto.subtle", {}],
  ])("%s cannot open a key", async (_, crypto) => {
    const material = encrypted(envelope());
    vi.stubGlobal("crypto", crypto);
    const missing = unsupported("crypto.subtle", "crypto.subtle is missing in this runtime");
    await expect(decryptPrivateKey(material, PASSPHRASE)).rejects.toEqual(missing);
  });

  it("that refuse the derivation are told apart from a wrong passphrase", async () => {
    const material = encrypted(envelope());
    const subtle = {
      importKey: () => Promise.resolve({}),
      deriveKey: () => Promise.reject(new Error("iteration counts above 100000 are not supported")),
    };
    vi.stubGlobal("crypto", { subtle });
    const refused = unsupported("PBES2", "this runtime refuses the cipher or the iterations of the encrypted key");
    await expect(decryptPrivateKey(material, PASSPHRASE)).rejects.toEqual(refused);
  });
});
