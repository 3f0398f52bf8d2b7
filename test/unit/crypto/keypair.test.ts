import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { generateKeyPair } from "../../../src/crypto/keypair.ts";

afterEach(() => void vi.unstubAllGlobals());

describe("generateKeyPair", () => {
  it("makes two halves of one pair, that node:crypto reads and signs with", async () => {
    const pair = await generateKeyPair({ modulusLength: 2048 });
    const privateKey = createPrivateKey(pair.privateKey);
    expect(privateKey.asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65537n });
    expect(createPublicKey(privateKey).export({ type: "spki", format: "pem" })).toBe(pair.publicKey);
    const signature = sign("sha1", Buffer.from("message"), privateKey);
    expect(verify("sha1", Buffer.from("message"), createPublicKey(pair.publicKey), signature)).toBe(true);
  });

  it("writes PKCS#8 and SPKI in lines of 64, and the public key bare", async () => {
    const { privateKey, publicKey, publicKeyBase64 } = await generateKeyPair({ modulusLength: 2048 });
    expect(privateKey).toMatch(
      /^-----BEGIN PRIVATE KEY-----\n(?:[\w+/]{64}\n)+[\w+/=]{1,64}\n-----END PRIVATE KEY-----\n$/,
    );
    expect(publicKey).toMatch(
      /^-----BEGIN PUBLIC KEY-----\n(?:[\w+/]{64}\n)+[\w+/=]{1,64}\n-----END PUBLIC KEY-----\n$/,
    );
    const spki = createPublicKey(publicKey).export({ type: "spki", format: "der" });
    expect(publicKeyBase64).toBe(spki.toString("base64"));
  });

  it("tells the SHA-256 of the public key's DER", async () => {
    const { publicKey, fingerprint } = await generateKeyPair({ modulusLength: 2048 });
    const spki = createPublicKey(publicKey).export({ type: "spki", format: "der" });
    expect(fingerprint).toBe(createHash("sha256").update(spki).digest("hex"));
  });

  it("makes 3072 bits unless told", async () => {
    const { publicKey } = await generateKeyPair();
    expect(createPublicKey(publicKey).asymmetricKeyDetails?.modulusLength).toBe(3072);
  });

  it.each([1024, 2047, 8192, Number.NaN, "2048"])("refuses %s bits", async (modulusLength) => {
    await expect(generateKeyPair({ modulusLength: modulusLength as number })).rejects.toMatchObject({
      name: "TypeError",
      code: "ERR_INVALID_ARG_VALUE",
      message: '"options.modulusLength" must be 2048, 3072 or 4096 bits',
    });
  });

  it("needs crypto.subtle", async () => {
    vi.stubGlobal("crypto", {});
    await expect(generateKeyPair()).rejects.toMatchObject({
      code: "ERR_UNSUPPORTED_RUNTIME",
      feature: "crypto.subtle",
    });
  });
});
