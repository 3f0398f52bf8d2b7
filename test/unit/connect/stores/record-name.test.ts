import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordName } from "../../../../src/connect/stores/record-name.ts";

describe("recordName", () => {
  test.each([
    ["a tenant's usual key stays readable", "1a2b3c4d-0000-1111-2222-333344445555", "1a2b3c4d-0000-1111-2222-333344445555"],
    ["capitals are escaped, for media that fold case", "Confluence:42", "_43onfluence_3a42"],
    ["what has a meaning in a path or a key is escaped", "a/../b:c?d\\e", "a_2f_2e_2e_2fb_3ac_3fd_5ce"],
    ["the sign of an escape is escaped", "_2f", "_5f2f"],
    ["by its UTF-8", "é😀", "_c3_a9_f0_9f_98_80"],
    ["nothing", "", "_"],
  ])("%s", (_what, text, name) => {
    expect(recordName(text)).toBe(name);
  });

  test("a name that would be too long is a digest, however long the text", () => {
    const digest = (text: string): string => `__${createHash("sha256").update(text).digest("hex")}`;
    const long = "x".repeat(16384);
    expect(recordName(long)).toBe(digest(long));
    expect(recordName("x".repeat(200))).toBe("x".repeat(200));
    expect(recordName("x".repeat(201))).toBe(digest("x".repeat(201)));
    expect(recordName("Ü".repeat(34))).toBe(digest("Ü".repeat(34)));
  });

  test("two texts never share a name, and every name is safe", () => {
    const odd = fc.string({ unit: fc.constantFrom("a", "A", "_", "-", "/", ":", "2", "f", "é", "😀"), maxLength: 6 });
    fc.assert(
      fc.property(odd, odd, (a, b) => {
        expect(recordName(a)).toMatch(/^[a-z0-9_-]+$/);
        expect(recordName(a) === recordName(b)).toBe(a === b);
      }),
    );
  });
});
