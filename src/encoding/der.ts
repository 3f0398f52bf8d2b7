/**
 * The Distinguished Encoding Rules (X.690 section 10), as far as key files need them.
 *
 * The reader goes forwards once and never guesses: one spelling for each value, nothing left over. It follows the
 * caller's schema and not the input's nesting, so hostile input can make it neither recurse nor look twice.
 */
import { KeyError } from "../errors.ts";

/** The identifier octets that key files use. */
export const derTag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
} as const;

function malformed(): KeyError {
  return new KeyError("ERR_KEY_INVALID", 'key is not well-formed "DER"', {
    hint: "the text may be cut off or changed: export the key again and pass the whole of it",
  });
}

/** A cursor over DER; what it returns are views on the bytes that it was given. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next element's identifier octet; `undefined` at the end. */
  get tag(): number | undefined {
    return this.#bytes[this.#at];
  }

  /**
   * The content of the next element.
   *
   * @throws {KeyError} ERR_KEY_INVALID when it has another tag, or its length is indefinite, padded or too great
   */
  content(tag: number): Uint8Array {
    if (this.tag !== tag) throw malformed();
    const start = this.#at + 2;
    const first = this.#bytes[start - 1] ?? 0x80;
    // Three length octets are 16 MiB: more than any key. 0x80 would be the indefinite form.
    const more = first < 0x80 ? 0 : first - 0x80;
    if (first === 0x80 || more > 3 || start + more > this.#bytes.length) throw malformed();
    let length = more === 0 ? first : 0;
    for (let i = 0; i < more; i++) length = length * 256 + (this.#bytes[start + i] ?? 0);
    if (more > 0 && length < (more === 1 ? 0x80 : 256 ** (more - 1))) throw malformed();
    const end = start + more + length;
    if (end > this.#bytes.length) throw malformed();
    this.#at = end;
    return this.#bytes.subarray(start + more, end);
  }

  /** Reads a SEQUENCE with `read`, which must use all of it. */
  sequence<T>(read: (inner: DerReader) => T): T {
    return readDer(this.content(derTag.sequence), read);
  }

  /** A non-negative INTEGER: its magnitude, big-endian, without leading zeros; zero is empty. */
  integer(): Uint8Array {
    const content = this.content(derTag.integer);
    const [first, second = 0x80] = content;
    if (first === undefined || first >= 0x80) throw malformed();
    if (first > 0) return content;
    if (second < 0x80) throw malformed();
    return content.subarray(1);
  }

  /** A BIT STRING of whole octets. */
  bitString(): Uint8Array {
    const content = this.content(derTag.bitString);
    if (content[0] !== 0) throw malformed();
    return content.subarray(1);
  }

  octetString(): Uint8Array {
    return this.content(derTag.octetString);
  }

  null(): void {
    if (this.content(derTag.null).length > 0) throw malformed();
  }

  /** An OBJECT IDENTIFIER in dotted form. */
  objectIdentifier(): string {
    const arcs: number[] = [];
    let arc = 0;
    let fresh = true;
    for (const octet of this.content(derTag.objectIdentifier)) {
      // 2^42: with seven more bits an arc is still an exact number.
      if ((fresh && octet === 0x80) || arc > 2 ** 42) throw malformed();
      arc = arc * 128 + (octet & 0x7f);
      fresh = octet < 0x80;
      if (!fresh) continue;
      if (arcs.length > 0) arcs.push(arc);
      else arcs.push(Math.min(Math.floor(arc / 40), 2), arc - 40 * Math.min(Math.floor(arc / 40), 2));
      arc = 0;
    }
    if (!fresh || arcs.length === 0) throw malformed();
    return arcs.join(".");
  }

  /** @throws {KeyError} ERR_KEY_INVALID when anything is left */
  end(): void {
    if (this.#at !== this.#bytes.length) throw malformed();
  }
}

/**
 * Reads all of `bytes` with `read`.
 *
 * @throws {KeyError} ERR_KEY_INVALID when they are not strict DER of that schema, or something is left over
 */
export function readDer<T>(bytes: Uint8Array, read: (reader: DerReader) => T): T {
  const reader = new DerReader(bytes);
  const value = read(reader);
  reader.end();
  return value;
}

/** Writes one element: the tag, the shortest length, the parts one after another. */
export function writeDer(tag: number, ...parts: readonly ArrayLike<number>[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const lengthOctets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) lengthOctets.unshift(rest % 256);
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 + lengthOctets.length, ...lengthOctets];
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  let at = head.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
