import { createPublicKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { secretKey } from "../../src/crypto/keys.ts";
import type { SecretKey } from "../../src/crypto/keys.ts";
import { publicKey } from "../../src/crypto/rsa-keys.ts";
import type { PublicKey } from "../../src/crypto/rsa-keys.ts";
import { asBufferSource, verifyBytes } from "../../src/crypto/webcrypto.ts";
import { base64url, tryDecode } from "../../src/encoding/base64url.ts";
import { AuthError } from "../../src/errors.ts";
import { checkHeader, parseCompact } from "../../src/jws/compact.ts";
import { verifyJws } from "../../src/jws/verify.ts";
import { verifyJwt } from "../../src/jwt/verify.ts";
import type { JsonWebKeyLike } from "../../src/types.ts";
import { failure, rejection } from "../support/failure.ts";
import { macPrimitives, subtleVerifies } from "../support/macs.ts";
import { readShared, sharedSuite } from "../support/shared.ts";

type Result = "valid" | "invalid" | "acceptable";
interface Test {
  tcId: number;
  comment: string;
  result: Result;
}
interface JwsTest extends Test {
  jwk: JsonWebKeyLike & { k?: string };
  jws: string;
}
interface MacTest extends Test {
  key: string;
  msg: string;
  tag: string;
}
interface RsaTest extends Test {
  e: string;
  msg: string;
  sig: string;
  pem: number;
}
interface JwkTest extends Test {
  keys: (JsonWebKeyLike & { k?: string })[];
  jws: string;
}

const hex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));
const load = async <T>(file: string, absent: boolean) =>
  absent ? { tests: [] as T[], pems: [] as string[] } : readShared<{ tests: T[]; pems: string[] }>(file);
const named = <T extends Test>(tests: readonly T[]) =>
  tests.map((test) => [test.tcId, test.result, test.comment, test] as const);

/** True when our JWS layer takes key and token; everything but an error of ours escapes. */
async function accepts(token: string, makeKey: () => SecretKey | PublicKey): Promise<boolean> {
  try {
    const key = makeKey();
    const jws = parseCompact(token);
    checkHeader(jws.header);
    await verifyJws(jws, key);
    // A claims set is read from the payload, which these tokens have none in: so much of its form is asked here.
    return tryDecode(jws.payload) !== undefined;
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    return false;
  }
}

/** Valid to the suite, refused by us: a detached payload is none (S3, S4). */
const EMPTY_PAYLOAD = "emptyPayload";
const expected = ({ comment, result }: Test) => result === "valid" && comment !== EMPTY_PAYLOAD;

const hs256 = sharedSuite("wycheproof/jws_hs256.json");
describe.skipIf(hs256.absent)(hs256.name, async () => {
  const { tests } = await load<JwsTest>("wycheproof/jws_hs256.json", hs256.absent);
  const keyOf = ({ jwk }: JwsTest) => secretKey(base64url.decode(jwk.k as string), { allowShortSecret: true });

  it("holds 40 tests", () => {
    expect(tests).toHaveLength(40);
  });
  it.each(named(tests))("%d %s %s", async (...[, , , test]) => {
    // The file says "Test" and the like where a claims set is asked for: the layer above takes none of them.
    const { code } = await rejection(verifyJwt(test.jws, keyOf(test), { requireExp: false }));
    expect(code).toMatch(/^ERR_TOKEN_|^ERR_KEY_ID$/);
    expect(await accepts(test.jws, () => keyOf(test))).toBe(expected(test));
  });
});

const rs256 = sharedSuite("wycheproof/jws_rs256.json");
describe.skipIf(rs256.absent)(rs256.name, async () => {
  const { tests } = await load<JwsTest>("wycheproof/jws_rs256.json", rs256.absent);

  it("holds 235 tests", () => {
    expect(tests).toHaveLength(235);
  });
  it.each(named(tests))("%d %s %s", async (...[, , , test]) => {
    expect(await accepts(test.jws, () => publicKey(test.jwk))).toBe(expected(test));
  });
  it("the one exception is a payload that is empty", () => {
    const exceptions = tests.filter((test) => test.result === "valid" && !expected(test));
    expect(exceptions.map(({ tcId, jws }) => [tcId, jws.includes("..")])).toEqual([[259, true]]);
  });
});

