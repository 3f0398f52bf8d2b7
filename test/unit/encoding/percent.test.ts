import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeFormText,
  decodePercent,
  decodePercentBytes,
  encodePercent,
  hexDigit,
} from "../../../src/encoding/percent.ts";

describe("encodePercent", () => {
  it("leaves exactly the unreserved characters of RFC 3986 section 2.3", () => {
    const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
    const kept = ascii.filter((char) => encodePercent(char) === char).join("");
    expect(kept).toBe("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
  });

  it("writes every other ASCII character as its upper-case code", () => {
    for (let code = 0; code < 128; code++) {
      const char = String.fromCharCode(code);
      const encoded = encodePercent(char);
      if (encoded === char) continue;
      expect(encoded).toBe(`%${code.toString(16).toUpperCase().padStart(2, "0")}`);
    }
  });

  it.each([
    [" ", "%20"],
    ["a!'()*b", "a%21%27%28%29%2Ab"],
    ["\u5bae", "%E5%AE%AE"],
    ["\u{1f600}", "%F0%9F%98%80"],
    ["\ud800", "%EF%BF%BD"],
    ["a\udc00*b", "a%EF%BF%BD%2Ab"],
    ["", ""],
  ])("%j is %j", (text, encoded) => {
    expect(encodePercent(text)).toBe(encoded);
  });
});

describe("decodePercent", () => {
  it.each([
    ["nothing to do", "a+b", "a+b"],
    ["lower-case hex", "%e5%ae%ae", "\u5bae"],
    ["an encoded percent sign, once", "%2525", "%25"],
    ["an escape that is none", "%zz%20", "%zz "],
    ["an escape cut off", "%4", "%4"],
    ["a lone percent sign", "100%", "100%"],
    ["a percent sign before an escape", "%%41", "%A"],
    ["hex with a character of full width", "%\uff11\uff11", "%\uff11\uff11"],
    ["a sign where a digit should be", "%-1%+1", "%-1%+1"],
    ["an overlong form", "%C0%80", "\ufffd\ufffd"],
    ["a surrogate in UTF-8", "%ED%A0%80", "\ufffd\ufffd\ufffd"],
    ["UTF-8 cut off", "%E5%AE", "\ufffd"],
    ["text beside what is broken", "\u5bae%", "\u5bae%"],
    ["a byte order mark", "%EF%BB%BFa", "\ufeffa"],
    ["a byte order mark beside what is broken", "%EF%BB%BF%", "\ufeff%"],
  ])("%s", (_, text, decoded) => {
    expect(decodePercent(text)).toBe(decoded);
  });

  it("never throws, and takes off what encodePercent puts on", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom("%", "4", "e", "Z", "\ud800") }), (text, bad) => {
        expect(decodePercent(encodePercent(text))).toBe(text);
        expect(typeof decodePercent(bad)).toBe("string");
      }),
      { numRuns: 500, seed: 4 },
    );
  });
});

describe("decodeFormText", () => {
  it.each([
    ["a+b", "a b"],
    ["a%2Bb", "a+b"],
    ["+%zz+", " %zz "],
    ["+", " "],
  ])("%j is %j", (text, decoded) => {
    expect(decodeFormText(text)).toBe(decoded);
  });

  it("agrees with URLSearchParams on every query that is ASCII, as queries on the wire are", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("%", "4", "1", "e", "z", "+", "%E5%AE%AE", "%ff", "%f0%9f") }), (text) => {
        expect(decodeFormText(text)).toBe(new URLSearchParams(`a=${text}`).get("a"));
      }),
      { numRuns: 2000, seed: 5 },
    );
  });
});

it("decodePercentBytes keeps what is no escape", () => {
  const decoded = decodePercentBytes(Buffer.from("%41%4a%zz%FF%4%", "latin1"));
  expect(Buffer.from(decoded).toString("latin1")).toBe("AJ%zz\xff%4%");
});

it("hexDigit knows the 22 digits alone", () => {
  const digits = Array.from({ length: 256 }, (_, code) => code).filter((code) => hexDigit(code) >= 0);
  expect(String.fromCharCode(...digits)).toBe("0123456789ABCDEFabcdef");
  expect(digits.map((code) => hexDigit(code))).toEqual([..."0123456789ABCDEFabcdef"].map((char) => Number.parseInt(char, 16)));
  expect(hexDigit(undefined)).toBe(-1);
});
