import { createDecipheriv } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openBytes, sealBytes } from "../../../src/crypto/aead.ts";
import { deriveAeadKey } from "../../../src/crypto/derive.ts";
import { withoutSubtle } from "./without-subtle.ts";

const hex = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "hex"));
const importKey = (bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);

// McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B, test case 16.
const KEY = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
const NONCE = "cafebabefacedbaddecaf888";
const PLAINTEXT = hex(
  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
);
const ASSOCIATED = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
const CIPHERTEXT =
  "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
  "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662";
const TAG = "76fc6ece0f4e1768cddf8853bb2d551b";
const SEALED = hex(NONCE + CIPHERTEXT + TAG);

describe("openBytes", () => {
  test("opens the test case of the specification", async () => {
    expect(await openBytes(await importKey(KEY), SEALED, ASSOCIATED)).toEqual(PLAINTEXT);
  });

  test("opens nothing when a single bit is another, wherever it is", async () => {
    const key = await importKey(KEY);
    for (let i = 0; i < SEALED.length; i++) {
      const changed = SEALED.slice();
      changed[i] = (changed[i] as number) ^ 1;
      expect(await openBytes(key, changed, ASSOCIATED)).toBe(undefined);
    }
  });

  test("opens nothing with other associated data, another key, or less than a nonce and a tag", async () => {
    const key = await importKey(KEY);
    const other = await deriveAeadKey(KEY, { info: "other" });
    expect(await openBytes(key, SEALED, ASSOCIATED.subarray(1))).toBe(undefined);
    expect(await openBytes(other, SEALED, ASSOCIATED)).toBe(undefined);
    for (const length of [0, 12, 27, 28]) expect(await openBytes(key, SEALED.subarray(0, length), ASSOCIATED)).toBe(undefined);
  });
});

describe("sealBytes", () => {
  test("node:crypto opens what it seals: nonce, ciphertext, tag", async () => {
    const sealed = await sealBytes(await importKey(KEY), PLAINTEXT, ASSOCIATED);
    const decipher = createDecipheriv("aes-256-gcm", KEY, sealed.subarray(0, 12));
    decipher.setAAD(ASSOCIATED);
    decipher.setAuthTag(sealed.subarray(-16));
    const opened = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    expect(new Uint8Array(opened)).toEqual(PLAINTEXT);
  });

  test("never uses a nonce twice", async () => {
    const key = await importKey(KEY);
    const nonces = new Set<string>();
    for (let i = 0; i < 200; i++) {
      nonces.add(Buffer.from((await sealBytes(key, PLAINTEXT, ASSOCIATED)).subarray(0, 12)).toString("hex"));
    }
    expect(nonces.size).toBe(200);
  });

  test("what is sealed opens again, for all bytes, views into larger buffers included", async () => {
    const key = await importKey(KEY);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.uint8Array(), fc.nat(5), async (plaintext, associated, offset) => {
        const view = new Uint8Array(offset + plaintext.length).subarray(offset);
        view.set(plaintext);
        expect(await openBytes(key, await sealBytes(key, view, associated), associated)).toEqual(plaintext);
      }),
      { numRuns: 50 },
    );
  });

  test("without crypto.subtle it says so", async () => {
    const key = await importKey(KEY);
    await withoutSubtle(async () => {
      await expect(sealBytes(key, PLAINTEXT, ASSOCIATED)).rejects.toMatchObject({ code: "ERR_UNSUPPORTED_RUNTIME" });
      await expect(openBytes(key, SEALED, ASSOCIATED)).rejects.toMatchObject({ code: "ERR_UNSUPPORTED_RUNTIME" });
    });
  });
});
