import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { secretKey } from "../../src/crypto/keys.ts";
import { privateKey, publicKey } from "../../src/crypto/rsa-keys.ts";
import { base64url } from "../../src/encoding/base64url.ts";
import { decodeJwt } from "../../src/jwt/decode.ts";
import type { VerifyOptions } from "../../src/jwt/options.ts";
import { signJwt } from "../../src/jwt/sign.ts";
import { signJwtSync, verifyJwtSync } from "../../src/jwt/sync.ts";
import { verifyJwt } from "../../src/jwt/verify.ts";
import { CanonicalRequestBuilder } from "../../src/qsh/builder.ts";
import { canonicalRequest } from "../../src/qsh/canonical.ts";
import { qsh } from "../../src/qsh/hash.ts";
import { streamOf } from "../support/chunks.ts";
import { everythingShown, spellings } from "../support/leak.ts";
import { NOW, seal, sealSegments, sealText, segment } from "../support/token.ts";

/** What must not be seen again, each in its place. */
const MARK = "canary7Qx3vZk9";
const SECRET = `secret-${MARK}-${"s".repeat(64)}`;
const CLAIM = `claim-${MARK}-value`;
const QUERY = `query-${MARK}-value`;
const KID = `kid-${MARK}`;

const key = secretKey(SECRET);
const now = () => NOW;
const options: VerifyOptions = { now };
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const spki = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const pkcs8 = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const rsaPublic = publicKey(spki);
const rsaPrivate = privateKey(pkcs8);

const head = JSON.stringify({ alg: "HS256", kid: KID });
const sealed = (claims: object, header: object = {}) =>
  seal({ iss: CLAIM, jti: CLAIM, ...claims }, { alg: "HS256", kid: KID, ...header }, SECRET);
const raw = (header: string, payload: string) => sealText(header, payload, SECRET);
const good = sealed({});
const [, goodPayload = "", goodSignature = ""] = good.split(".");

