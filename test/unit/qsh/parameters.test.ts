import { describe, expect, it } from "vitest";
import { addParameter, parsePairs } from "../../../src/qsh/parameters.ts";
import type { ParameterMap } from "../../../src/qsh/parameters.ts";

describe("parsePairs", () => {
  it.each([
    ["", []],
    ["&", []],
    ["&&a=1&&b=2&", [["a", "1"], ["b", "2"]]],
    ["a", [["a", ""]]],
    ["a=", [["a", ""]]],
    ["=", [["", ""]]],
    ["=b", [["", "b"]]],
    ["a=b=c", [["a", "b=c"]]],
    ["a==", [["a", "="]]],
    ["a;b=c", [["a;b", "c"]]],
    ["a+b=c+d", [["a b", "c d"]]],
    ["a%2Bb=c%26d%3De", [["a+b", "c&d=e"]]],
    ["%E5%AE%AE=%zz", [["\u5bae", "%zz"]]],
    ["a=%C0%80", [["a", "\ufffd\ufffd"]]],
    ["\ud800=\udc00", [["\ufffd", "\ufffd"]]],
    ["\u{1f600}=1", [["\u{1f600}", "1"]]],
    ["?a=1", [["?a", "1"]]],
    ["__proto__=1&constructor", [["__proto__", "1"], ["constructor", ""]]],
  ])("%j", (query, pairs) => {
    expect([...parsePairs(query)]).toEqual(pairs);
  });

  it("decodes as it is told", () => {
    expect([...parsePairs("a+b=%41", (text) => text)]).toEqual([["a+b", "%41"]]);
  });
});

it("addParameter keeps every value, in the order they came", () => {
  const parameters: ParameterMap = new Map();
  for (const [name, value] of [["a", "1"], ["__proto__", "2"], ["a", "3"], ["a", "1"], ["", ""]] as const) {
    addParameter(parameters, name, value);
  }
  expect([...parameters]).toEqual([
    ["a", ["1", "3", "1"]],
    ["__proto__", "2"],
    ["", ""],
  ]);
});
