/**
 * A bounded cache that loads a value once for all who ask for it at the same time.
 *
 * Nothing but values is shared. On Workers a promise belongs to the request that made it, and may never settle for
 * another: so whoever finds a load under way polls for its value with a timer of its own, and takes the load over when
 * the value does not come. It is the same everywhere, so that what is tested is what runs.
 */

/** A map that keeps the most recently used entries. */
export class LruMap<Key, Value> {
  readonly #limit: number;
  readonly #entries: Map<Key, Value> = new Map();
  /** The key that was used last, which stays where it is. */
  #newest: Key | undefined;

  /** @param limit the most entries */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value, which becomes the most recently used. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined && key !== this.#newest) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
      this.#newest = key;
    }
    return value;
  }

  set(key: Key, value: Value): void {
    this.#newest = key;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    // A map iterates in the order of insertion, so the first key is the least recently used.
    if (this.#entries.size > this.#limit) this.#entries.delete(this.#entries.keys().next().value as Key);
  }

  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }
}

/** What a load answers: a value, and how long it is good for. */
export interface Loaded<Value> {
  readonly value: Value;
  /** Seconds, counted from the start of the load. With 0 the value still goes to everyone who waited for it. */
  readonly ttl: number;
}

/** Options of {@link Cache}. */
export interface CacheOptions {
  /** The most values that are kept. */
  limit: number;
  /** The clock, in seconds since the epoch. */
  now: () => number;
  /** Seconds after which a waiter takes over a load that does not end: longer than a load may take. */
  takeOver: number;
}

/** Whether a kept value will do; `age` is the seconds since its load was started. */
export type Accept<Value> = (value: Value, age: number) => boolean;

interface Entry<Value> extends Loaded<Value> {
  readonly startedAt: number;
}

/** A load under way: plain data that others may look at. */
interface Flight<Value> {
  loaded: Loaded<Value> | undefined;
  failed: boolean;
}

/** Values by a text, each with a time to live. */
export class Cache<Value> {
  readonly #options: CacheOptions;
  readonly #entries: LruMap<string, Entry<Value>>;
  // Bounded too: a flight whose request was cut off is never taken out by its owner.
  readonly #flights: LruMap<string, Flight<Value>>;

  constructor(options: CacheOptions) {
    this.#options = options;
    this.#entries = new LruMap(options.limit);
    this.#flights = new LruMap(options.limit);
  }

  /** The value, while it is good. */
  get(key: string, accept?: Accept<Value>): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    // A clock that was set back must not keep a value for longer.
    const age = this.#options.now() - entry.startedAt;
    const good = age >= 0 && age < entry.ttl && (accept === undefined || accept(entry.value, age));
    return good ? entry.value : undefined;
  }

  /** Keeps a value. */
  set(key: string, value: Value, ttl: number): void {
    this.#entries.set(key, { value, ttl, startedAt: this.#options.now() });
  }

  delete(key: string): void {
    this.#entries.delete(key);
    this.#flights.delete(key);
  }

  /**
   * The value while it is good, else a freshly loaded one. However many ask at a time, one loads.
   *
   * A failure that the others should hear of, or that should not be tried again at once, is a value with a short time
   * to live; a load that rejects is its caller's alone, and the next in line loads again. A cool-down is an `accept`
   * that makes do with a young value.
   *
   * @param load gets what was last kept, good or not
   * @param accept judges a kept value, not one that was waited for
   */
  async load(
    key: string,
    load: (last: Value | undefined) => Promise<Loaded<Value>>,
    accept?: Accept<Value>,
  ): Promise<Value> {
    for (;;) {
      const kept = this.get(key, accept);
      if (kept !== undefined) return kept;
      const flight = this.#flights.get(key);
      if (flight === undefined) break;
      const loaded = await this.#wait(key, flight);
      if (loaded !== undefined) return loaded.value;
      // Whoever comes first takes over; the others find the new flight.
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    }
    return this.#lead(key, load);
  }

  async #lead(key: string, load: (last: Value | undefined) => Promise<Loaded<Value>>): Promise<Value> {
    const flight: Flight<Value> = { loaded: undefined, failed: false };
    this.#flights.set(key, flight);
    const startedAt = this.#options.now();
    try {
      const loaded = await load(this.#entries.get(key)?.value);
      flight.loaded = loaded;
      // One that was overtaken, or deleted meanwhile, must not write over what is newer.
      if (this.#flights.get(key) === flight) this.#entries.set(key, { ...loaded, startedAt });
      return loaded.value;
    } finally {
      flight.failed = flight.loaded === undefined;
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    }
  }

  /** Polls for the value of another's load; `undefined` when it failed, was overtaken or takes too long. */
  async #wait(key: string, flight: Flight<Value>): Promise<Loaded<Value> | undefined> {
    const limit = this.#options.takeOver * 1000;
    // Counted in delays and not by the clock, which may be a frozen one. A tenth of the time waited is what a poll costs.
    for (let waited = 0; waited < limit; ) {
      const delay = Math.min(1 + waited / 10, 50);
      await new Promise<void>((resolve) => void setTimeout(resolve, delay));
      waited += delay;
      if (flight.loaded !== undefined) return flight.loaded;
      if (flight.failed || this.#flights.get(key) !== flight) return undefined;
    }
    return undefined;
  }
}
