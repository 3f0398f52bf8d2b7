/**
 * Where two texts part.
 */
import { encodeUtf8 } from "../encoding/utf8.ts";

/** The first place where the claimed form differs from the canonical one. */
export interface QshDiff {
  /** Characters before it, in UTF-16 code units, as a string index counts. */
  readonly index: number;
  /** Bytes before it, in UTF-8, as the hash counts. */
  readonly byte: number;
}

/** Finds the first difference; of equal texts, their end. */
export function findDiff(canonical: string, variant: string): QshDiff {
  let index = 0;
  // Behind an end stands NaN, which equals nothing.
  while (canonical.charCodeAt(index) === variant.charCodeAt(index)) index++;
  // Not within a surrogate pair: half of one has no bytes.
  if ((canonical.charCodeAt(index - 1) & 0xfc00) === 0xd800) index--;
  return { index, byte: encodeUtf8(canonical.slice(0, index)).length };
}
