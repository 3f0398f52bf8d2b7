/**
 * Reads `application/x-www-form-urlencoded` bytes as they arrive: a chunk may end anywhere, within an escape or a
 * character too. Only the pair at hand is buffered.
 */
import { decodePercentBytes } from "../encoding/percent.ts";
import { decodeUtf8Lossy } from "../encoding/utf8.ts";

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PLUS = 0x2b;

/** Takes chunks, hands on decoded pairs. */
export class FormReader {
  readonly #add: (name: string, value: string) => void;
  #buffer: Uint8Array = new Uint8Array(1024);
  #length = 0;
  /** The name of the pair at hand, once its `=` was seen. */
  #name: string | undefined;

  constructor(add: (name: string, value: string) => void) {
    this.#add = add;
  }

  write(chunk: Uint8Array): void {
    for (let start = 0; start < chunk.length; ) {
      const end = this.#nextDelimiter(chunk, start);
      this.#append(chunk, start, end);
      if (chunk[end] === EQUALS) this.#name = this.#take();
      else if (chunk[end] === AMPERSAND) this.#finishPair();
      start = end + 1;
    }
  }

  /** Where the name or value at hand ends: only the first `=` of a pair separates. */
  #nextDelimiter(chunk: Uint8Array, start: number): number {
    const equals = this.#name === undefined ? EQUALS : AMPERSAND;
    for (let i = start; i < chunk.length; i++) if (chunk[i] === AMPERSAND || chunk[i] === equals) return i;
    return chunk.length;
  }

  end(): void {
    this.#finishPair();
  }

  #finishPair(): void {
    if (this.#name !== undefined) this.#add(this.#name, this.#take());
    else if (this.#length > 0) this.#add(this.#take(), "");
    this.#name = undefined;
  }

  #append(chunk: Uint8Array, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(chunk.subarray(start, end), this.#length);
    this.#length = length;
  }

  #take(): string {
    const bytes = this.#buffer.subarray(0, this.#length);
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === PLUS) bytes[i] = 0x20;
    const text = decodeUtf8Lossy(decodePercentBytes(bytes, bytes));
    this.#length = 0;
    // A huge value must not keep its buffer for the small ones that follow.
    if (this.#buffer.length > 1 << 20) this.#buffer = new Uint8Array(1024);
    return text;
  }
}
