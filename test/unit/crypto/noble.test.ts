import { createHash, createHmac } from "node:crypto";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { nobleIncremental, nobleMac, nobleSha256 } from "../../../src/crypto/noble.ts";

const bytes = fc.uint8Array({ maxLength: 300 });

it("hashes as node does, at once and piece by piece", () => {
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      const expected = createHash("sha256").update(first).update(second).digest("hex");
      expect(Buffer.from(nobleSha256(Buffer.concat([first, second]))).toString("hex")).toBe(expected);
      const state = nobleIncremental();
      state.update(first);
      state.update(second);
      expect(Buffer.from(state.digest()).toString("hex")).toBe(expected);
    }),
    { numRuns: 200, seed: 7 },
  );
});

it("computes the MAC that node computes, for secrets shorter and longer than a block", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), bytes, (secret, data) => {
      expect(Buffer.from(nobleMac(secret)(data)).toString("hex")).toBe(
        createHmac("sha256", secret).update(data).digest("hex"),
      );
    }),
    { numRuns: 200, seed: 8 },
  );
});

it("keeps the absorbed key from one use to the next", () => {
  const mac = nobleMac(Buffer.from("key"));
  const first = mac(Buffer.from("one"));
  mac(Buffer.from("two"));
  expect(mac(Buffer.from("one"))).toEqual(first);
});
