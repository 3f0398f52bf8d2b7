import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { decodeLossyPortable, decodeStrictPortable, decodeUtf8, decodeUtf8Lossy, encodePortable, encodeUtf8, encodeUtf8Briefly, isWellFormed, toWellFormed } from "../../../src/encoding/utf8.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

/** UTF-8 samples of The Unicode Standard, tables 3-7 to 3-11, with the text that WHATWG Encoding makes of them. */
const malformed: [name: string, input: Uint8Array, lossy: string][] = [
  ["a lone continuation", bytes(0x80), "\ufffd"],
  ["an overlong slash", bytes(0xc0, 0xaf), "\ufffd\ufffd"],
  ["an overlong NUL in three bytes", bytes(0xe0, 0x80, 0x80), "\ufffd\ufffd\ufffd"],
  ["an overlong form in four bytes", bytes(0xf0, 0x80, 0x80, 0x80), "\ufffd\ufffd\ufffd\ufffd"],
  ["a surrogate", bytes(0xed, 0xa0, 0x80), "\ufffd\ufffd\ufffd"],
  ["beyond U+10FFFF", bytes(0xf4, 0x90, 0x80, 0x80), "\ufffd\ufffd\ufffd\ufffd"],
  ["the byte 0xff", bytes(0x41, 0xff, 0x42), "A\ufffdB"],
  ["a sequence cut off at the end", bytes(0xe5, 0xae), "\ufffd"],
  ["a sequence cut off by ASCII", bytes(0xf0, 0x9f, 0x98, 0x41), "\ufffdA"],
  ["table 3-11", bytes(0xe1, 0x80, 0xe2, 0xf0, 0x91, 0x92, 0xf1, 0xbf, 0x41), "\ufffd\ufffd\ufffd\ufffdA"],
];

describe("encodeUtf8", () => {
  it("writes each length of sequence", () => {
    expect([...encodeUtf8("A\u00e9\u20ac\u{1f600}")]).toEqual([
      0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80,
    ]);
  });

  it("writes U+FFFD for a lone surrogate, first, last and alone", () => {
    expect([...encodeUtf8("\ud800A\udc00")]).toEqual([0xef, 0xbf, 0xbd, 0x41, 0xef, 0xbf, 0xbd]);
  });
});

describe("encodeUtf8Briefly", () => {
  it.each([0, 1, 340, 341, 342, 1023, 1024, 16384, 16385, 100_000])("writes %i characters of three bytes, and of one", (length) => {
    const wide = encodeUtf8Briefly("\u20ac".repeat(length));
    expect(Buffer.from(wide).equals(Buffer.from("\u20ac".repeat(length)))).toBe(true);
    const narrow = encodeUtf8Briefly("a".repeat(length));
    expect(Buffer.from(narrow).equals(Buffer.alloc(length, "a"))).toBe(true);
  });

  it("writes over what it wrote before, and shows a short text without the end of a longer one", () => {
    const first = encodeUtf8Briefly("abc");
    expect([...encodeUtf8Briefly("z")]).toEqual([0x7a]);
    expect([...first]).toEqual([0x7a, 0x62, 0x63]);
  });
});

describe("well-formed text", () => {
  it("is what the platform calls so, and is made so as the platform does it", () => {
    const units = fc.array(fc.constantFrom("a", "\ud83d", "\ude00", "\ud83d\ude00", "\u00fc"), { maxLength: 8 });
    fc.assert(
      fc.property(units, (list) => {
        const text = list.join("");
        const encoded = new TextEncoder().encode(text);
        const made = new TextDecoder("utf-8", { ignoreBOM: true }).decode(encoded);
        expect(toWellFormed(text)).toBe(made);
        expect(isWellFormed(text)).toBe(made === text);
      }),
    );
  });
});

describe("decodeUtf8", () => {
  it("keeps a byte order mark in sight", () => {
    expect(decodeUtf8(bytes(0xef, 0xbb, 0xbf, 0x7b))).toBe("\ufeff{");
  });

  it.each(malformed)("refuses %s", (_, input) => {
    expect(decodeUtf8(input)).toBeUndefined();
  });
});

describe("decodeUtf8Lossy", () => {
  it("keeps a byte order mark in sight", () => {
    expect(decodeUtf8Lossy(bytes(0xef, 0xbb, 0xbf, 0x7b))).toBe("\ufeff{");
  });

  it.each(malformed)("writes a U+FFFD for each maximal subpart of %s", (_, input, lossy) => {
    expect(decodeUtf8Lossy(input)).toBe(lossy);
  });
});

describe("without TextEncoder and TextDecoder", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("does the same work", () => {
    vi.stubGlobal("TextEncoder", undefined);
    vi.stubGlobal("TextDecoder", undefined);
    expect([...encodeUtf8("\u5bae\udc00")]).toEqual([0xe5, 0xae, 0xae, 0xef, 0xbf, 0xbd]);
    expect(decodeUtf8(bytes(0xe5, 0xae, 0xae))).toBe("\u5bae");
    expect(decodeUtf8(bytes(0xe5, 0xae))).toBeUndefined();
    expect(decodeUtf8Lossy(bytes(0xe5, 0xae))).toBe("\ufffd");
  });

  it.each(malformed)("treats %s as the platform does", (_, input, lossy) => {
    expect(() => decodeStrictPortable(input)).toThrow(URIError);
    expect(decodeLossyPortable(input)).toBe(lossy);
  });

  it("encodes what the platform encodes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 64 }), fc.nat(0xffff), (text, unit) => {
        const input = text + String.fromCharCode(unit) + text;
        expect(encodePortable(input)).toEqual(new TextEncoder().encode(input));
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it("decodes what the platform decodes", () => {
    const sequence = fc.constantFrom(0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf);
    const lead = fc.constantFrom(0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff);
    fc.assert(
      fc.property(fc.array(fc.oneof(sequence, lead), { maxLength: 12 }), (values) => {
        const input = Uint8Array.from(values);
        expect(decodeLossyPortable(input)).toBe(new TextDecoder("utf-8", { ignoreBOM: true }).decode(input));
        const strict = decodeUtf8(input);
        if (strict === undefined) expect(() => decodeStrictPortable(input)).toThrow(URIError);
        else expect(decodeStrictPortable(input)).toBe(strict);
      }),
      { numRuns: 5000, seed: 2 },
    );
  });
});
