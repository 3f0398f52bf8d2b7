import { createHmac, sign as nodeSign, webcrypto } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { oauth1Signature } from "../../../src/oauth1/index.ts";
import type { SignatureOptions } from "../../../src/oauth1/index.ts";
import { makePair } from "./keys.ts";

const pair = makePair();
const text = "GET&https%3A%2F%2Fjira.example.com%2F&a%3D1";

afterEach(() => void vi.unstubAllGlobals());

describe("oauth1Signature", () => {
  it.each([
    ["RSA-SHA1", "sha1"],
    ["RSA-SHA256", "sha256"],
  ] as const)("%s is what node:crypto makes", async (signatureMethod, hash) => {
    const expected = nodeSign(hash, Buffer.from(text), pair.privateKey).toString("base64");
    expect(await oauth1Signature(text, { signatureMethod, privateKey: pair.privatePem })).toBe(expected);
  });

  it.each([
    ["HMAC-SHA1", "sha1"],
    ["HMAC-SHA256", "sha256"],
  ] as const)("%s is what node:crypto makes, with both secrets encoded", async (signatureMethod, hash) => {
    const expected = createHmac(hash, "c%26%20%21&t%2B").update(text).digest("base64");
    expect(await oauth1Signature(text, { signatureMethod, consumerSecret: "c& !", tokenSecret: "t+" })).toBe(expected);
    const alone = createHmac(hash, "c&").update(text).digest("base64");
    expect(await oauth1Signature(text, { signatureMethod, consumerSecret: "c" })).toBe(alone);
  });

  it("is RSA-SHA1 unless told, and lets no token secret into it", async () => {
    const expected = nodeSign("sha1", Buffer.from(text), pair.privateKey).toString("base64");
    expect(await oauth1Signature(text, { privateKey: pair.privatePem })).toBe(expected);
    expect(await oauth1Signature(text, { privateKey: pair.privatePem, tokenSecret: "s" })).toBe(expected);
  });

  it("takes a JWK", async () => {
    const privateKey = pair.privateKey.export({ format: "jwk" }) as SignatureOptions["privateKey"];
    const expected = nodeSign("sha1", Buffer.from(text), pair.privateKey).toString("base64");
    expect(await oauth1Signature(text, { privateKey: privateKey as string })).toBe(expected);
  });

  it("takes a CryptoKey that is bound to the method's hash, and no other", async () => {
    const der = pair.privateKey.export({ type: "pkcs8", format: "der" });
    const importFor = (hash: string): Promise<CryptoKey> =>
      crypto.subtle.importKey("pkcs8", der, { name: "RSASSA-PKCS1-v1_5", hash }, false, ["sign"]);
    const expected = nodeSign("sha1", Buffer.from(text), pair.privateKey).toString("base64");
    expect(await oauth1Signature(text, { privateKey: await importFor("SHA-1") })).toBe(expected);
    await expect(oauth1Signature(text, { privateKey: await importFor("SHA-256") })).rejects.toMatchObject({
      code: "ERR_KEY_INVALID",
      message: "key must be bound to SHA-1",
    });
  });

  it("takes a function, for a key that stays elsewhere", async () => {
    const sign = vi.fn((bytes: Uint8Array) => nodeSign("sha1", bytes, pair.privateKey));
    const expected = nodeSign("sha1", Buffer.from(text), pair.privateKey).toString("base64");
    expect(await oauth1Signature(text, { sign })).toBe(expected);
    expect(Buffer.from(sign.mock.lastCall?.[0] ?? []).toString()).toBe(text);
    await expect(oauth1Signature(text, { sign: () => "c2ln" as never })).rejects.toMatchObject({
      code: "ERR_INVALID_ARG_TYPE",
      message: '"options.sign" must return a Uint8Array',
    });
  });

  it("takes keys of 1024 bits, and none shorter", async () => {
    expect(await oauth1Signature(text, { privateKey: makePair(1024).privatePem })).toHaveLength(172);
    await expect(oauth1Signature(text, { privateKey: makePair(512).privatePem })).rejects.toMatchObject({
      code: "ERR_KEY_INVALID",
      message: 'key has too short an "RSA" modulus',
    });
  });

  it("names the way out where the system forbids SHA-1", async () => {
    const subtle = {
      importKey: () => Promise.resolve({ algorithm: { name: "RSASSA-PKCS1-v1_5" } }),
      sign: () => Promise.reject(new Error("digest")),
    };
    vi.stubGlobal("crypto", { subtle });
    await expect(oauth1Signature(text, { privateKey: pair.privatePem })).rejects.toMatchObject({
      name: "UnsupportedError",
      code: "ERR_UNSUPPORTED_RUNTIME",
      feature: "RSA-SHA1",
      message: 'crypto.subtle refused to sign with "RSA-SHA1"',
      hint: expect.stringContaining("update-crypto-policies --set DEFAULT:SHA1") as string,
    });
    await expect(
      oauth1Signature(text, { signatureMethod: "RSA-SHA256", privateKey: pair.privatePem }),
    ).rejects.toMatchObject({
      feature: "RSA-SHA256",
      hint: "use another key",
    });
  });

  it("needs crypto.subtle", async () => {
    vi.stubGlobal("crypto", { getRandomValues: webcrypto.getRandomValues });
    await expect(oauth1Signature(text, { privateKey: pair.privatePem })).rejects.toMatchObject({
      feature: "crypto.subtle",
    });
    await expect(oauth1Signature(text, { signatureMethod: "HMAC-SHA1", consumerSecret: "c" })).rejects.toMatchObject({
      feature: "crypto.subtle",
    });
  });

  const one = 'must hold exactly one of "privateKey", "sign" and "consumerSecret"';
  it.each([
    [null, '"options" must be an object'],
    [{}, `"options" ${one}`],
    [{ privateKey: "x", consumerSecret: "y" }, `"options" ${one}`],
    [{ privateKey: "x", sign: () => new Uint8Array() }, `"options" ${one}`],
    [
      { signatureMethod: "PLAINTEXT", consumerSecret: "y" },
      '"options.signatureMethod" must be RSA-SHA1, RSA-SHA256, HMAC-SHA1 or HMAC-SHA256',
    ],
    [
      { signatureMethod: "toString", consumerSecret: "y" },
      '"options.signatureMethod" must be RSA-SHA1, RSA-SHA256, HMAC-SHA1 or HMAC-SHA256',
    ],
    [{ consumerSecret: "y" }, '"options.signatureMethod" must be HMAC-SHA1 or HMAC-SHA256 with "consumerSecret"'],
    [{ signatureMethod: "HMAC-SHA1", privateKey: "x" }, '"options.consumerSecret" must be given for HMAC-SHA1'],
    [{ signatureMethod: "HMAC-SHA1", consumerSecret: 1 }, '"options.consumerSecret" must be a string'],
    [
      { signatureMethod: "HMAC-SHA1", consumerSecret: "\udc00" },
      '"options.consumerSecret" must be well-formed Unicode',
    ],
    [{ signatureMethod: "HMAC-SHA1", consumerSecret: "y", tokenSecret: 1 }, '"options.tokenSecret" must be a string'],
    [{ sign: "x" }, '"options.sign" must be a function'],
  ])("refuses options %#", async (options, message) => {
    await expect(oauth1Signature(text, options as SignatureOptions)).rejects.toMatchObject({
      name: "TypeError",
      message,
    });
  });

  it("refuses a base string that is no string", async () => {
    await expect(oauth1Signature(1 as never, { privateKey: pair.privatePem })).rejects.toMatchObject({
      message: '"baseString" must be a string',
    });
  });
});
