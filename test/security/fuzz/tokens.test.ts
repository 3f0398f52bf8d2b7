/**
 * Tokens through every door at once. The doors read a token in more than one way, some of them short cuts; no reader
 * may see another token than the others do.
 */
import { createHmac, createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { jwtVerify } from "jose";
import { describe, expect } from "vitest";
import { syncEngine } from "../../../src/crypto/engine.ts";
import { secretKey } from "../../../src/crypto/keys.ts";
import { publicKey } from "../../../src/crypto/rsa-keys.ts";
import { parseJsonObject } from "../../../src/jws/json.ts";
import type { JwtClaims } from "../../../src/jwt/claims.ts";
import { decodeJwt } from "../../../src/jwt/decode.ts";
import { signJwt } from "../../../src/jwt/sign.ts";
import { signJwtSync, verifyJwtSync } from "../../../src/jwt/sync.ts";
import { verifyJwt, verifyJwtWith } from "../../../src/jwt/verify.ts";
import { NOW, SECRET, segment } from "../../support/token.ts";
import { hostileJson } from "./hostile-json.ts";
import { hostileToken } from "./hostile-tokens.ts";
import { outcomeOf, outcomeSoon } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { fuzz } from "./runner.ts";
import { parseStrictly, readStrictly } from "./strict-reader.ts";
import type { ReadingRules } from "./strict-reader.ts";

const key = secretKey(SECRET);
const now = () => NOW;
const joseKey = await crypto.subtle.importKey("raw", Buffer.from(SECRET), { name: "HMAC", hash: "SHA-256" }, false, [
  "verify",
]);
const joseOptions = { currentDate: new Date(NOW * 1000), clockTolerance: 30, algorithms: ["HS256"] };

/** Equal, and with the members in one order. */
function same(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other) && JSON.stringify(one) === JSON.stringify(other);
}

function assertSame(token: string, what: string, one: unknown, other: unknown): void {
  if (!same(one, other)) expect.fail(`${what}\n${token}\n${JSON.stringify(one)}\n${JSON.stringify(other)}`);
}

const rules: fc.Arbitrary<ReadingRules> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<ReadingRules>({ typ: "JWT" }, { typ: "at+jwt" }, { requireExp: false }, {
      maxTokenLength: 150,
    }, { maxTokenLength: 65536 }),
  },
);

describe("a token that is nearly right", () => {
  let accepted = 0;

  fuzz(
    "is the same token at every door, for jose, and for a reader that was written down anew",
    1,
    [hostileToken, rules],
    async (token, options) => {
      const settings = { ...options, now };
      const short = outcomeOf(() => verifyJwtSync(token, key, settings));
      const web = await outcomeSoon(() => verifyJwt(token, key, settings));
      const resolved = await outcomeSoon(() => verifyJwt(token, () => key, settings));
      const long = await outcomeSoon(() => verifyJwtWith(syncEngine, token, key, settings));
      assertSame(token, "verifyJwtSync and verifyJwt differ", short, web);
      assertSame(token, "verifyJwt differs when its key is found by a function", web, resolved);
      assertSame(token, "the engines differ", web, long);

      const witness = readStrictly(token, SECRET, options);
      assertSame(token, "what is accepted is not what must be", "value" in web ? web.value : undefined, witness);
      if (witness === undefined) return;
      accepted++;
      const { payload, protectedHeader } = await jwtVerify(token, joseKey, joseOptions);
      assertSame(token, "jose reads other claims", witness, { header: protectedHeader, claims: payload });
      if (token.length <= 16384) assertSame(token, "decodeJwt reads something else", witness, decodeJwt(token));
    },
    (runs) => {
      expect(accepted).toBeGreaterThan(runs / 5);
      expect(accepted).toBeLessThan((runs * 4) / 5);
    },
  );
});

describe("JSON that is nearly right", () => {
  let accepted = 0;

  fuzz(
    "is the same object for a parser that was written down anew",
    1,
    [hostileJson],
    (text) => {
      const ours = parseJsonObject(text);
      assertSame(text, "the parsers differ", ours, parseStrictly(text));
      if (ours !== undefined) accepted++;
    },
    (runs) => {
      expect(accepted).toBeGreaterThan(runs / 5);
    },
  );
});

