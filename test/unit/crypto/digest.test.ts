import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type * as Digest from "../../../src/crypto/digest.ts";

const node = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

/** FIPS 180-2 appendix B, and the empty text of the NIST short messages. */
const vectors: [text: string, digest: string][] = [
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
];

describe.each(["native", "noble"])("by %s", (crypto) => {
  let digest: typeof Digest;

  beforeEach(async () => {
    // The native crypto is looked for once: a fresh copy of the modules looks again.
    vi.resetModules();
    digest = await import("../../../src/crypto/digest.ts");
    const { nativeCrypto } = await import("../../../src/crypto/native.ts");
    if (crypto === "noble") vi.stubGlobal("process", {});
    expect(nativeCrypto() === undefined).toBe(crypto === "noble");
    vi.unstubAllGlobals();
  });
  it.each(vectors)("hashes %j", (text, expected) => {
    expect(digest.sha256Hex(text)).toBe(expected);
    expect(digest.sha256HexOfParts([text])).toBe(expected);
    expect(digest.sha256HexOfParts(text)).toBe(expected);
  });

  it("hashes UTF-8, with U+FFFD for a lone surrogate", () => {
    for (const text of ["\u5bae\u{1f600}", "a\ud800b", "\udc00"]) {
      expect(digest.sha256Hex(text)).toBe(node(text));
      expect(digest.sha256HexOfParts([text])).toBe(node(text));
    }
  });

  it("hashes a million letters", () => {
    const expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
    expect(digest.sha256Hex("a".repeat(1_000_000))).toBe(expected);
    expect(digest.sha256HexOfParts(Array.from({ length: 1000 }, () => "a".repeat(1000)))).toBe(expected);
  });

  it("makes no difference between a text and its parts, wherever they are cut", () => {
    const part = fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.constantFrom("x".repeat(16383), "y".repeat(16384)));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        expect(digest.sha256HexOfParts(parts)).toBe(node(parts.join("")));
      }),
      { numRuns: 100, seed: 6 },
    );
  });
});
