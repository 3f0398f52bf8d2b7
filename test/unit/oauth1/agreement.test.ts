/**
 * Random requests, signed by us and judged by code that shares nothing with ours: a byte table, a splitter and a sort
 * of its own with the signatures of node:crypto, and the fake site's provider.
 */
import { createHmac, verify } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createOAuth1Signer, verifyOAuth1Request } from "../../../src/oauth1/index.ts";
import { createFakeDataCenter } from "../../../src/testing/index.ts";
import { makePair } from "./keys.ts";

const { privateKey, publicKey, publicPem } = makePair(1024);

/** Imported once: parsing a PEM ten thousand times is not what is tested. */
async function importPair(hash: string): Promise<{ privateKey: CryptoKey; publicKey: CryptoKey }> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash };
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "der" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  return {
    privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]),
    publicKey: await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]),
  };
}
const imported = { sha1: await importPair("SHA-1"), sha256: await importPair("SHA-256") };

const KEPT = new Set(Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"));
const encode = (bytes: Buffer): string =>
  Array.from(bytes, (byte) =>
    KEPT.has(byte) ? String.fromCodePoint(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");

/** Bytes of a query, a form (`plus` is a space there) or a header. */
function decode(text: string, plus: boolean): Buffer {
  const bytes: number[] = [];
  const source = Buffer.from(text, "utf8");
  for (let i = 0; i < source.length; i++) {
    const byte = source[i] ?? 0;
    if (byte === 0x25) {
      bytes.push(Number.parseInt(source.toString("latin1", i + 1, i + 3), 16));
      i += 2;
    } else {
      bytes.push(plus && byte === 0x2b ? 0x20 : byte);
    }
  }
  return Buffer.from(bytes);
}

type Pair = [name: string, value: string];

const pairsOf = (text: string): Pair[] =>
  text
    .split("&")
    .filter((chunk) => chunk !== "")
    .map((chunk) => {
      const [name = "", ...rest] = chunk.split("=");
      return [encode(decode(name, true)), encode(decode(rest.join("="), true))];
    });

/** Section 3.4.1, over what went on the wire. */
function baseString(method: string, url: string, header: Pair[], form: string): string {
  const [, scheme = "", authority = "", path = "", query = ""] =
    /^([a-z]+):\/\/([^/?]*)([^?]*)\??(.*)$/s.exec(url) ?? [];
  const host = authority.replace(scheme === "https" ? /:443$/ : /:80$/, "");
  const pairs = [...pairsOf(query), ...pairsOf(form), ...header.filter(([name]) => name !== "oauth_signature")];
  pairs.sort(
    (a, b) =>
      Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])) || Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1])),
  );
  const parameters = pairs.map((pair) => pair.join("=")).join("&");
  return [method.toUpperCase(), `${scheme}://${host}${path}`, parameters]
    .map((part) => encode(Buffer.from(part)))
    .join("&");
}

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom("a", "a-b", "a.b", "a1", "!*'()", "+", "%2B", "ü", "😀", "ﬀ", " ", "~", "=", "&", "a=b"),
);
const spelling = fc.constantFrom(
  (part: string) => encodeURIComponent(part),
  (part: string) => encode(Buffer.from(part)),
  (part: string) => new URLSearchParams({ "": part }).toString().slice(1),
  // Everything escaped, in lower case.
  (part: string) => Array.from(Buffer.from(part), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
);
const name = text.filter((value) => value !== "" && !value.startsWith("oauth_"));
const pairs = fc.array(fc.tuple(name, text, spelling, spelling, fc.boolean()), { maxLength: 6 });
type Written = typeof pairs extends fc.Arbitrary<infer T> ? T : never;
const write = (parts: Written): string =>
  parts
    .map(([key, value, spellKey, spellValue, bare]) => (bare ? spellKey(key) : `${spellKey(key)}=${spellValue(value)}`))
    .join("&");
const path = fc.array(
  fc.oneof(
    fc.string({ unit: "binary", maxLength: 6 }).map(encodeURIComponent),
    fc.constantFrom("rest", "a%2Fb", "", "(d)!*'@:+$", "ü"),
  ),
  { maxLength: 4 },
);

const request = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "PROPFIND", "patch"),
  origin: fc.constantFrom(
    "https://jira.example.com",
    "https://jira.example.com:443",
    "https://jira.example.com:8443",
    "http://localhost:80",
    "http://[::1]:2990",
    "http://127.0.0.1:443",
  ),
  path,
  query: pairs,
  form: fc.option(pairs, { nil: undefined }),
  method_: fc.constantFrom("RSA-SHA1", "RSA-SHA256", "HMAC-SHA1", "HMAC-SHA256"),
  consumerKey: text.filter((value) => value !== ""),
  token: text,
  secrets: fc.tuple(
    text.filter((value) => value !== ""),
    text,
  ),
});

