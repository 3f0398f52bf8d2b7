import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { importHmacKey, requireSubtle, signBytes, subtleCrypto, verifyBytes } from "../../../src/crypto/webcrypto.ts";
import { UnsupportedError } from "../../../src/errors.ts";
import { thrownBy } from "../../support/failure.ts";

const secret = new Uint8Array(32).fill(7);
const data = new Uint8Array([1, 2, 3]);

afterEach(() => void vi.unstubAllGlobals());

it.each([
  ["no crypto", undefined],
  ["crypto without subtle, as on a plain-http page", {}],
])("finds nothing where there is %s", (_, crypto) => {
  vi.stubGlobal("crypto", crypto);
  expect(subtleCrypto()).toBeUndefined();
  const error = thrownBy(requireSubtle);
  expect(error).toBeInstanceOf(UnsupportedError);
  expect(error).toMatchObject({
    code: "ERR_UNSUPPORTED_RUNTIME",
    message: "crypto.subtle is missing in this runtime",
    feature: "crypto.subtle",
    hint: "use https (or localhost), or a runtime with WebCrypto; without it only HS256 works",
  });
});

it("looks on each call, so that crypto may come later", () => {
  vi.stubGlobal("crypto", undefined);
  expect(subtleCrypto()).toBeUndefined();
  vi.unstubAllGlobals();
  expect(subtleCrypto()).toBe(globalThis.crypto.subtle);
  expect(requireSubtle()).toBe(globalThis.crypto.subtle);
});

describe("importHmacKey", () => {
  it("makes a key that signs and verifies and cannot be taken out", async () => {
    const key = await importHmacKey(crypto.subtle, secret, "SHA-256");
    expect(key.extractable).toBe(false);
    expect([...key.usages].sort()).toEqual(["sign", "verify"]);
    expect(key.algorithm).toMatchObject({ name: "HMAC", hash: { name: "SHA-256" } });
  });

  it.each([
    ["SHA-256", "sha256"],
    ["SHA-384", "sha384"],
    ["SHA-512", "sha512"],
  ])("computes HMAC with %s as node does", async (hash, name) => {
    const key = await importHmacKey(crypto.subtle, secret, hash);
    const mac = await signBytes(crypto.subtle, key, data);
    expect(Buffer.from(mac)).toEqual(createHmac(name, secret).update(data).digest());
    await expect(verifyBytes(crypto.subtle, key, data, mac)).resolves.toBe(true);
    await expect(verifyBytes(crypto.subtle, key, data, mac.subarray(1))).resolves.toBe(false);
    await expect(verifyBytes(crypto.subtle, key, data, new Uint8Array())).resolves.toBe(false);
    await expect(verifyBytes(crypto.subtle, key, new Uint8Array([1, 2, 4]), mac)).resolves.toBe(false);
  });
});
