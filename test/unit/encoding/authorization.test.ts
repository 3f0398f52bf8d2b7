import { describe, expect, test } from "vitest";
import { readAuthorization } from "../../../src/encoding/authorization.ts";

describe("readAuthorization", () => {
  test.each<[string | null, unknown]>([
    [null, undefined],
    ["", undefined],
    ["JWT a.b.c", { token: "a.b.c", isAlone: true }],
    ["jwt a.b.c", { token: "a.b.c", isAlone: true }],
    ["jWt   a.b.c", { token: "a.b.c", isAlone: true }],
    ["JWT", { token: "", isAlone: true }],
    ["JWTa.b.c", undefined],
    ["JWT\ta.b.c", undefined],
    ["Bearer a.b.c", undefined],
    ["Bearer JWT", undefined],
    ["Basic JWT a.b.c", undefined],
    ["JWT a.b.c, JWT d.e.f", { token: "a.b.c", isAlone: false }],
    ["JWT a.b.c,JWT a.b.c", { token: "a.b.c", isAlone: false }],
    ["Basic dTpw, JWT a.b.c", { token: "a.b.c", isAlone: false }],
    ["JWT a.b.c,", { token: "a.b.c", isAlone: false }],
    [",JWT a.b.c", { token: "a.b.c", isAlone: false }],
    ["JWT a b", { token: "a b", isAlone: true }],
    ['Digest realm="JWT x", nonce="y"', undefined],
  ])("%j", (header, expected) => {
    expect(readAuthorization(header, "jwt")).toEqual(expected);
  });

  test("a megabyte of commas takes no time", () => {
    const start = performance.now();
    expect(readAuthorization(",".repeat(1 << 20), "jwt")).toBe(undefined);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
