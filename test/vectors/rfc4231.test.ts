import { describe, expect, it } from "vitest";
import { macPrimitives, subtleVerifies } from "../support/macs.ts";

/** RFC 4231 sections 4.2 to 4.8, HMAC-SHA-256; test case 5 is cut to 128 bits there. */
const cases: [name: string, key: string, data: string, mac: string][] = [
  [
    "test case 1",
    "0b".repeat(20),
    "4869205468657265",
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  ],
  [
    "test case 2: a key shorter than the output",
    "4a656665",
    "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  [
    "test case 3: key and data longer than 64 bytes together",
    "aa".repeat(20),
    "dd".repeat(50),
    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
  ],
  [
    "test case 4",
    "0102030405060708090a0b0c0d0e0f10111213141516171819",
    "cd".repeat(50),
    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
  ],
  ["test case 5: cut to 128 bits", "0c".repeat(20), "546573742057697468205472756e636174696f6e", "a3b6167473100ee06e0c796c2955552b"],
  [
    "test case 6: a key longer than a block",
    "aa".repeat(131),
    "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ],
  [
    "test case 7: key and data longer than a block",
    "aa".repeat(131),
    "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e64" +
      "2061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f20626520" +
      "686173686564206265666f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e",
    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
  ],
];

const hex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));

describe.each(macPrimitives)("RFC 4231 by %s", (_, mac) => {
  it.each(cases)("%s", async (...[, key, data, expected]) => {
    const full = await mac(hex(key), hex(data));
    expect(full).toHaveLength(32);
    expect(Buffer.from(full).toString("hex").slice(0, expected.length)).toBe(expected);
    expect(await subtleVerifies(hex(key), hex(data), full)).toBe(true);
  });
});

it("a MAC that is cut does not verify, however much of it is right", async () => {
  const [, key, data, expected] = cases[0] as (typeof cases)[number];
  for (const length of [0, 1, 16, 31]) {
    expect(await subtleVerifies(hex(key), hex(data), hex(expected).subarray(0, length))).toBe(false);
  }
});
