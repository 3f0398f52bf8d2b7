import * as fc from "fast-check";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { base64url, encode, tryDecode } from "../../../src/encoding/base64url.ts";
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
