/**
 * The canonical request as bytes, in one pass and without a string per parameter: several times the speed of the
 * generator. What is rare (text that is not ASCII, escapes that are not UTF-8) it leaves to the generator, to which
 * fuzzing holds it equal.
 */
import { canonicalHead, standardRules } from "./canonical.ts";
import { orderParameters, sameName } from "./byte-order.ts";
import { encodeUtf8 } from "../encoding/utf8.ts";
import type { Target } from "./request.ts";

/** Beyond this many characters nothing is gained that is worth the memory. */
const MAX_INPUT = 1 << 22;
/** Buffers up to this many characters are kept for the next call; they begin with the least. */
const LEAST_INPUT = 1 << 12;
const KEPT_INPUT = 1 << 16;

// What a byte is; 0 is everything that is escaped.
const UNRESERVED = 1;
const PERCENT = 2;
const PLUS = 3;
const AMPERSAND = 4;
const EQUALS = 5;

/** What bytes mean. */
interface Tables {
  readonly classes: Uint8Array;
  /** The value of a hex digit, 255 for anything else. */
  readonly digits: Uint8Array;
  /** The upper-case hex digits. */
  readonly hex: Uint8Array;
}

/** What one pass works with. */
interface Buffers {
  /** How many characters of input fit. */
  readonly size: number;
  readonly output: Uint8Array;
  readonly sorted: Uint8Array;
  /** For each parameter: where its name starts, where it ends, and where the value ends, in `output`. */
  readonly marks: Int32Array;
  /** The numbers of the parameters, in order. */
  readonly order: Int32Array;
}

let tables: Tables | undefined;
let kept: Buffers | undefined;

function makeTables(): Tables {
  const classes = new Uint8Array(256);
  const digits = new Uint8Array(256).fill(255);
  const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  for (const byte of encodeUtf8(unreserved)) classes[byte] = UNRESERVED;
  for (const [index, byte] of encodeUtf8("%+&=").entries()) classes[byte] = PERCENT + index;
  for (const [index, byte] of encodeUtf8("0123456789abcdef").entries()) digits[byte] = index;
  for (const [index, byte] of encodeUtf8("ABCDEF").entries()) digits[byte] = index + 10;
  return { classes, digits, hex: encodeUtf8("0123456789ABCDEF") };
}

/** Buffers for an input of so many characters: one may become three bytes, or two where a `=` and a `&` are added. */
function makeBuffers(length: number): Buffers {
  const most = length * 3 + 4;
  return {
    size: length,
    output: new Uint8Array(most),
    sorted: new Uint8Array(most),
    marks: new Int32Array((length / 2 + 2) * 3),
    order: new Int32Array(length / 2 + 2),
  };
}

/**
 * The canonical request in UTF-8; `undefined` when the generator has to make it. The result is good until the next
 * call: it is a view of memory that is used again.
 */
export function canonicalBytes(target: Target): Uint8Array | undefined {
  const { form } = target;
  const head = canonicalHead(target, standardRules);
  const query = form === "" ? target.query : `${target.query}&${form}`;
  const length = head.length + query.length;
  if (length > MAX_INPUT) return undefined;
  tables ??= makeTables();
  const buffers = buffersFor(length);
  for (let i = 0; i < head.length; i++) {
    const code = head.charCodeAt(i);
    if (code > 0x7f) return undefined;
    buffers.output[i] = code;
  }
  const count = transcribe(tables, buffers, query, head.length);
  if (count < 0) return undefined;
  if (orderParameters(buffers.output, buffers.marks, buffers.order, count)) {
    return buffers.sorted.subarray(0, gather(buffers, count, head.length));
  }
  // In order and without a name that stands twice, what was transcribed is the canonical request already.
  return buffers.output.subarray(0, count === 0 ? head.length : (buffers.marks[count * 3 - 1] as number));
}

function buffersFor(length: number): Buffers {
  if (kept !== undefined && length <= kept.size) return kept;
  if (length > KEPT_INPUT) return makeBuffers(length);
  let size = LEAST_INPUT;
  while (size < length) size *= 2;
  return (kept = makeBuffers(size));
}

