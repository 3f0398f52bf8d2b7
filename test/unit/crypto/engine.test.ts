import { createHmac, generateKeyPairSync, sign as nodeSign } from "node:crypto";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { equalBytes, signRsa, syncEngine, verifyRsa, webEngine } from "../../../src/crypto/engine.ts";
import type { MacEngine } from "../../../src/crypto/engine.ts";
import { secretKey } from "../../../src/crypto/keys.ts";
import { privateKey, publicKey } from "../../../src/crypto/rsa-keys.ts";
import { failure, rejection } from "../../support/failure.ts";

const SECRET = "an-engine-secret-of-at-least-64-bytes-so-that-it-fits-every-hash-there-is";
const INPUT = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJcdTViYWUifQ \u5bae";
const key = secretKey(SECRET);
const expected = createHmac("sha256", SECRET).update(INPUT, "utf8").digest();
const MISSING = { name: "UnsupportedError", code: "ERR_UNSUPPORTED_RUNTIME", message: "crypto.subtle is missing in this runtime" };

afterEach(() => void vi.unstubAllGlobals());

async function speaksHs256(engine: MacEngine): Promise<void> {
  const mac = await engine.sign(key, INPUT);
  expect(Buffer.from(mac)).toEqual(expected);
  expect(await engine.verify(key, INPUT, expected)).toBe(true);
  expect(await engine.verify(key, INPUT, expected.subarray(0, 31))).toBe(false);
  expect(await engine.verify(key, INPUT, Buffer.concat([expected, Buffer.of(0)]))).toBe(false);
  expect(await engine.verify(key, INPUT, new Uint8Array())).toBe(false);
  expect(await engine.verify(key, `${INPUT} `, expected)).toBe(false);
  expect(await engine.verify(secretKey(`${SECRET}.`), INPUT, expected)).toBe(false);
  for (let bit = 0; bit < 256; bit++) {
    const flipped = Buffer.from(expected);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    if (await engine.verify(key, INPUT, flipped)) throw new Error(`bit ${bit} does not count`);
  }
}

describe("webEngine", () => {
  it("goes through webcrypto", async () => {
    expect(webEngine.name).toBe("webcrypto");
    await speaksHs256(webEngine);
  });

  it("goes through noble where crypto.subtle is missing, with the same result", async () => {
    vi.stubGlobal("crypto", undefined);
    expect(webEngine.name).toBe("noble");
    await speaksHs256(webEngine);
    await speaksHs256(webEngine);
  });

  it.each(["HS384", "HS512"] as const)("speaks %s, without a fallback", async (alg) => {
    const long = secretKey(SECRET, { alg });
    const mac = createHmac(`sha${alg.slice(2)}`, SECRET).update(INPUT).digest();
    expect(Buffer.from(await webEngine.sign(long, INPUT))).toEqual(mac);
    expect(await webEngine.verify(long, INPUT, mac)).toBe(true);
    expect(await webEngine.verify(long, INPUT, expected)).toBe(false);
    vi.stubGlobal("crypto", undefined);
    expect(await rejection(Promise.resolve(webEngine.sign(long, INPUT)))).toEqual(MISSING);
    expect(await rejection(Promise.resolve(webEngine.verify(long, INPUT, mac)))).toEqual(MISSING);
  });
});

describe("syncEngine", () => {
  it("goes through native crypto, at once", async () => {
    expect(syncEngine.name).toBe("native");
    expect(Buffer.from(syncEngine.sign(key, INPUT))).toEqual(expected);
    expect(syncEngine.verify(key, INPUT, expected)).toBe(true);
    await speaksHs256(syncEngine);
  });

  it("refuses every other hash", () => {
    for (const alg of ["HS384", "HS512"] as const) {
      const long = secretKey(SECRET, { alg });
      const refusal = {
        name: "UnsupportedError",
        code: "ERR_UNSUPPORTED_RUNTIME",
        message: "the synchronous engine speaks HS256 only",
      };
      expect(failure(() => syncEngine.sign(long, INPUT))).toEqual(refusal);
      expect(failure(() => syncEngine.verify(long, INPUT, expected))).toEqual(refusal);
    }
  });

  it("goes through noble where native crypto cannot be reached", async () => {
    vi.resetModules();
    const fresh = await import("../../../src/crypto/engine.ts");
    const keys = await import("../../../src/crypto/keys.ts");
    vi.stubGlobal("process", undefined);
    expect(fresh.syncEngine.name).toBe("noble");
    expect(Buffer.from(fresh.syncEngine.sign(keys.secretKey(SECRET), INPUT)).toString("hex")).toBe(expected.toString("hex"));
    expect(fresh.syncEngine.verify(keys.secretKey(SECRET), INPUT, expected)).toBe(true);
  });
});