const hmac = sharedSuite("wycheproof/hmac_sha256.json");
describe.skipIf(hmac.absent)(hmac.name, async () => {
  const { tests } = await load<MacTest>("wycheproof/hmac_sha256.json", hmac.absent);

  it("holds 87 tests", () => {
    expect(tests).toHaveLength(87);
  });
  describe.each(macPrimitives)("by %s", (_, mac) => {
    it.each(named(tests))("%d %s %s", async (...[, result, , { key, msg, tag }]) => {
      expect(Buffer.from(await mac(hex(key), hex(msg))).toString("hex") === tag).toBe(result === "valid");
    });
  });
  it.each(named(tests))("verified by webcrypto: %d %s %s", async (...[, result, , { key, msg, tag }]) => {
    expect(await subtleVerifies(hex(key), hex(msg), hex(tag))).toBe(result === "valid");
  });
});

describe.each([
  [2048, 259],
  [3072, 259],
  [4096, 258],
])("RSA with %d bits", (bits, count) => {
  const suite = sharedSuite(`wycheproof/rsa_${bits}_sha256.json`);
  describe.skipIf(suite.absent)(suite.name, async () => {
    const { tests, pems } = await load<RsaTest>(`wycheproof/rsa_${bits}_sha256.json`, suite.absent);
    const importPem = (pem: string) => {
      const der = createPublicKey(pem).export({ type: "spki", format: "der" });
      const parameters = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
      return crypto.subtle.importKey("spki", asBufferSource(der), parameters, false, ["verify"]);
    };

    it(`holds ${count} tests`, () => {
      expect(tests).toHaveLength(count);
    });

    it("keys are taken by the policy alone: an exponent of 3 is refused", () => {
      for (const { e, pem } of tests.filter((test, i) => tests.findIndex((other) => other.pem === test.pem) === i)) {
        if (e === "010001") expect(publicKey(pems[pem] as string).type).toBe("public");
        else expect(failure(() => publicKey(pems[pem] as string)).message).toBe('key has too small an "RSA" public exponent');
      }
    });

    it.each(named(tests))("%d %s %s", async (...[, result, , { e, msg, sig, pem }]) => {
      // What leaves the NULL out ("acceptable") is refused, as every engine does.
      const material = pems[pem] as string;
      const key = e === "010001" ? await publicKey(material).cryptoKey(crypto.subtle) : await importPem(material);
      expect(await verifyBytes(crypto.subtle, key, hex(msg), hex(sig))).toBe(result === "valid");
    });
  });
});

const policy = sharedSuite("wycheproof/jwk_policy.json");
describe.skipIf(policy.absent)(policy.name, async () => {
  const { tests } = await load<JwkTest>("wycheproof/jwk_policy.json", policy.absent);
  /** A modulus that a broken chip made: to know one takes a fingerprint of its primes, which is out of scope. */
  const outOfScope = new Set([7]);

  it("holds 15 tests", () => {
    expect(tests).toHaveLength(15);
  });

  it("takes no symmetric JWK, valid or not", () => {
    const symmetric = tests.flatMap(({ keys }) => keys).filter(({ kty }) => kty === "oct");
    expect(symmetric.length).toBeGreaterThan(0);
    for (const jwk of symmetric) {
      expect(failure(() => publicKey(jwk))).toEqual({
        name: "KeyError",
        code: "ERR_KEY_INVALID",
        message: 'key is not an "RSA" key',
      });
    }
  });

  const rsaAlone = tests.filter(({ tcId, keys }) => !outOfScope.has(tcId) && keys.every(({ kty }) => kty !== "oct"));
  it.each(named(rsaAlone))("%d %s %s", async (...[, result, , { keys, jws }]) => {
    const verified = await Promise.all(keys.map((jwk) => accepts(jws, () => publicKey(jwk))));
    expect(verified.includes(true)).toBe(result === "valid");
  });
});
