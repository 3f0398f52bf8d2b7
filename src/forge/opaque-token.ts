/**
 * A token that is handed on and never looked into. Text, JSON and logs show that there is one, and not which.
 */
export class OpaqueToken {
  readonly #value: string;

  /** @internal */
  constructor(value: string) {
    this.#value = value;
  }

  /** The token, for the request that it is meant for. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[redacted]";
  }

  toJSON(): string {
    return "[redacted]";
  }
}
