/**
 * Public keys that a server hands out one by one, as PEM at `<base>/<kid>`.
 */
import { Cache } from "../cache.ts";
import type { PublicKey } from "../crypto/rsa-key.ts";
import { decodeUtf8 } from "../encoding/utf8.ts";
import { KeyError } from "../errors.ts";
import { basePathOf } from "../http.ts";
import { checkKid, failed, isKeyFailure, keyError } from "./remote.ts";
import type { KeyClient, KeyFailure } from "./remote.ts";
import type { Loaded } from "../cache.ts";

/** An 8192-bit key has 1.5 kB. */
const MAX_BYTES = 16384;
const DAY = 86400;

/** Finds the public key of a `kid`. */
export type FindKey = (kid: unknown) => Promise<PublicKey>;

/**
 * Makes the look-up over one or more servers, which are asked in turn until one has the key. A key never changes under
 * its `kid`, so it is kept for a day.
 *
 * @param servers base URLs, the first one primary; they are configuration and never come from a token
 */
export function createPemKeys(servers: readonly URL[], client: KeyClient): FindKey {
  const bases = servers.map((server) => server.origin + basePathOf(server));
  // By the full URL and not by `kid`: two servers are two trust roots.
  const cache = new Cache<PublicKey | KeyFailure>({ limit: 100, now: client.now, takeOver: client.timeout + 1 });

  return async (kid) => {
    const path = `/${checkKid(kid)}`;
    // Whichever server it is of: the ones before it, which did not have it, are not asked again.
    for (const base of bases) {
      const kept = cache.get(base + path);
      if (kept !== undefined && !isKeyFailure(kept)) return kept;
    }
    let failure: KeyFailure | undefined;
    for (const base of bases) {
      const url = base + path;
      // In depth: no parser may make of it anything but what is written.
      if (new URL(url).href !== url) throw new KeyError("ERR_KEY_ID", '"kid" header parameter leads elsewhere', { remote: true });
      const answer = await cache.load(url, () => load(url, client));
      if (!isKeyFailure(answer)) return answer;
      // That one server has no such key says less than that another could not tell.
      if (failure === undefined || failure.code === "ERR_KEY_NOT_FOUND") failure = answer;
    }
    throw keyError(failure as KeyFailure);
  };
}

async function load(url: string, client: KeyClient): Promise<Loaded<PublicKey | KeyFailure>> {
  const body = await client.fetch(url, "application/x-pem-file, text/plain, */*;q=0.1", MAX_BYTES);
  if (!ArrayBuffer.isView(body)) return failed(body);
  const { publicKey } = await import("./public-key.ts");
  try {
    return { value: publicKey(decodeUtf8(body) ?? ""), ttl: DAY };
  } catch {
    return failed({ code: "ERR_KEY_INVALID", message: "key server answered with no usable RSA public key" });
  }
}
