import type { JsonWebKeyLike, WebCryptoKey } from "../types.ts";
import { encodeBase64 } from "./encoding.ts";

/** One RSA key pair with its name. */
export interface RingKey {
  readonly kid: string;
  readonly privateKey: WebCryptoKey;
  /** SPKI, as key servers hand it out. */
  readonly pem: string;
  /** The public half, as it stands in a key set. */
  readonly jwk: JsonWebKeyLike;
}

/** The keys of one signer; they are made when they are first asked for. */
export interface KeyRing {
  /** The key that signs now. */
  current(): Promise<RingKey>;
  /** Makes a new key the one that signs; the old ones stay published unless they are retired. */
  rotate(options?: { readonly retire?: boolean }): Promise<RingKey>;
  /** Everything that is published, oldest first. */
  published(): Promise<readonly RingKey[]>;
  find(kid: string): Promise<RingKey | undefined>;
}

export function createKeyRing(newKid: () => string): KeyRing {
  let keys: Promise<RingKey>[] = [];
  const current = async (): Promise<RingKey> => {
    if (keys.length === 0) keys.push(generateRingKey(newKid()));
    return keys.at(-1) as Promise<RingKey>;
  };
  const published = async (): Promise<readonly RingKey[]> => {
    await current();
    return Promise.all(keys);
  };
  return {
    current,
    published,
    async rotate(options = {}) {
      await current();
      if (options.retire === true) keys = [];
      keys.push(generateRingKey(newKid()));
      return current();
    },
    find: async (kid) => (await published()).find((key) => key.kid === kid),
  };
}

/** A fresh 2048-bit key for RS256. */
export async function generateRingKey(kid: string): Promise<RingKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(
    { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" },
    true,
    ["sign", "verify"],
  );
  const { n = "", e = "" } = await crypto.subtle.exportKey("jwk", publicKey);
  return {
    kid,
    privateKey,
    pem: pemOf(new Uint8Array(await crypto.subtle.exportKey("spki", publicKey))),
    jwk: { kty: "RSA", n, e, kid, alg: "RS256", use: "sig" },
  };
}

function pemOf(spki: Uint8Array): string {
  const lines = encodeBase64(spki).replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`;
}