describe("secrets and inputs of every length", () => {
  const secrets = fc.uint8Array({ minLength: 1, maxLength: 200 });
  const inputs = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ minLength: 3000, maxLength: 20_000 }));

  it.each([
    ["webcrypto", webEngine],
    ["native", syncEngine],
    ["noble", webEngine],
  ] as const)("by %s: what node computes, and nothing is left over from one to the next", async (name, engine) => {
    if (name === "noble") vi.stubGlobal("crypto", undefined);
    expect(engine.name).toBe(name);
    await fc.assert(
      fc.asyncProperty(secrets, inputs, inputs, async (secret, first, second) => {
        const same = secretKey(secret, { allowShortSecret: true });
        for (const input of [first, second, first]) {
          const mac = createHmac("sha256", secret).update(input, "utf8").digest();
          expect(Buffer.from(await engine.sign(same, input)).toString("hex")).toBe(mac.toString("hex"));
          expect(await engine.verify(same, input, mac)).toBe(true);
          mac[31] = (mac[31] as number) ^ 1;
          expect(await engine.verify(same, input, mac)).toBe(false);
        }
      }),
      { numRuns: 150, seed: 60 },
    );
  });

  it("by all three: secrets of a block, one byte less and one byte more", async () => {
    for (const length of [32, 55, 56, 63, 64, 65, 128, 129]) {
      const secret = new Uint8Array(length).fill(length);
      const mac = createHmac("sha256", secret).update("input").digest("hex");
      const same = secretKey(secret);
      expect(Buffer.from(syncEngine.sign(same, "input")).toString("hex")).toBe(mac);
      expect(Buffer.from(await webEngine.sign(same, "input")).toString("hex")).toBe(mac);
      vi.stubGlobal("crypto", undefined);
      expect(Buffer.from(await webEngine.sign(same, "input")).toString("hex")).toBe(mac);
      vi.unstubAllGlobals();
    }
  });
});

describe("RSA", () => {
  let pem: { publicKey: string; privateKey: string };
  let signature: Buffer;

  beforeEach(() => {
    pem ??= generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    signature = nodeSign("sha256", Buffer.from(INPUT), pem.privateKey);
  });

  it("signs and verifies as node does", async () => {
    expect(Buffer.from(await signRsa(privateKey(pem.privateKey), INPUT))).toEqual(signature);
    expect(await verifyRsa(publicKey(pem.publicKey), INPUT, signature)).toBe(true);
    expect(await verifyRsa(publicKey(pem.publicKey), `${INPUT} `, signature)).toBe(false);
  });

  it("asks nobody about a signature that is not as long as the modulus (RFC 8017 section 8.2.2)", async () => {
    const verifier = publicKey(pem.publicKey);
    const verify = vi.spyOn(crypto.subtle, "verify");
    for (const wrong of [signature.subarray(1), Buffer.concat([Buffer.of(0), signature]), new Uint8Array()]) {
      expect(await verifyRsa(verifier, INPUT, wrong)).toBe(false);
    }
    expect(verify).not.toHaveBeenCalled();
    expect(await verifyRsa(verifier, INPUT, signature)).toBe(true);
    expect(verify).toHaveBeenCalledTimes(1);
    verify.mockRestore();
  });

  it("has no fallback", async () => {
    vi.stubGlobal("crypto", undefined);
    expect(await rejection(signRsa(privateKey(pem.privateKey), INPUT))).toEqual(MISSING);
    expect(await rejection(verifyRsa(publicKey(pem.publicKey), INPUT, signature))).toEqual(MISSING);
  });
});

it("equalBytes looks at every byte and at the length", () => {
  const bytes = (...values: number[]) => new Uint8Array(values);
  expect(equalBytes(bytes(), bytes())).toBe(true);
  expect(equalBytes(bytes(1, 2), bytes(1, 2))).toBe(true);
  expect(equalBytes(bytes(1, 2), bytes(1, 3))).toBe(false);
  expect(equalBytes(bytes(1, 2), bytes(0, 2))).toBe(false);
  expect(equalBytes(bytes(1, 2), bytes(1))).toBe(false);
  expect(equalBytes(bytes(1), bytes(1, 2))).toBe(false);
});