const RUNS = 10_000;

describe("signer and independent judges", () => {
  it(`agree on ${RUNS} random requests, and so does our verifier`, async () => {
    const judged = { RSA: 0, HMAC: 0 };
    await fc.assert(
      fc.asyncProperty(request, async (given) => {
        const [consumerSecret, tokenSecret] = given.secrets;
        const isRsa = given.method_.startsWith("RSA");
        const signatureMethod = given.method_;
        const hash = signatureMethod.endsWith("256") ? "sha256" : "sha1";
        const sign = createOAuth1Signer({
          baseUrl: given.origin,
          signatureMethod,
          consumerKey: given.consumerKey,
          ...(isRsa ? { privateKey: imported[hash].privateKey } : { consumerSecret }),
          token: { token: given.token, tokenSecret },
        });
        const url = `${given.origin}/${given.path.join("/")}?${write(given.query)}`;
        const body = given.form === undefined || given.method === "GET" ? undefined : write(given.form);
        const init =
          body === undefined ? {} : { body, headers: { "content-type": "application/x-www-form-urlencoded" } };
        const signed = await sign(new Request(url, { method: given.method, ...init }));

        const header = (signed.headers.get("authorization") ?? "")
          .slice("OAuth ".length)
          .split(", ")
          .map((part): Pair => {
            const equals = part.indexOf('="');
            return [part.slice(0, equals), encode(decode(part.slice(equals + 2, -1), false))];
          });
        const theirs = Buffer.from(baseString(signed.method, signed.url, header, body ?? ""));
        const signature = decode(header.find(([key]) => key === "oauth_signature")?.[1] ?? "", false).toString();
        if (isRsa) {
          judged.RSA++;
          expect(verify(hash, theirs, publicKey, Buffer.from(signature, "base64"))).toBe(true);
        } else {
          judged.HMAC++;
          const key = `${encode(Buffer.from(consumerSecret))}&${encode(Buffer.from(tokenSecret))}`;
          expect(signature).toBe(createHmac(hash, key).update(theirs).digest("base64"));
        }

        const { consumerKey, token } = given;
        const site = createFakeDataCenter({
          baseUrl: given.origin,
          consumers: [{ consumerKey, signatureMethod, publicKey: publicPem, consumerSecret, twoLeggedUser: "fred" }],
          users: [{ name: "fred", accountId: "1", displayName: "Fred" }],
          accessTokens:
            token === ""
              ? []
              : [
                  {
                    token,
                    secret: tokenSecret,
                    consumerKey,
                    user: "fred",
                    expiresAt: 1e11,
                    sessionHandle: "",
                    sessionExpiresAt: 0,
                  },
                ],
        });
        await site.fetch(signed.clone());
        // A two-legged call has no token, and so no token secret that the site could know.
        const expected = token !== "" || isRsa || tokenSecret === "" ? "accepted" : "signature_invalid";
        expect(site.log.at(-1)).toMatchObject({
          credential: "oauth1",
          verdict: expected,
          baseString: theirs.toString(),
        });

        const consumer = isRsa
          ? { signatureMethod, publicKey: imported[hash].publicKey }
          : { signatureMethod, consumerSecret };
        const identity = verifyOAuth1Request(signed, {
          findConsumer: () => consumer,
          ...(given.token !== "" && { findToken: () => ({ consumerKey: given.consumerKey, tokenSecret }) }),
          replayGuard: { seen: () => false },
        });
        if (expected === "accepted") await expect(identity).resolves.toMatchObject({ consumerKey: given.consumerKey });
        else await expect(identity).rejects.toMatchObject({ problem: expected });
      }),
      { numRuns: RUNS },
    );
    expect(Math.min(judged.RSA, judged.HMAC)).toBeGreaterThan(RUNS / 4);
  }, 180_000);
});