/** Tokens that fail, with what they fail by. */
const tokens: [name: string, code: string, token: unknown, options?: VerifyOptions][] = [
  ["no string", "ERR_TOKEN_MALFORMED", { token: CLAIM }],
  ["too long", "ERR_TOKEN_TOO_LARGE", good + CLAIM.repeat(1000)],
  ["one segment", "ERR_TOKEN_MALFORMED", CLAIM],
  ["two segments", "ERR_TOKEN_MALFORMED", `${CLAIM}.${CLAIM}`],
  ["four segments", "ERR_TOKEN_MALFORMED", `${good}.${CLAIM}`],
  ["a scheme before it", "ERR_TOKEN_MALFORMED", `JWT ${good}`],
  ["a header that is no base64url", "ERR_TOKEN_MALFORMED", `${CLAIM}=.${goodPayload}.${goodSignature}`],
  ["a header that is no JSON", "ERR_TOKEN_MALFORMED", raw(`{"alg":${CLAIM}`, "{}")],
  ["a header that says a thing twice", "ERR_TOKEN_MALFORMED", raw(`{"${CLAIM}":1,"${CLAIM}":2}`, "{}")],
  ["a payload that is no base64url", "ERR_TOKEN_MALFORMED", sealSegments(segment(head), `${segment(CLAIM)}=`, SECRET)],
  ["a payload that is no UTF-8", "ERR_TOKEN_MALFORMED", sealSegments(segment(head), segment(Buffer.from(`{"a":"\xff${CLAIM}"}`, "latin1")), SECRET)],
  ["a payload that is no JSON", "ERR_TOKEN_MALFORMED", raw(head, `{"iss":"${CLAIM}",}`)],
  ["a payload that is text", "ERR_TOKEN_MALFORMED", raw(head, `"${CLAIM}"`)],
  ["a payload that says a thing twice", "ERR_TOKEN_MALFORMED", raw(head, `{"iss":"${CLAIM}","iss":"${CLAIM}"}`)],
  ["__proto__", "ERR_TOKEN_MALFORMED", raw(head, `{"__proto__":{"iss":"${CLAIM}"}}`)],
  ["a signature that is no base64url", "ERR_TOKEN_MALFORMED", `${good}+`],
  ["crit", "ERR_TOKEN_HEADER", sealed({}, { crit: [CLAIM] })],
  ["jku", "ERR_TOKEN_HEADER", sealed({}, { jku: `https://${CLAIM}.example` })],
  ["typ", "ERR_TOKEN_HEADER", sealed({}, { typ: CLAIM })],
  ["typ that was asked for", "ERR_TOKEN_HEADER", good, { typ: CLAIM }],
  ["kid that is no text", "ERR_KEY_ID", sealed({}, { kid: [KID] })],
  ["alg", "ERR_TOKEN_ALGORITHM", sealed({}, { alg: CLAIM })],
  ["alg of another key", "ERR_TOKEN_ALGORITHM", sealed({}, { alg: "HS512" })],
  ["a signature of another secret", "ERR_TOKEN_SIGNATURE", seal({ iss: CLAIM }, { alg: "HS256" }, `${SECRET}.`)],
  ["no signature", "ERR_TOKEN_SIGNATURE", `${good.slice(0, good.lastIndexOf("."))}.`],
  ["expired", "ERR_TOKEN_EXPIRED", sealed({ exp: NOW - 60 })],
  ["too old", "ERR_TOKEN_EXPIRED", sealed({ iat: NOW - 600 }), { maxAge: 60 }],
  ["not yet valid", "ERR_TOKEN_NOT_YET_VALID", sealed({ nbf: NOW + 60 })],
  ["made in the future", "ERR_TOKEN_NOT_YET_VALID", sealed({ iat: NOW + 60 })],
  ["no exp", "ERR_CLAIM_MISSING", raw(head, `{"iss":"${CLAIM}"}`)],
  ["a claim that is missing", "ERR_CLAIM_MISSING", good, { requiredClaims: ["context"] }],
  ["exp of another type", "ERR_CLAIM_INVALID", sealed({ exp: CLAIM })],
  ["iss of another type", "ERR_CLAIM_INVALID", sealed({ iss: [CLAIM] })],
  ["aud of another type", "ERR_CLAIM_INVALID", sealed({ aud: [[CLAIM]] })],
  ["a lifetime that is too long", "ERR_CLAIM_INVALID", sealed({ iat: NOW }), { maxLifetime: 1 }],
  ["another issuer", "ERR_CLAIM_MISMATCH", good, { issuer: `${CLAIM}.` }],
  ["another audience", "ERR_CLAIM_MISMATCH", sealed({ aud: CLAIM }), { audience: `${CLAIM}.` }],
  ["another subject", "ERR_CLAIM_MISMATCH", sealed({ sub: CLAIM }), { subject: `${CLAIM}.` }],
  ["options that make no sense", "ERR_INVALID_ARG_TYPE", good, { leeway: CLAIM } as unknown as VerifyOptions],
  ["options that are empty", "ERR_INVALID_ARG_VALUE", good, { issuer: [CLAIM, ""] }],
];

const fails = (name: string, code: string, run: () => unknown) => [name, code, run] as const;
const any = <T>(value: unknown): T => value as T;

