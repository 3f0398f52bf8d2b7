import { createHash, createHmac } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { nativeCrypto, nativeHmac, nativeIncremental } from "../../../src/crypto/native.ts";
import type { NativeCrypto } from "../../../src/crypto/native.ts";

/** A copy of the module that has not looked yet. */
async function freshLookup(): Promise<() => NativeCrypto | undefined> {
  vi.resetModules();
  return (await import("../../../src/crypto/native.ts")).nativeCrypto;
}

describe("nativeCrypto", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("finds node:crypto here", () => {
    expect(nativeCrypto()?.createHmac).toBe(createHmac);
  });

  it.each([
    ["there is no process", undefined],
    ["process is older than getBuiltinModule", {}],
    ["the module is not built in", { getBuiltinModule: () => undefined }],
    [
      "the runtime forbids the look-up",
      {
        getBuiltinModule: () => {
          throw new Error("permission denied");
        },
      },
    ],
  ])("finds nothing where %s", async (_, process) => {
    const lookup = await freshLookup();
    vi.stubGlobal("process", process);
    expect(lookup()).toBeUndefined();
  });

  it("looks once", async () => {
    const lookup = await freshLookup();
    const getBuiltinModule = vi.fn(() => undefined);
    vi.stubGlobal("process", { getBuiltinModule });
    expect(lookup()).toBeUndefined();
    expect(lookup()).toBeUndefined();
    expect(getBuiltinModule.mock.calls).toEqual([["node:crypto"]]);
  });
});

it("hashes piece by piece", () => {
  const state = nativeIncremental({ createHash, createHmac } as unknown as NativeCrypto);
  state.update(new Uint8Array([0x61]));
  state.update(new Uint8Array([0x62, 0x63]));
  expect(Buffer.from(state.digest()).toString("hex")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

describe("nativeHmac, of the second case of RFC 4231", () => {
  const tag = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  const data = "what do ya want for nothing?";
  const key = new TextEncoder().encode("Jefe");
  const other = new TextEncoder().encode("another key");
  const keyedHash = { createHash, createHmac } as unknown as NativeCrypto;

  afterEach(() => void vi.unstubAllGlobals());

  it("by the one-shot hash", () => {
    expect(nativeHmac(nativeCrypto() as NativeCrypto, key, data, "hex")).toBe(tag);
  });

  it("by a keyed hash where there is no other", () => {
    expect(nativeHmac(keyedHash, key, data, "hex")).toBe(tag);
  });

  it("by Bun's hasher, made once for a key and copied for each text", () => {
    const made: Uint8Array[] = [];
    const hasher = (hash: string, secret: Uint8Array, text: string): object => ({
      copy: () => hasher(hash, secret, text),
      update: (more: string) => hasher(hash, secret, text + more),
      digest: (encoding: "hex") => createHmac(hash, secret).update(text).digest(encoding),
    });
    function CryptoHasher(hash: string, secret: Uint8Array): object {
      made.push(secret);
      return hasher(hash, secret, "");
    }
    vi.stubGlobal("Bun", { CryptoHasher });
    expect(nativeHmac(keyedHash, key, data, "hex")).toBe(tag);
    expect(nativeHmac(keyedHash, key, "", "hex")).not.toBe(tag);
    expect(nativeHmac(keyedHash, other, data, "hex")).not.toBe(tag);
    expect(nativeHmac(keyedHash, key, data, "hex")).toBe(tag);
    expect(made).toEqual([key, other, key]);
    vi.unstubAllGlobals();
    expect(nativeHmac(nativeCrypto() as NativeCrypto, other, data, "hex")).not.toBe(tag);
    vi.stubGlobal("Bun", { CryptoHasher });
    expect(nativeHmac(keyedHash, key, data, "hex")).toBe(tag);
  });
});

describe("nativeHmac of a long text", () => {
  const block = new Uint8Array(32).fill(7);
  const mac = (text: string): string => createHmac("sha256", block).update(text).digest("hex");

  it.each([
    [65_536, 2],
    [65_537, 0],
  ])("of %i characters takes the one-shot hash %i times, so that no memory for it is kept", (length, calls) => {
    const hash = vi.fn((_: string, data: string | Uint8Array, encoding: "hex" | "latin1" | "base64url") =>
      createHash("sha256").update(data).digest(encoding as "hex"),
    );
    const text = "\u20ac".repeat(length);
    expect(nativeHmac({ hash, createHash, createHmac } as unknown as NativeCrypto, block, text, "hex")).toBe(mac(text));
    expect(hash).toHaveBeenCalledTimes(calls);
  });
});
