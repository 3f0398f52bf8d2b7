import { createCipheriv, hkdfSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { openBytes } from "../../../src/crypto/aead.ts";
import { deriveAeadKey, deriveBytes } from "../../../src/crypto/derive.ts";
import { withoutSubtle } from "./without-subtle.ts";

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
const range = (first: number, last: number): Uint8Array => Uint8Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe("deriveBytes: RFC 5869 appendix A, the cases of SHA-256", () => {
  test.each([
    {
      name: "A.1 basic",
      secret: new Uint8Array(22).fill(0x0b),
      options: { salt: range(0, 0x0c), info: range(0xf0, 0xf9) },
      okm: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    },
    {
      name: "A.2 longer inputs and output",
      secret: range(0, 0x4f),
      options: { salt: range(0x60, 0xaf), info: range(0xb0, 0xff) },
      okm:
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c" +
        "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71" +
        "cc30c58179ec3e87c14c01d5c1f3434f1d87",
    },
    {
      name: "A.3 no salt and no info",
      secret: new Uint8Array(22).fill(0x0b),
      options: { info: "" },
      okm: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    },
  ])("$name", async ({ secret, options, okm }) => {
    expect(await deriveBytes(secret, okm.length / 2, options)).toEqual(hex(okm));
  });
});

describe("deriveAeadKey", () => {
  const secret = new TextEncoder().encode("a-shared-secret-of-at-least-32-bytes");

  test("is the key that node:crypto derives, for AES-256-GCM, and stays inside", async () => {
    const key = await deriveAeadKey(secret, { info: "purpose v1" });
    expect([key.algorithm, key.extractable, key.usages]).toEqual([
      { name: "AES-GCM", length: 256 },
      false,
      ["encrypt", "decrypt"],
    ]);
    const theirs = new Uint8Array(hkdfSync("sha256", secret, "", "purpose v1", 32));
    const cipher = createCipheriv("aes-256-gcm", theirs, new Uint8Array(12));
    const sealed = Buffer.concat([new Uint8Array(12), cipher.update("text"), cipher.final(), cipher.getAuthTag()]);
    const opened = await openBytes(key, new Uint8Array(sealed), new Uint8Array());
    expect(opened).toEqual(new TextEncoder().encode("text"));
  });

  test("without crypto.subtle it says so", async () => {
    await withoutSubtle(async () => {
      await expect(deriveAeadKey(secret, { info: "x" })).rejects.toMatchObject({
        code: "ERR_UNSUPPORTED_RUNTIME",
        message: "crypto.subtle is missing in this runtime",
      });
    });
  });
});