const others = [
  // Secrets
  fails("a secret that is short", "ERR_KEY_INVALID", () => secretKey(MARK)),
  fails("a secret that is no text", "ERR_KEY_INVALID", () => secretKey(any({ secret: SECRET }))),
  fails("a secret that is no Unicode", "ERR_KEY_INVALID", () => secretKey(`${SECRET}\ud800`)),
  fails("a secret that is a PEM", "ERR_KEY_INVALID", () => secretKey(`-----BEGIN PRIVATE KEY-----${SECRET}`)),
  fails("a secret that is a JWK", "ERR_KEY_INVALID", () => secretKey(`{"kty":"oct","k":"${SECRET}"}`)),
  fails("an algorithm that is none", "ERR_INVALID_ARG_VALUE", () => secretKey(SECRET, { alg: any(CLAIM) })),
  // RSA keys
  fails("a public key that is text", "ERR_KEY_INVALID", () => publicKey(SECRET)),
  fails("a public key that is a broken PEM", "ERR_KEY_INVALID", () => publicKey(`-----BEGIN PUBLIC KEY-----\n${SECRET}\n-----END PUBLIC KEY-----`)),
  fails("a public key that is private", "ERR_KEY_INVALID", () => publicKey(pkcs8)),
  fails("a public key that is a JWK of another kind", "ERR_KEY_INVALID", () => publicKey(any({ kty: "oct", k: SECRET }))),
  fails("a public key that is a broken JWK", "ERR_KEY_INVALID", () => publicKey(any({ kty: "RSA", n: SECRET, e: CLAIM, kid: KID }))),
  fails("a private key that is text", "ERR_KEY_INVALID", () => privateKey(SECRET)),
  fails("a private key that is broken", "ERR_KEY_INVALID", () => privateKey(pkcs8.replace(/\n.{8}/, `\n${MARK}`))),
  fails("a passphrase that is no text", "ERR_KEY_INVALID", () => privateKey(SECRET, { passphrase: any([SECRET]) })),
  fails("a key that the runtime refuses", "ERR_KEY_INVALID", async () => {
    vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new Error(`quotes ${SECRET}`));
    await verifyJwt(raw('{"alg":"RS256"}', "{}"), publicKey(spki));
  }),
  // Signing
  fails("signing with no key", "ERR_INVALID_ARG_TYPE", () => signJwt({ iss: CLAIM }, any(SECRET), { lifetime: 1 })),
  fails("signing no claims", "ERR_INVALID_ARG_TYPE", () => signJwt(any(CLAIM), key, { lifetime: 1 })),
  fails("signing without an end", "ERR_INVALID_ARG_VALUE", () => signJwt({ iss: CLAIM }, key)),
  fails("signing claims of the wrong type", "ERR_INVALID_ARG_VALUE", () => signJwt(any({ sub: [CLAIM] }), key, { lifetime: 1 })),
  fails("signing what is no JSON", "ERR_INVALID_ARG_VALUE", () => {
    const toJSON = () => {
      throw new Error(CLAIM);
    };
    return signJwtSync(any({ context: { toJSON } }), key, { lifetime: 1 });
  }),
  fails("signing with a lifetime that is text", "ERR_INVALID_ARG_TYPE", () => signJwtSync({ iss: CLAIM }, key, { lifetime: any(CLAIM) })),
  fails("signing with a kid that is none", "ERR_INVALID_ARG_TYPE", () => signJwt({ iss: CLAIM }, key, { lifetime: 1, kid: any([KID]) })),
  fails("signing HS512 at once", "ERR_UNSUPPORTED_RUNTIME", () => signJwtSync({ iss: CLAIM }, secretKey(SECRET, { alg: "HS512" }), { lifetime: 1 })),
  fails("signing without WebCrypto", "ERR_UNSUPPORTED_RUNTIME", () => {
    vi.stubGlobal("crypto", undefined);
    return signJwt({ iss: CLAIM }, rsaPrivate, { lifetime: 1 });
  }),
  // Verifying
  fails("verifying with no key", "ERR_INVALID_ARG_TYPE", () => verifyJwt(good, any(SECRET), options)),
  fails("verifying with the other kind of key", "ERR_TOKEN_ALGORITHM", () => verifyJwt(good, rsaPublic, options)),
  fails("a resolver that finds no key", "ERR_INVALID_ARG_TYPE", () => verifyJwt(good, () => any(SECRET), options)),
  fails("a clock that answers nonsense", "ERR_INVALID_ARG_VALUE", () => verifyJwt(good, key, { now: () => any(CLAIM) })),
  // Encoding and hashing
  fails("base64url that is none", "ERR_INVALID_ARG_VALUE", () => base64url.decode(`${SECRET}=`)),
  fails("bytes that are none", "ERR_INVALID_ARG_TYPE", () => base64url.encode(any(SECRET))),
  fails("a request without a method", "ERR_INVALID_ARG_TYPE", () => qsh(any({ url: `/?${QUERY}` }))),
  fails("a request with an empty method", "ERR_INVALID_ARG_VALUE", () => canonicalRequest({ method: "", url: `/?${QUERY}` })),
  fails("a URL that is none", "ERR_INVALID_ARG_TYPE", () => qsh({ method: "GET", url: any({ query: QUERY }) })),
  fails("a form that is none", "ERR_INVALID_ARG_TYPE", () => qsh({ method: "POST", url: "/", form: any({ a: QUERY }) })),
  fails("a base that is none", "ERR_INVALID_ARG_TYPE", () => qsh({ method: "GET", url: `/?${QUERY}` }, { baseUrl: any([QUERY]) })),
  fails("a path rule that is none", "ERR_INVALID_ARG_VALUE", () => qsh({ method: "GET", url: `/?${QUERY}` }, { path: any(QUERY) })),
  fails("a pair that is none", "ERR_INVALID_ARG_TYPE", () => new CanonicalRequestBuilder("GET", `/?${QUERY}`).append(QUERY, any([QUERY]))),
  fails("a body that is none", "ERR_INVALID_ARG_TYPE", () => new CanonicalRequestBuilder("POST", "/").appendForm(any({ a: QUERY }))),
  fails("a stream of text", "ERR_INVALID_ARG_TYPE", () => new CanonicalRequestBuilder("POST", "/").appendForm(streamOf([QUERY]))),
] as const;

