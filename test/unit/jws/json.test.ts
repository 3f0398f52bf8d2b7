import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJsonObject, parseJsonSegment } from "../../../src/jws/json.ts";
import { segment } from "../../support/token.ts";

const nest = (depth: number, open: string, inner: string, close: string) =>
  open.repeat(depth) + inner + close.repeat(depth);

describe("parseJsonObject", () => {
  it.each([
    ["an empty object", "{}", {}],
    ["white space of JSON", " \t\r\n{ \"a\" : 1 }\n", { a: 1 }],
    ["colons in strings", '{"a:b":"c:d","e":["f:"]}', { "a:b": "c:d", e: ["f:"] }],
    ["escaped quotes before a colon", String.raw`{"a\":":"\\","b\\":"\":"}`, { 'a":': "\\", "b\\": '":' }],
    ["one name in different objects", '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}', { a: { a: { a: 1 } }, b: [{ a: 1 }, { a: 2 }] }],
    ["names of Object.prototype", '{"constructor":1,"toString":2,"hasOwnProperty":3}', { constructor: 1, toString: 2, hasOwnProperty: 3 }],
    ["numbers as JSON has them", '{"a":-0.5e1,"b":1E2}', { a: -5, b: 100 }],
    ["members that hold null", '{"a":null,"b":[null]}', { a: null, b: [null] }],
  ])("takes %s", (_, text, value) => {
    expect(parseJsonObject(text)).toEqual(value);
  });

  it.each([
    ["nothing", ""],
    ["an array", "[]"],
    ["null", "null"],
    ["a string", '"{}"'],
    ["a number", "1"],
    ["true", "true"],
    ["text after the object", "{}x"],
    ["two objects", "{}{}"],
    ["a byte order mark", "\ufeff{}"],
    ["white space that JSON has not", "\u00a0{}"],
    ["single quotes", "{'a':1}"],
    ["a comma at the end", '{"a":1,}'],
    ["a comment", '{"a":1/**/}'],
    ["NaN", '{"a":NaN}'],
    ["a leading zero", '{"a":01}'],
    ["a control character in a string", '{"a":"\n"}'],
    ["a name that stands twice", '{"a":1,"a":1}'],
    ["a name that stands twice, once escaped", String.raw`{"exp":1,"\u0065xp":2}`],
    ["a name that stands twice, deep down", '{"a":[{"b":{"c":1,"d":2,"c":3}}]}'],
    ["a name that stands twice, the first time with members", '{"a":{"x":1,"y":2},"a":1}'],
    ["a name that stands twice, a space before its first colon", '{"a" :1,"a":2}'],
    ["a name that stands twice, a space before its second colon", '{"a":1,"a" :2}'],
    ["a name that stands twice, a tab before its colon", '{"a"\t:1,"a":2}'],
    ["a name that stands twice, a line break before its colon", '{"a"\n:1,"a":2}'],
    ["a name that stands twice, a carriage return before its colon", '{"a"\r:1,"a":2}'],
    ["a name that stands twice, far from its colon, and a value like a name", '{"a"   :1,"a":":"}'],
    ["an array index that stands twice", '{"0":1,"0":2}'],
    ["an empty name that stands twice", '{"":1,"":2}'],
    ["__proto__", '{"__proto__":{"exp":1}}'],
    ["__proto__, escaped", String.raw`{"__\u0070roto__":1}`],
    ["__proto__, deep down", '{"a":[{"__proto__":null}]}'],
    ["__proto__, twice", '{"__proto__":1,"__proto__":2}'],
  ])("refuses %s", (_, text) => {
    expect(parseJsonObject(text)).toBeUndefined();
  });

  it("takes 32 levels, of objects and of arrays, and refuses the 33rd", () => {
    expect(parseJsonObject(nest(31, '{"a":', "{}", "}"))).toBeTypeOf("object");
    expect(parseJsonObject(nest(32, '{"a":', "{}", "}"))).toBeUndefined();
    expect(parseJsonObject(nest(32, '{"a":', "1", "}"))).toBeTypeOf("object");
    expect(parseJsonObject(`{"a":${nest(30, "[", "[]", "]")}}`)).toBeTypeOf("object");
    expect(parseJsonObject(`{"a":${nest(31, "[", "[]", "]")}}`)).toBeUndefined();
  });

  it("refuses what would exhaust the stack, without an exception", () => {
    expect(parseJsonObject(nest(100_000, "[", "", "]"))).toBeUndefined();
    expect(parseJsonObject(nest(100_000, '{"a":', "1", "}"))).toBeUndefined();
  });

  it("reads back every object that JSON can write", () => {
    const value = fc.dictionary(
      fc.string({ unit: "binary" }).filter((name) => name !== "__proto__"),
      fc.jsonValue({ maxDepth: 4, noUnicodeString: false }).filter((json) => !JSON.stringify(json).includes("__proto__")),
    );
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, "\t"), (object, space) => {
        const text = JSON.stringify(object, null, space);
        expect(JSON.stringify(parseJsonObject(text), null, space)).toBe(text);
      }),
      { numRuns: 1000, seed: 10 },
    );
  });

  it("sees any member that was written twice", () => {
    const name = fc.string({ unit: fc.constantFrom('"', "\\", ":", "a", "{", "}", "\u5bae"), maxLength: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), fc.nat(), fc.boolean(), (names, at, deep) => {
        const members = names.map((each) => `${JSON.stringify(each)}:":\\""`);
        const object = (list: string[]) => (deep ? `{"o":[{${list.join(",")}}]}` : `{${list.join(",")}}`);
        expect(parseJsonObject(object(members))).toBeTypeOf("object");
        expect(parseJsonObject(object([...members, members[at % members.length] as string]))).toBeUndefined();
      }),
      { numRuns: 1000, seed: 11 },
    );
  });
});

describe("parseJsonSegment", () => {
  it("reads base64url of UTF-8 of JSON", () => {
    expect(parseJsonSegment(segment('{"a":"\u5bae"}'))).toEqual({ a: "\u5bae" });
  });

  it.each([
    ["padding", "e30="],
    ["unused bits", "e31"],
    ["bytes that are not UTF-8", segment(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))],
    ["an overlong form", segment(new Uint8Array([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]))],
    ["a byte order mark", segment("\ufeff{}")],
    ["UTF-16", segment(Buffer.from("{}", "utf16le"))],
    ["no JSON", segment("{")],
    ["an array", segment("[]")],
  ])("refuses %s", (_, text) => {
    expect(parseJsonSegment(text)).toBeUndefined();
  });
});
