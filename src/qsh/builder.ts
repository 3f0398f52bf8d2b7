import { sha256HexOfParts } from "../crypto/digest.ts";
import { toWellFormed } from "../encoding/utf8.ts";
import { argumentError } from "../errors.ts";
import type { ByteStream } from "../types.ts";
import { standardRules, walkParameters } from "./canonical.ts";
import { FormReader } from "./form-reader.ts";
import { addParameter, parsePairs } from "./parameters.ts";
import type { ParameterMap } from "./parameters.ts";
import { readTarget } from "./request.ts";
import type { QshOptions, Target } from "./request.ts";

/**
 * Builds a canonical request from pieces: parameters one by one, a query, a form body that arrives as a stream.
 *
 * A body of any size is parsed chunk by chunk. What is held is the decoded pairs, which must be sorted; the canonical
 * text itself is hashed in parts and never held whole.
 *
 * @example
 * ```ts
 * import { CanonicalRequestBuilder } from "jwt-qsh";
 *
 * const builder = new CanonicalRequestBuilder("POST", "/rest/import").appendQuery("dry=1");
 * await builder.appendForm(request.body);
 * builder.qsh(); // 64 lower-case hex digits
 * ```
 */
export class CanonicalRequestBuilder {
  readonly #target: Target;
  readonly #parameters: ParameterMap = new Map();

  /**
   * @param method as it is written; it is upper-cased
   * @param path a raw target or an absolute URL; a query in it counts, a fragment does not
   * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for a method or path that is none
   */
  constructor(method: string, path: string, options?: QshOptions) {
    this.#target = readTarget({ method, url: path }, options);
    this.appendQuery(this.#target.query);
  }

  /** Adds one pair, decoded. A parameter named `jwt` is no part of the hash. */
  append(name: string, value: string): this {
    if (typeof name !== "string") throw argumentError('"name"', "must be a string", "ERR_INVALID_ARG_TYPE");
    if (typeof value !== "string") throw argumentError('"value"', "must be a string", "ERR_INVALID_ARG_TYPE");
    this.#add(toWellFormed(name), toWellFormed(value));
    return this;
  }

  /** Adds the pairs of a raw query, still encoded, without `?`. */
  appendQuery(query: string): this {
    if (typeof query !== "string") throw argumentError('"query"', "must be a string", "ERR_INVALID_ARG_TYPE");
    for (const [name, value] of parsePairs(query)) this.#add(name, value);
    return this;
  }

  /**
   * Adds the pairs of an `application/x-www-form-urlencoded` body.
   *
   * @throws {TypeError} ERR_INVALID_ARG_TYPE for a body, or a chunk of one, that is no text and no bytes
   */
  async appendForm(body: string | Uint8Array | ByteStream): Promise<this> {
    if (typeof body === "string") return this.appendQuery(body);
    const form = new FormReader((name, value) => this.#add(name, value));
    if (ArrayBuffer.isView(body)) form.write(asBytes(body));
    else await readStream(body, form);
    form.end();
    return this;
  }

  #add(name: string, value: string): void {
    if (standardRules.keep(name)) addParameter(this.#parameters, name, value);
  }

  /** Yields the canonical request in parts. */
  *parts(): Generator<string> {
    yield* walkParameters(this.#target, this.#parameters, standardRules);
  }

  /** The canonical request, whole. */
  toString(): string {
    return [...this.parts()].join("");
  }

  /** The query string hash: 64 lower-case hex digits. */
  qsh(): string {
    return sha256HexOfParts(this.parts());
  }
}

async function readStream(stream: ByteStream, form: FormReader): Promise<void> {
  if (typeof stream?.getReader !== "function") {
    throw argumentError('"body"', "must be a string, a Uint8Array or a ReadableStream", "ERR_INVALID_ARG_TYPE");
  }
  const reader = stream.getReader();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) form.write(asBytes(chunk.value));
  } finally {
    reader.releaseLock();
  }
}

function asBytes(chunk: unknown): Uint8Array {
  if (!ArrayBuffer.isView(chunk)) throw argumentError('"body"', "must yield bytes", "ERR_INVALID_ARG_TYPE");
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
