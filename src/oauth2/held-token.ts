/**
 * A token in hand, and the two windows before its end: in the soft one it serves while the next is fetched behind it,
 * in the hard one it serves only when the next cannot be had.
 */
import type { AccessToken } from "./access-token.ts";

export interface HeldToken {
  readonly token: AccessToken;
  /** When its exchange was started, in seconds since the epoch. */
  readonly mintedAt: number;
}

/** The windows, in seconds before the token's end. */
export interface Windows {
  readonly refreshAhead: number;
  readonly expirySkew: number;
}

/** A token with its windows reckoned once. */
export interface TimedToken extends HeldToken {
  readonly softFrom: number;
  readonly hardFrom: number;
}

/** A token that lives no longer than a window must still be of use: a window takes up half of its life at most. */
export function timed({ token, mintedAt }: HeldToken, { refreshAhead, expirySkew }: Windows): TimedToken {
  const { expiresAt } = token;
  const half = Math.max(0, (expiresAt - mintedAt) / 2);
  return {
    token,
    mintedAt,
    softFrom: expiresAt - Math.min(refreshAhead, half),
    hardFrom: expiresAt - Math.min(expirySkew, half),
  };
}
