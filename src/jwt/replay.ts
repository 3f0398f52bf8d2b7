/**
 * Asks a replay guard whether a token was used before, after everything else about it was found good: a copy that is
 * refused for another reason must not burn the real one.
 */
import { sha256Hex } from "../crypto/digest.ts";
import { argumentError, InstallationError, TokenError } from "../errors.ts";
import { within } from "../http.ts";
import type { ReplayGuard } from "../types.ts";
import type { JwtClaims } from "./claims.ts";

/** Checks a guard at the door. */
export function checkReplayGuard(guard: unknown): void {
  if (guard !== undefined && typeof (guard as ReplayGuard | null)?.seen !== "function") {
    throw argumentError('"options.replayGuard"', 'must have a method "seen"', "ERR_INVALID_ARG_TYPE");
  }
}

/** What {@link refuseReplay} needs besides the token. */
export interface ReplayOptions {
  readonly replayGuard?: ReplayGuard | undefined;
  readonly leeway: number;
  /** Seconds until the guard must have answered. */
  readonly timeout: number;
}

/**
 * Refuses a token that was seen before, and records it otherwise, for as long as it would be accepted.
 *
 * It is known by `iss` and `jti`, else by what was signed, and never by its spelling. The id is a hash, so that it has
 * one length and holds no claim. A guard that fails, hangs or does not answer with a boolean lets nothing pass.
 *
 * @param signingInput the characters that the signature covers
 */
export async function refuseReplay(signingInput: string, claims: JwtClaims, options: ReplayOptions): Promise<void> {
  const { replayGuard, leeway, timeout } = options;
  if (replayGuard === undefined) return;
  // A signing input never starts with a bracket, so the two kinds of id cannot meet.
  const id = sha256Hex(Object.hasOwn(claims, "jti") ? JSON.stringify([claims.iss, claims.jti]) : signingInput);
  let seen: unknown;
  try {
    seen = await within(replayGuard.seen(id, (claims.exp as number) + leeway), timeout);
  } catch {
    // A store's error may hold anything.
    seen = undefined;
  }
  if (seen === true) throw new TokenError("ERR_TOKEN_REPLAYED", "token was used before");
  if (seen !== false) throw new InstallationError("ERR_INSTALLATION_LOOKUP", "replay guard could not be asked");
}
