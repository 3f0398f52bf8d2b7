import * as fc from "fast-check";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { base64url, decodePortable, encode, encodeText, tryDecode, tryDecodeText } from "../../../src/encoding/base64url.ts";
import { badType, badValue, failure } from "../../support/failure.ts";

const NOT_CANONICAL = badValue('"text" must be canonical base64url without padding');
const utf8 = (text: string) => new TextEncoder().encode(text);

describe("RFC 4648 section 10, padding left off as RFC 7515 section 2 says", () => {
  it.each([
    ["", ""],
    ["f", "Zg"],
    ["fo", "Zm8"],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg"],
    ["fooba", "Zm9vYmE"],
    ["foobar", "Zm9vYmFy"],
  ])("%j is %j", (text, encoded) => {
    expect(base64url.encode(utf8(text))).toBe(encoded);
    expect(base64url.decode(encoded)).toEqual(utf8(text));
  });
});

it("writes RFC 7515 appendix C", () => {
  expect(base64url.encode(new Uint8Array([3, 236, 255, 224, 193]))).toBe("A-z_4ME");
  expect([...base64url.decode("A-z_4ME")]).toEqual([3, 236, 255, 224, 193]);
});

it("knows the whole alphabet", () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  expect(Buffer.from(base64url.decode(alphabet))).toEqual(Buffer.from(alphabet, "base64url"));
  expect(base64url.encode(base64url.decode(alphabet))).toBe(alphabet);
});

it("agrees with node on bytes of any length", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = Buffer.from(bytes).toString("base64url");
      expect(base64url.encode(bytes)).toBe(text);
      expect(base64url.decode(text)).toEqual(bytes);
    }),
    { numRuns: 500, seed: 3 },
  );
});

describe("decode refuses", () => {
  it.each([
    ["padding", "Zg=="],
    ["the alphabet of plain base64", "+/8A"],
    ["a space", "Zm 9v"],
    ["a line feed at the end", "Zm9v\n"],
    ["a full stop", "Zm.v"],
    ["a question mark", "Zm?v"],
    ["a percent sign", "Zg%3D"],
    ["NUL", "Zm9\0"],
    ["a character whose low byte is in the alphabet", "Zm9\u0141"],
    ["an astral character", "Zm\u{1d400}"],
    ["one character", "Z"],
    ["4n + 1 characters", "Zm9vY"],
    ["unused bits of one byte", "Zh"],
    ["unused bits of two bytes", "Zm9"],
  ])("%s", (_, text) => {
    expect(failure(() => base64url.decode(text))).toEqual(NOT_CANONICAL);
  });

  it("every spelling but one of the last character", () => {
    const alphabet = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];
    expect(alphabet.filter((char) => tryDecode(`A${char}`) !== undefined)).toEqual(["A", "Q", "g", "w"]);
    expect(alphabet.filter((char) => tryDecode(`AA${char}`) !== undefined)).toHaveLength(16);
    expect(alphabet.filter((char) => tryDecode(`AAA${char}`) !== undefined)).toHaveLength(64);
  });

  it("what is no string", () => {
    for (const value of [undefined, null, 1, ["Zg"], new Uint8Array(2)]) {
      expect(failure(() => base64url.decode(value as unknown as string))).toEqual(badType('"text" must be a string'));
    }
  });
});

describe("encode", () => {
  it("takes bytes of another realm, and a node Buffer", () => {
    expect(base64url.encode(runInNewContext("new Uint8Array([102])") as Uint8Array)).toBe("Zg");
    expect(base64url.encode(Buffer.from("foo"))).toBe("Zm9v");
  });

  it("refuses what is no bytes", () => {
    for (const value of [undefined, null, "Zg", [1, 2], new ArrayBuffer(1)]) {
      expect(failure(() => base64url.encode(value as unknown as Uint8Array))).toEqual(
        badType('"bytes" must be a Uint8Array'),
      );
    }
  });

  it("reads the bytes of a view, not of its buffer", () => {
    expect(encode(new Uint8Array([1, 102, 2]).subarray(1, 2))).toBe("Zg");
    const { buffer } = new Uint8Array([1, 102, 2, 0]);
    expect(base64url.encode(new DataView(buffer, 1, 1) as unknown as Uint8Array)).toBe("Zg");
    expect(base64url.encode(new Uint16Array(buffer) as unknown as Uint8Array)).toBe("AWYCAA");
  });
});

describe("text", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const reference = (text: string): string | undefined => {
    const bytes = tryDecode(text);
    try {
      return bytes === undefined ? undefined : strict.decode(bytes);
    } catch {
      return undefined;
    }
  };

  afterEach(() => void vi.unstubAllGlobals());

  it("is encoded as its UTF-8 is, in pieces too", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(encodeText(text)).toBe(Buffer.from(text).toString("base64url"));
      }),
      { numRuns: 500, seed: 31 },
    );
    for (const text of ["a".repeat(4095), "a".repeat(4096), `${"a".repeat(4094)}\u00e9`, "\u5bae".repeat(9999)]) {
      expect(encodeText(text)).toBe(Buffer.from(text).toString("base64url"));
      expect(tryDecodeText(encodeText(text))).toBe(text);
    }
  });

  it("is decoded from the canonical form alone, as bytes are", () => {
    // Near misses: the characters that atob forgives, and those that it translates.
    const char = fc.constantFrom(..."AQgw_-Z9+/= \n\f=.\u00e9");
    fc.assert(
      fc.property(fc.string({ unit: char, maxLength: 9 }), (text) => {
        expect(tryDecodeText(text)).toBe(reference(text));
      }),
      { numRuns: 20_000, seed: 32 },
    );
  });

  it("is the same in an engine without atob and btoa", () => {
    const texts = ["", "{}", "caf\u00e9", "a\u{1f600}", "\ufeff"].map((text) => Buffer.from(text).toString("base64url"));
    const inputs = [...texts, "Zh", "Zg=", "Z g", "Zg+/", "gA"];
    const expected = inputs.map(tryDecodeText);
    vi.stubGlobal("atob", undefined);
    vi.stubGlobal("btoa", undefined);
    expect(inputs.map(tryDecodeText)).toEqual(expected);
    expect(encodeText("caf\u00e9?>")).toBe("Y2Fmw6k_Pg");
  });
});

describe("decodePortable", () => {
  it("decodes as Buffer does, at every length", () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 37 + length) & 255));
      expect(Buffer.from(decodePortable(bytes.toString("base64url")) ?? [])).toEqual(bytes);
    }
  });

  it.each(["A", "AAAAA", "AB", "AAB", "AA=", "AA==", "A+AA", "A/AA", " AAA", "AA\n", "\u0441AAA", "AA\u0141A"])(
    "refuses %j, as the platform's way does",
    (text) => {
      expect(decodePortable(text)).toBeUndefined();
      expect(tryDecode(text)).toBeUndefined();
    },
  );
});