/**
 * Writes `name=value&name=value&` in canonical escapes and marks the parameters. Answers how many there are, -1 for a
 * character that is not ASCII and for an escape that is not UTF-8.
 */
function transcribe({ classes, digits, hex }: Tables, { output, marks }: Buffers, query: string, start: number): number {
  let out = start;
  let mark = 0;
  let nameStart = start;
  let nameEnd = -1;
  // The bytes that an escaped character still needs, and the bounds of the next one (WHATWG Encoding, UTF-8 decoder).
  let need = 0;
  let lower = 0x80;
  let upper = 0xbf;
  for (let i = 0; i <= query.length; i++) {
    const byte = i < query.length ? query.charCodeAt(i) : 0x26;
    if (byte > 0x7f) return -1;
    const kind = classes[byte] as number;
    if (kind === UNRESERVED) {
      output[out++] = byte;
      if (need !== 0) return -1;
      continue;
    }
    if (kind === PERCENT && i + 2 < query.length) {
      // Beyond the table is undefined, and so no digit.
      const high = digits[query.charCodeAt(i + 1)] ?? 255;
      const low = digits[query.charCodeAt(i + 2)] ?? 255;
      if ((high | low) < 16) {
        const value = (high << 4) | low;
        i += 2;
        if (need !== 0) {
          if (value < lower || value > upper) return -1;
          need--;
          lower = 0x80;
          upper = 0xbf;
        } else if (value >= 0x80) {
          if (value < 0xc2 || value > 0xf4) return -1;
          need = value < 0xe0 ? 1 : value < 0xf0 ? 2 : 3;
          lower = value === 0xe0 ? 0xa0 : value === 0xf0 ? 0x90 : 0x80;
          upper = value === 0xed ? 0x9f : value === 0xf4 ? 0x8f : 0xbf;
        } else if (classes[value] === UNRESERVED) {
          output[out++] = value;
          continue;
        }
        output[out++] = 0x25;
        output[out++] = hex[high] as number;
        output[out++] = hex[low] as number;
        continue;
      }
    }
    if (need !== 0) return -1;
    if (kind === AMPERSAND) {
      if (out > nameStart || nameEnd >= 0) {
        if (nameEnd < 0) {
          nameEnd = out;
          output[out++] = 0x3d;
        }
        if (isJwt(output, nameStart, nameEnd)) {
          out = nameStart;
        } else {
          marks[mark++] = nameStart;
          marks[mark++] = nameEnd;
          marks[mark++] = out;
          output[out++] = 0x26;
          nameStart = out;
        }
        nameEnd = -1;
      }
    } else if (kind === EQUALS && nameEnd < 0) {
      nameEnd = out;
      output[out++] = 0x3d;
    } else {
      const value = kind === PLUS ? 0x20 : byte;
      output[out++] = 0x25;
      output[out++] = hex[value >> 4] as number;
      output[out++] = hex[value & 15] as number;
    }
  }
  return mark / 3;
}

/** A parameter named exactly `jwt` is no part of the hash. */
function isJwt(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 3 && bytes[start] === 0x6a && bytes[start + 1] === 0x77 && bytes[start + 2] === 0x74;
}

/** Copies the parameters in order, the values of one name behind each other. Answers where the text ends. */
function gather({ output, sorted, marks, order }: Buffers, count: number, start: number): number {
  for (let i = 0; i < start; i++) sorted[i] = output[i] as number;
  let out = start;
  let previous = -1;
  for (let k = 0; k < count; k++) {
    const parameter = (order[k] as number) * 3;
    const again = previous >= 0 && sameName(output, marks, previous, parameter);
    if (again) sorted[out++] = 0x2c;
    else if (previous >= 0) sorted[out++] = 0x26;
    // From the name, or from behind its equals sign.
    const end = marks[parameter + 2] as number;
    for (let i = again ? (marks[parameter + 1] as number) + 1 : (marks[parameter] as number); i < end; i++) {
      sorted[out++] = output[i] as number;
    }
    previous = parameter;
  }
  return out;
}
