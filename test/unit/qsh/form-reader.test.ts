import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormReader } from "../../../src/qsh/form-reader.ts";
import { parsePairs } from "../../../src/qsh/parameters.ts";
import { cutAt } from "../../support/chunks.ts";

function readForm(chunks: readonly Uint8Array[]): [string, string][] {
  const pairs: [string, string][] = [];
  const form = new FormReader((name, value) => void pairs.push([name, value]));
  for (const chunk of chunks) form.write(chunk);
  form.end();
  return pairs;
}

const BODY = "a=1&&b=%E5%AE%AE&c+d=%zz%4&=x&e&f==&%6A=\u5bae\u{1f600}&g=%F0%9F%98%80&h=+%2B+&";
const bytes = new TextEncoder().encode(BODY);
const PAIRS = [
  ["a", "1"],
  ["b", "\u5bae"],
  ["c d", "%zz%4"],
  ["", "x"],
  ["e", ""],
  ["f", "="],
  ["j", "\u5bae\u{1f600}"],
  ["g", "\u{1f600}"],
  ["h", " + "],
];

describe("FormReader", () => {
  it("reads a body whole", () => {
    expect(readForm([bytes])).toEqual(PAIRS);
  });

  it("reads it cut at every place", () => {
    for (let at = 0; at <= bytes.length; at++) expect(readForm(cutAt(bytes, [at]))).toEqual(PAIRS);
  });

  it("reads it byte by byte, with empty chunks between", () => {
    expect(readForm(cutAt(bytes, [...bytes.keys(), ...bytes.keys()]))).toEqual(PAIRS);
  });

  it("hands on each pair as soon as its ampersand is seen", () => {
    const names: string[] = [];
    const form = new FormReader((name) => void names.push(name));
    form.write(new TextEncoder().encode("a=1&b"));
    expect(names).toEqual(["a"]);
    form.write(new TextEncoder().encode("=2&"));
    expect(names).toEqual(["a", "b"]);
    form.end();
    expect(names).toEqual(["a", "b"]);
  });

  it("reads nothing as nothing", () => {
    expect(readForm([])).toEqual([]);
    expect(readForm([new Uint8Array()])).toEqual([]);
    expect(readForm([new TextEncoder().encode("&&&")])).toEqual([]);
  });

  it("leaves the caller's bytes as they are", () => {
    const chunk = new TextEncoder().encode("a+b=c+d");
    readForm([chunk]);
    expect(new TextDecoder().decode(chunk)).toBe("a+b=c+d");
  });

  it("reads values beyond its buffers, and small ones after them", () => {
    const large = "x".repeat(3_000_000);
    const chunks = cutAt(new TextEncoder().encode(`a=${large}&b=2&${large}=c`), [1000, 70_000, 1_500_000]);
    expect(readForm(chunks)).toEqual([["a", large], ["b", "2"], [large, "c"]]);
  });

  it("replaces what is not UTF-8, as WHATWG Encoding does", () => {
    expect(readForm([new Uint8Array([0x61, 0x3d, 0xff, 0x41, 0xe5, 0xae])])).toEqual([["a", "\ufffdA\ufffd"]]);
  });

  it("agrees with parsePairs on any body, however it is cut", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "=", "&", "+", "%", "4", "1", "%41", "%C3", "%A9", "\u00e9", "\u{1f600}") });
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 8 }), (body, places) => {
        expect(readForm(cutAt(new TextEncoder().encode(body), places))).toEqual([...parsePairs(body)]);
      }),
      { numRuns: 3000, seed: 20 },
    );
  });
});