describe("a key of one kind", () => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const spki = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  const rsaSigner = createPrivateKey(pair.privateKey.export({ type: "pkcs8", format: "pem" }));
  const mac = (hash: string, secret: string) => (input: string) => createHmac(hash, secret).update(input).digest();
  const rsa = (hash: string) => (input: string) => sign(hash, Buffer.from(input), rsaSigner);
  const keys = {
    HS256: secretKey(SECRET),
    HS384: secretKey(SECRET, { alg: "HS384" }),
    HS512: secretKey(SECRET, { alg: "HS512" }),
    RS256: publicKey(spki),
  } as const;
  /** Whoever signs, and with what: the algorithm that it is a right signature of, if any. */
  const signers: readonly (readonly [right: keyof typeof keys | undefined, signature: (input: string) => Buffer])[] = [
    ["HS256", mac("sha256", SECRET)],
    ["HS384", mac("sha384", SECRET)],
    ["HS512", mac("sha512", SECRET)],
    ["RS256", rsa("sha256")],
    [undefined, rsa("sha1")],
    [undefined, rsa("sha512")],
    [undefined, mac("sha256", spki)],
    [undefined, mac("sha256", spki.trimEnd())],
    [undefined, mac("sha256", spki.replaceAll("\n", "\r\n"))],
    [undefined, mac("sha512", spki)],
    [undefined, () => Buffer.alloc(0)],
    [undefined, () => Buffer.alloc(32)],
    [undefined, () => Buffer.alloc(256, 1)],
  ];
  const alg = fc.constantFrom(
    "HS256",
    "HS384",
    "HS512",
    "RS256",
    "none",
    "None",
    "",
    "hs256",
    "PS256",
    "ES256",
    "RS512",
    "HS256\u0000",
    "HS256,RS256",
  );

  fuzz(
    "takes its own algorithm, signed by it, and no other",
    4,
    [alg, fc.constantFrom(...signers), fc.constantFrom("HS256", "HS384", "HS512", "RS256"), fc.boolean()],
    async (named, [right, signature], holder, byFunction) => {
      const input = `${segment(JSON.stringify({ typ: "JWT", alg: named }))}.${
        segment(JSON.stringify({ exp: NOW + 60 }))
      }`;
      const token = `${input}.${segment(signature(input))}`;
      const held = keys[holder];
      const outcome = await outcomeSoon(() => verifyJwt(token, byFunction ? () => held : held, { now }));
      expect("value" in outcome).toBe(named === holder && right === holder);
      if (held.type !== "secret") return;
      const once = outcomeOf(() => verifyJwtSync(token, held, { now }));
      if (holder === "HS256") assertSame(token, "verifyJwtSync and verifyJwt differ", once, outcome);
      else expect("value" in once).toBe(false);
    },
  );
});

describe("what is signed", () => {
  const claims = fc.dictionary(
    fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.string({ unit: "binary", maxLength: 4 }),
      fc.constantFrom("a", "context", "constructor", "0", ""),
    ),
    fc.oneof(
      fc.jsonValue({ maxDepth: 3, stringUnit: "binary" }),
      fc.string({ unit: "binary" }),
      fc.constant("x".repeat(5000)),
    ),
    { maxKeys: 5, noNullPrototype: true },
  );
  const REGISTERED = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "qsh"];

  /** As JSON has it; `undefined` for what our own verifier must refuse to read. */
  function asJson(given: JwtClaims): string | undefined {
    const text = JSON.stringify(given);
    return text.includes("__proto__") || REGISTERED.some((name) => Object.hasOwn(given, name)) ? undefined : text;
  }

  fuzz(
    "is verified with the same claims, by every door and by jose",
    4,
    [claims, fc.nat(100_000), fc.option(fc.string({ minLength: 1, maxLength: 5 }), { nil: undefined })],
    async (given, lifetime, kid) => {
      const text = asJson(given as JwtClaims);
      if (text === undefined) return;
      const how = { lifetime, now, ...(kid === undefined ? {} : { kid }) };
      const token = await signJwt(given as JwtClaims, key, how);
      expect(signJwtSync(given as JwtClaims, key, how)).toBe(token);
      if (token.length > 16384) return;
      const header = { typ: "JWT", alg: "HS256", ...(kid === undefined ? {} : { kid }) };
      const expected: Outcome = {
        value: { header, claims: { ...(JSON.parse(text) as object), iat: NOW, exp: NOW + lifetime } },
      };
      assertSame(
        token,
        "verifyJwtSync reads something else",
        outcomeOf(() => verifyJwtSync(token, key, { now })),
        expected,
      );
      assertSame(
        token,
        "verifyJwt reads something else",
        await outcomeSoon(() => verifyJwt(token, key, { now })),
        expected,
      );
      const { payload } = await jwtVerify(token, joseKey, joseOptions);
      assertSame(token, "jose reads something else", (expected.value as { claims: unknown }).claims, payload);
    },
  );
});
