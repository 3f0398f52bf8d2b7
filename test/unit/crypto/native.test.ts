import { createHash, createHmac } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { nativeCrypto, nativeIncremental } from "../../../src/crypto/native.ts";
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
