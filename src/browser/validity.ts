/**
 * How long a token is good for, in a page that may sleep and whose clock may be wrong.
 */

/** The times of a token, in seconds since the epoch. */
export interface TokenTimes {
  readonly exp: number;
  /** When it was made, where it says so. */
  readonly iat: number | undefined;
}

/** A moment, by two clocks: one can be set, the other may stand still while a page sleeps. */
interface Moment {
  readonly wall: number;
  readonly steady: number;
}

/** A token whose remaining time is counted from when it was first seen. */
export interface HeldToken {
  readonly token: string;
  readonly lifetime: number;
  readonly seenAt: Moment;
  /** Seconds that were left then. */
  readonly left: number;
}

/** Counts the time that tokens have left. Seconds throughout. */
export class Validity {
  readonly #now: () => number;
  /** What the page's clock lacks to the clock that dates the tokens, as far as tokens have shown it. */
  #offset = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Starts to count for a token. A clock that is behind shows at once: no token is older than its making. */
  hold(token: string, { iat, exp }: TokenTimes): HeldToken {
    if (iat !== undefined && iat > this.#clock()) this.#offset += iat - this.#clock();
    const left = exp - this.#clock();
    const lifetime = iat === undefined ? left : exp - iat;
    return { token, lifetime, seenAt: this.#moment(), left: Math.min(left, lifetime) };
  }

  /** Starts to count for a token that is new and yet seems to have expired: then the page's clock is ahead. */
  holdAgainstClock(token: string, times: TokenTimes & { readonly iat: number }): HeldToken {
    this.#offset = times.iat - this.#now();
    return this.hold(token, times);
  }

  /** The seconds that a token has left; after a sleep, or when a clock was set, the clock that went further counts. */
  left({ seenAt, left }: HeldToken): number {
    const { wall, steady } = this.#moment();
    return left - Math.max(wall - seenAt.wall, steady - seenAt.steady, 0);
  }

  #clock(): number {
    return this.#now() + this.#offset;
  }

  #moment(): Moment {
    return { wall: this.#now(), steady: globalThis.performance.now() / 1000 };
  }
}
