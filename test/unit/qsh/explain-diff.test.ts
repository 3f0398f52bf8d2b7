import { expect, test } from "vitest";
import { findDiff } from "../../../src/qsh/explain-diff.ts";

test.each<[where: string, canonical: string, variant: string, index: number, byte: number]>([
  ["at the front", "abc", "xbc", 0, 0],
  ["in the middle", "abc", "axc", 1, 1],
  ["behind the end of the one", "ab", "abc", 2, 2],
  ["behind the end of the other", "abc", "ab", 2, 2],
  ["behind letters of two and three bytes", "é宮a", "é宮b", 2, 5],
  ["behind a surrogate pair", "😀a", "😀b", 2, 4],
  ["in a surrogate pair, of which one half is the same", "a😀", "a😁", 1, 1],
  ["in a surrogate pair at the front", "😀", "😁", 0, 0],
])("finds the first difference %s", (_, canonical, variant, index, byte) => {
  expect(findDiff(canonical, variant)).toEqual({ index, byte });
});
