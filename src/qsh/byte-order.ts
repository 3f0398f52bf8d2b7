/**
 * The order of parameters that are written in canonical escapes: by name, then by decoded value.
 *
 * A parameter is three marks in a list: where its name starts, where it ends, and where the value ends.
 */

/** Up to so many parameters an insertion sort is the fastest. */
const INSERTION = 24;
/** The index within a key has 20 bits: 32 of the name and 20 of the index fill a double's 53. */
const MAX_KEYED = 1 << 20;
/** So often a run is split by four more bytes; names that are alike for longer are compared. */
const MAX_LEVEL = 6;

/**
 * Puts the numbers of the parameters in order. Answers false, and nothing is written, when they are in order as they
 * stand and no name stands twice.
 */
export function orderParameters(bytes: Uint8Array, marks: Int32Array, order: Int32Array, count: number): boolean {
  let inOrder = true;
  for (let i = 1; i < count && inOrder; i++) inOrder = compareNames(bytes, marks, i * 3 - 3, i * 3) < 0;
  if (inOrder) return false;
  for (let i = 0; i < count; i++) order[i] = i;
  sortRange(bytes, marks, order, 0, count, 0, 0);
  return true;
}

export function sameName(bytes: Uint8Array, marks: Int32Array, a: number, b: number): boolean {
  return compareNames(bytes, marks, a, b) === 0;
}

function sortRange(
  bytes: Uint8Array,
  marks: Int32Array,
  order: Int32Array,
  from: number,
  to: number,
  shared: number,
  level: number,
): void {
  // No list of its own for the few parameters of every day: a typed array costs more to make than they cost to sort.
  if (to - from <= INSERTION) insertionSort(bytes, marks, order, from, to);
  else if (level < MAX_LEVEL && to - from <= MAX_KEYED) keyedSort(bytes, marks, order, from, to, shared, level);
  else order.subarray(from, to).sort((a, b) => compare(bytes, marks, a, b));
}

function insertionSort(bytes: Uint8Array, marks: Int32Array, order: Int32Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const item = order[i] as number;
    let j = i - 1;
    while (j >= from && compare(bytes, marks, order[j] as number, item) > 0) {
      order[j + 1] = order[j] as number;
      j--;
    }
    order[j + 1] = item;
  }
}

/**
 * Sorts by four bytes of the name behind what all names share, packed with the index into one double: the engine sorts
 * doubles natively, without a call per comparison. What shares those bytes too is sorted by the next ones.
 */
function keyedSort(
  bytes: Uint8Array,
  marks: Int32Array,
  order: Int32Array,
  from: number,
  to: number,
  known: number,
  level: number,
): void {
  const before = order.slice(from, to);
  const shared = sharedPrefix(bytes, marks, before, known);
  const keys = new Float64Array(before.length);
  for (let i = 0; i < before.length; i++) {
    const mark = (before[i] as number) * 3;
    const start = (marks[mark] as number) + shared;
    const end = marks[mark + 1] as number;
    let key = 0;
    // A name that ends sorts before all that go on: its missing bytes count as zero, which is no byte of a name.
    for (let k = start; k < start + 4; k++) key = key * 256 + (k < end ? (bytes[k] as number) : 0);
    keys[i] = key * MAX_KEYED + i;
  }
  keys.sort();
  let run = 0;
  for (let i = 0; i < keys.length; i++) {
    const packed = keys[i] as number;
    const key = Math.floor(packed / MAX_KEYED);
    order[from + i] = before[packed - key * MAX_KEYED] as number;
    if (i + 1 < keys.length && Math.floor((keys[i + 1] as number) / MAX_KEYED) === key) continue;
    // A key that ends in zero is a whole name: what shares it differs in value alone.
    if (i > run) sortRange(bytes, marks, order, from + run, from + i + 1, shared + 4, key % 256 === 0 ? MAX_LEVEL : level + 1);
    run = i + 1;
  }
}

/** How many bytes all names begin with; so many are known already. */
function sharedPrefix(bytes: Uint8Array, marks: Int32Array, order: Int32Array, known: number): number {
  const first = (order[0] as number) * 3;
  const start = marks[first] as number;
  let shared = (marks[first + 1] as number) - start;
  for (let i = 1; i < order.length && shared > known; i++) {
    const other = marks[(order[i] as number) * 3] as number;
    shared = Math.min(shared, (marks[(order[i] as number) * 3 + 1] as number) - other);
    let k = known;
    while (k < shared && bytes[start + k] === bytes[other + k]) k++;
    shared = k;
  }
  return Math.max(shared, 0);
}

function compare(bytes: Uint8Array, marks: Int32Array, a: number, b: number): number {
  return compareNames(bytes, marks, a * 3, b * 3) || compareValues(bytes, marks, a * 3, b * 3) || a - b;
}

/** By the escaped form, which is ASCII. */
function compareNames(bytes: Uint8Array, marks: Int32Array, a: number, b: number): number {
  let i = marks[a] as number;
  let j = marks[b] as number;
  const endA = marks[a + 1] as number;
  const endB = marks[b + 1] as number;
  while (i < endA && j < endB) {
    const difference = (bytes[i++] as number) - (bytes[j++] as number);
    if (difference !== 0) return difference;
  }
  return endA - i - (endB - j);
}

/** By the decoded form, in UTF-16 code units. */
function compareValues(bytes: Uint8Array, marks: Int32Array, a: number, b: number): number {
  let i = (marks[a + 1] as number) + 1;
  let j = (marks[b + 1] as number) + 1;
  const endA = marks[a + 2] as number;
  const endB = marks[b + 2] as number;
  while (i < endA && j < endB) {
    const x = decodedByte(bytes, i);
    const y = decodedByte(bytes, j);
    if (x !== y) return utf16Rank(x) - utf16Rank(y);
    i += bytes[i] === 0x25 ? 3 : 1;
    j += bytes[j] === 0x25 ? 3 : 1;
  }
  return endA - i - (endB - j);
}

function decodedByte(bytes: Uint8Array, at: number): number {
  return bytes[at] === 0x25 ? (nibble(bytes[at + 1] as number) << 4) | nibble(bytes[at + 2] as number) : (bytes[at] as number);
}

function nibble(digit: number): number {
  return digit < 0x41 ? digit - 0x30 : digit - 0x37;
}

/**
 * UTF-8 sorts by code point, UTF-16 puts what is beyond the basic plane (lead bytes F0 to F4: surrogates) before
 * U+E000 to U+FFFF (lead bytes EE and EF). Where two texts first differ in a lead byte, that is the only difference.
 */
function utf16Rank(byte: number): number {
  return byte === 0xee || byte === 0xef ? byte + 0x10 : byte;
}
