/**
 * Public keys that a server hands out as a set (RFC 7517 section 5).
 */
import { Cache } from "../cache.ts";
import type { Loaded } from "../cache.ts";
import type { PublicKey } from "../crypto/rsa-key.ts";
import { decodeUtf8 } from "../encoding/utf8.ts";
import type { JsonWebKeyLike } from "../types.ts";
import type { FindKey } from "./pem.ts";
import { checkKid, keyError } from "./remote.ts";
import type { KeyClient, KeyFailure } from "./remote.ts";

const MAX_BYTES = 262144;
const MAX_KEYS = 64;
/** Seconds for which a set is good. */
const MAX_AGE = 600;
/** Seconds for which a set is used while it cannot be had anew. */
const MAX_STALE = 3600;
/** Seconds between two fetches, whatever is asked for and whether or not the first one failed. */
const COOL_DOWN = 30;

/** One `kid` of a set. */
interface SetMember {
  readonly jwk: JsonWebKeyLike;
  readonly isUnique: boolean;
  /** Made on first use: a neighbour that is not usable is nobody's trouble. */
  key: PublicKey | undefined;
}

type Members = Map<string, SetMember>;

interface KeySet {
  readonly members: Members;
  /** When the set was fetched, in seconds since the epoch. */
  readonly loadedAt: number;
  /** Why it could not be had anew. */
  readonly failure: KeyFailure | undefined;
}

/**
 * Makes the look-up in a set. A set that was fetched replaces the one before, so that a key which was taken out stops
 * verifying; a fetch that failed keeps it, so that an outage there is none here. An unknown `kid` asks for the set anew,
 * but not within 30 seconds of the last time.
 *
 * @param url where the set is; configuration, never from a token
 */
export function createJwksKeys(url: URL, client: KeyClient): FindKey {
  const { href } = url;
  const cache = new Cache<KeySet>({ limit: 1, now: client.now, takeOver: client.timeout + 1 });

  async function load(last: KeySet | undefined): Promise<Loaded<KeySet>> {
    const loadedAt = client.now();
    const body = await client.fetch(href, "application/json", MAX_BYTES);
    const answer = ArrayBuffer.isView(body) ? readSet(body) : setFailure(body);
    if (answer instanceof Map) return { value: { members: answer, loadedAt, failure: undefined }, ttl: MAX_AGE };
    const keep = last !== undefined && loadedAt - last.loadedAt < MAX_STALE;
    const kept = keep ? last : { members: new Map<string, SetMember>(), loadedAt: Number.NEGATIVE_INFINITY };
    return { value: { ...kept, failure: answer }, ttl: COOL_DOWN };
  }

  return async (kid) => {
    const name = checkKid(kid);
    const { members, failure } = await cache.load(href, load, (set, age) => set.members.has(name) || age < COOL_DOWN);
    const member = members.get(name);
    if (member === undefined) throw keyError(failure ?? { code: "ERR_KEY_NOT_FOUND", message: "key set has no such key" });
    if (!member.isUnique) throw keyError({ code: "ERR_KEY_NOT_FOUND", message: "key set has more than one such key" });
    return (member.key ??= await toPublicKey(member.jwk));
  };
}

async function toPublicKey(jwk: JsonWebKeyLike): Promise<PublicKey> {
  const { publicKey } = await import("./public-key.ts");
  try {
    return publicKey(jwk);
  } catch {
    throw keyError({ code: "ERR_KEY_INVALID", message: "key of the set is no usable RSA public key" });
  }
}

/** A set that is not there is not a key that is not there. */
function setFailure(failure: KeyFailure): KeyFailure {
  return failure.code === "ERR_KEY_NOT_FOUND"
    ? { ...failure, code: "ERR_KEY_FETCH", message: "key server did not answer with 200" }
    : failure;
}

function readSet(body: Uint8Array): Members | KeyFailure {
  const keys = readKeys(body);
  if (keys === undefined) return { code: "ERR_KEY_FETCH", message: "key server answered with no key set" };
  if (keys.length > MAX_KEYS) return { code: "ERR_KEY_FETCH", message: "key server answered with too large a key set" };
  const members: Members = new Map();
  for (const jwk of keys) {
    if (typeof jwk !== "object" || jwk === null || !Object.hasOwn(jwk, "kid")) continue;
    const { kid } = jwk as { kid: unknown };
    if (typeof kid === "string") members.set(kid, { jwk, isUnique: !members.has(kid), key: undefined });
  }
  return members;
}

function readKeys(body: Uint8Array): unknown[] | undefined {
  try {
    const set: unknown = JSON.parse(decodeUtf8(body) ?? "");
    if (typeof set !== "object" || set === null || !Object.hasOwn(set, "keys")) return undefined;
    const { keys } = set as { keys: unknown };
    return Array.isArray(keys) ? keys : undefined;
  } catch {
    return undefined;
  }
}
