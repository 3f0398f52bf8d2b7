import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { encodeHex } from "../../../src/encoding/hex.ts";

it("writes every byte as two lower-case digits", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(encodeHex(all)).toBe(Buffer.from(all).toString("hex"));
  expect(encodeHex(new Uint8Array([0x00, 0x0f, 0xf0, 0xff]))).toBe("000ff0ff");
});

it("writes nothing as nothing", () => {
  expect(encodeHex(new Uint8Array())).toBe("");
});

it("agrees with node on random bytes", () => {
  const bytes = randomBytes(4096);
  expect(encodeHex(bytes)).toBe(bytes.toString("hex"));
});