/** The marks, the secret, every token and every part of a token or a key that is long enough to be told apart. */
const needles = [MARK, SECRET, CLAIM, QUERY, KID].flatMap(spellings);
const parts = [...tokens.map(([, , token]) => token), spki.replaceAll(/-----[^-]*-----/g, ""), pkcs8.replaceAll(/-----[^-]*-----/g, "")]
  .filter((token) => typeof token === "string")
  .flatMap((token) => token.split(/[.\s]/))
  .filter((part) => part.length > 15)
  .map((part) => part.slice(0, 40));

async function errorFrom(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

async function expectSilence(code: string, run: () => unknown): Promise<void> {
  const error = await errorFrom(run);
  expect(error).toHaveProperty("code", code);
  const shown = everythingShown(error);
  expect([...needles, ...parts].filter((needle) => shown.includes(needle))).toEqual([]);
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("what a failing call says holds neither token nor secret, claim nor query", () => {
  it.each(tokens)("verifyJwt: %s", async (_, code, token, more) => {
    await expectSilence(code, () => verifyJwt(token as string, key, { ...options, ...more }));
    await expectSilence(code, () => verifyJwt(token as string, () => key, { ...options, ...more }));
    await expectSilence(code, () => verifyJwtSync(token as string, key, { ...options, ...more }));
  });

  it.each(tokens.filter(([, code]) => code === "ERR_TOKEN_MALFORMED" || code === "ERR_TOKEN_TOO_LARGE"))(
    "decodeJwt: %s",
    async (_, code, token) => expectSilence(code, () => decodeJwt(token as string)),
  );

  it.each(others)("%s", async (_, code, run) => expectSilence(code, run));
});

it("no code of the core is left out", () => {
  expect([...new Set([...tokens.map(([, code]) => code), ...others.map(([, code]) => code)])].sort()).toEqual([
    "ERR_CLAIM_INVALID",
    "ERR_CLAIM_MISMATCH",
    "ERR_CLAIM_MISSING",
    "ERR_INVALID_ARG_TYPE",
    "ERR_INVALID_ARG_VALUE",
    "ERR_KEY_ID",
    "ERR_KEY_INVALID",
    "ERR_TOKEN_ALGORITHM",
    "ERR_TOKEN_EXPIRED",
    "ERR_TOKEN_HEADER",
    "ERR_TOKEN_MALFORMED",
    "ERR_TOKEN_NOT_YET_VALID",
    "ERR_TOKEN_SIGNATURE",
    "ERR_TOKEN_TOO_LARGE",
    "ERR_UNSUPPORTED_RUNTIME",
  ]);
});

it("the search would find it: in a message, a cause, a hidden property, and in base64", () => {
  const leaks = [
    new Error(`bad token ${good}`),
    new Error("x", { cause: new Error(CLAIM) }),
    Object.defineProperty(new Error("x"), "hidden", { value: { deep: [SECRET] } }),
    Object.assign(new Error("x"), { [Symbol("s")]: segment(`..${KID}..`) }),
    Object.assign(new Error("x"), { bytes: Buffer.from(QUERY).toString("hex") }),
  ];
  for (const leak of leaks) {
    const shown = everythingShown(leak);
    expect([...needles, ...parts].some((needle) => shown.includes(needle))).toBe(true);
  }
});
