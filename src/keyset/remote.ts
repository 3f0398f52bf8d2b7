/**
 * What every set of keys on a server shares: which `kid` may be looked up, how a key server is asked, and how often.
 */
import type { BoundedFailure } from "../bounded-fetch.ts";
import type { Loaded } from "../cache.ts";
import { KeyError } from "../errors.ts";
import type { KeyErrorCode } from "../errors.ts";
import { readKeyServerOptions } from "./options.ts";
import type { KeyServerOptions } from "./options.ts";

/** Why there is no key: plain data, so that it can be kept and be told to everyone who waits. */
export interface KeyFailure {
  readonly code: KeyErrorCode;
  readonly message: string;
  readonly status?: number;
}

/** Makes the error of a failure. */
export function keyError({ code, message, status }: KeyFailure): KeyError {
  return new KeyError(code, message, { remote: true, ...(status === undefined ? {} : { status }) });
}

/** Seconds for which a failure is kept: a key that is not there for 30, any other trouble for 5. */
export function failed<Failure extends KeyFailure>(failure: Failure): Loaded<Failure> {
  const ttl = failure.code === "ERR_KEY_NOT_FOUND" ? 30 : failure.code === "ERR_KEY_RATE_LIMIT" ? 0 : 5;
  return { value: failure, ttl };
}

const KID = /^[A-Za-z0-9_.+-]+(?:\/[A-Za-z0-9_.+-]+)*$/;

/**
 * Checks a `kid` before anything is made of it: segments of harmless characters, none of which leads elsewhere.
 *
 * @throws {KeyError} ERR_KEY_ID when it is absent, no string, longer than 256 characters or of another form
 */
export function checkKid(kid: unknown): string {
  const fits =
    typeof kid === "string" &&
    kid.length <= 256 &&
    KID.test(kid) &&
    !kid.includes("..") &&
    !kid.split("/").includes(".");
  if (!fits) throw new KeyError("ERR_KEY_ID", '"kid" header parameter is missing or not of the accepted form', { remote: true });
  return kid;
}

/** Asks key servers, within a budget. */
export interface KeyClient {
  /** Seconds that one answer may take. */
  readonly timeout: number;
  readonly now: () => number;
  /** The body of a 200, or why there is none. Never rejects. */
  fetch(url: string, accept: string, maxBytes: number): Promise<Uint8Array | KeyFailure>;
}

/**
 * Makes the client of one verifier, which all its servers share the budget of.
 *
 * @param now the clock, in seconds since the epoch
 */
export function createKeyClient(options: KeyServerOptions, now: () => number): KeyClient {
  const { timeout, maxKeyFetches, fetch } = readKeyServerOptions(options);
  /** When the fetches of the last minute were started. */
  let recent: number[] = [];

  return {
    timeout,
    now,
    async fetch(url: string, accept: string, maxBytes: number): Promise<Uint8Array | KeyFailure> {
      const time = now();
      recent = recent.filter((start) => start <= time && time - start < 60);
      if (recent.length >= maxKeyFetches) {
        return { code: "ERR_KEY_RATE_LIMIT", message: 'more keys were asked for than "maxKeyFetches" allows in a minute' };
      }
      recent.push(time);
      const { boundedFetch, isFailure } = await import("../bounded-fetch.ts");
      const answer = await boundedFetch(url, { headers: { accept } }, { fetch, timeout, maxBytes });
      if (isFailure(answer)) return unreachable(answer);
      return answer.status === 200 ? answer.body : refused(answer.status);
    },
  };
}

function refused(status: number): KeyFailure {
  return status === 404
    ? { code: "ERR_KEY_NOT_FOUND", message: "key server has no such key", status }
    : { code: "ERR_KEY_FETCH", message: "key server did not answer with 200", status };
}

const TROUBLES: Readonly<Record<BoundedFailure["failure"], string>> = {
  network: "key server could not be reached",
  timeout: "key server did not answer in time",
  redirect: "key server answered with a redirect",
  "too-large": "key server answered with too large a body",
};

function unreachable({ failure, status }: BoundedFailure): KeyFailure {
  // Its page says nothing that counts, so it may be as long as it likes.
  if (failure === "too-large" && status !== 200) return refused(status as number);
  return { code: "ERR_KEY_FETCH", message: TROUBLES[failure], ...(status === undefined ? {} : { status }) };
}

/** Whether a cached answer is a failure. */
export function isKeyFailure(value: object): value is KeyFailure {
  return Object.hasOwn(value, "code");
}
