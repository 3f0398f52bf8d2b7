import { describe, expect, it, vi } from "vitest";
import { secretKey } from "../../src/crypto/keys.ts";
import { AuthError } from "../../src/errors.ts";
import { parseCompact, parsePayload } from "../../src/jws/compact.ts";
import { decodeJwt } from "../../src/jwt/decode.ts";
import { verifyJwtSync } from "../../src/jwt/sync.ts";
import { verifyJwt } from "../../src/jwt/verify.ts";
import { CanonicalRequestBuilder } from "../../src/qsh/builder.ts";
import { canonicalRequest } from "../../src/qsh/canonical.ts";
import { qsh } from "../../src/qsh/hash.ts";
import { rejection } from "../support/failure.ts";
import { growth, SIZES } from "../support/growth.ts";
import { NOW, sealSegments, sealText, SECRET, segment } from "../support/token.ts";

// A machine that is busy makes these slow, not wrong: they go by the processor's time.
vi.setConfig({ testTimeout: 120_000 });

/** Linear is 1, n log n a little more; quadratic, 2, is what must not be. */
const LINEAR = 1.5;
/** What a megabyte may take of the processor, in milliseconds. */
const PATIENCE = 2000;

const key = secretKey(SECRET);
const HEAD = segment('{"alg":"HS256"}');
const payload = (content: string) => sealText('{"alg":"HS256"}', content);
const times = (text: string, size: number) => text.repeat(Math.ceil(size / text.length));

/** Tokens of about so many characters, each made to hurt one step. */
const tokens: [name: string, make: (size: number) => string][] = [
  ["dots", (size) => ".".repeat(size)],
  ["dots at the end", (size) => `${HEAD}.e30${".".repeat(size)}`],
  ["no dot", (size) => "A".repeat(size)],
  ["base64url in the header", (size) => `${"A".repeat(size)}.e30.AAAA`],
  ["base64url in the payload", (size) => `${HEAD}.${"A".repeat(size)}.AAAA`],
  ["base64url in the signature", (size) => `${HEAD}.e30.${"A".repeat(size)}`],
  ["a foreign character at the very end", (size) => `${HEAD}.e30.${"A".repeat(size)}!`],
  ["nested arrays", (size) => payload(`{"a":${"[".repeat(size / 2)}${"]".repeat(size / 2)}}`)],
  ["nested arrays, never closed", (size) => payload(`{"a":${"[".repeat(size)}`)],
  ["nested objects", (size) => payload(times('{"a":', size) + "1" + "}".repeat(Math.ceil(size / 5)))],
  ["colons in a string", (size) => payload(`{"a":"${":".repeat(size)}"}`)],
  ["escapes", (size) => payload(`{"a":"${times(String.raw`\u0041`, size)}"}`)],
  ["backslashes", (size) => payload(`{"a":"${times("\\\\", size)}"}`)],
  ["quotes, escaped", (size) => payload(`{"a":"${times('\\"', size)}"}`)],
  ["many members", (size) => payload(`{${Array.from({ length: size / 12 }, (_, i) => `"${String(i).padStart(6, "0")}":1`).join()}}`)],
  ["one member, many times", (size) => payload(`{${times('"a":1,', size)}"a":1}`)],
  ["members that collide as array indices", (size) => payload(`{${Array.from({ length: size / 12 }, (_, i) => `"${i * 65536}":1`).join()}}`)],
  ["white space", (size) => payload(`${" ".repeat(size)}{}`)],
  ["digits", (size) => payload(`{"exp":${"9".repeat(size)}}`)],
  ["an array of numbers", (size) => payload(`{"aud":[${times("1,", size)}1]}`)],
  ["an array of audiences", (size) => payload(`{"exp":${NOW + 60},"aud":[${times('"a",', size)}"b"]}`)],
  ["bytes that are not UTF-8", (size) => sealSegments(HEAD, segment(new Uint8Array(size).fill(0xc0)))],
  ["lone surrogates", (size) => payload(`{"iss":"${times(String.raw`\ud800`, size)}"}`)],
  ["a long kid", (size) => sealText(`{"alg":"HS256","kid":"${"k".repeat(size)}"}`, "{}")],
  ["a long typ", (size) => sealText(`{"alg":"HS256","typ":"${times("application/", size)}"}`, "{}")],
  ["a long alg", (size) => sealText(`{"alg":"${"H".repeat(size)}"}`, "{}")],
];

async function expectLinear<T>(make: (size: number) => T, run: (input: T) => unknown, sizes = SIZES): Promise<void> {
  const { exponent, last } = await growth(make, run, LINEAR, sizes);
  expect(exponent).toBeLessThan(LINEAR);
  expect(last).toBeLessThan(PATIENCE);
}

const refused = async (run: () => unknown): Promise<void> => {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
  }
};

describe("a hostile token of a megabyte", () => {
  it.each(tokens)("%s: refused by every door before it is read", async (_, make) => {
    const token = make(1 << 20);
    const doors: (() => unknown)[] = [
      () => verifyJwt(token, key, { now: () => NOW }),
      () => verifyJwtSync(token, key, { now: () => NOW }),
      () => decodeJwt(token),
    ];
    for (const door of doors) {
      const start = process.cpuUsage();
      expect((await rejection(Promise.resolve().then(door))).code).toBe("ERR_TOKEN_TOO_LARGE");
      expect(process.cpuUsage(start).user / 1000).toBeLessThan(50);
    }
  });

  it.each(tokens)("%s: read in linear time where a caller would lift the limit", async (_, make) => {
    await expectLinear(make, (token) => refused(() => parsePayload(parseCompact(token, Infinity))));
  });

  it.each(tokens)("%s: at the greatest length that may be asked for", async (_, make) => {
    const options = { now: () => NOW, maxTokenLength: 65536, audience: "z", issuer: "z" };
    await expectLinear(make, (token) => refused(() => verifyJwt(token, key, options)), [1 << 12, 46_000]);
  });
});

const numbered = (size: number, prefix: string) =>
  Array.from({ length: Math.ceil(size / (prefix.length + 10)) }, (_, i) => `${prefix}${((i * 2654435761) >>> 0).toString(36)}=v`).join("&");

/** Queries of about so many characters, each made to hurt one step: split, decode, gather, sort, encode. */
const queries: [name: string, make: (size: number) => string][] = [
  ["one name, repeated", (size) => times("a=1&", size)],
  ["one name with values that differ", (size) => Array.from({ length: size / 8 }, (_, i) => `a=${(i * 7919) % 100_003}`).join("&")],
  ["distinct names", (size) => numbered(size, "")],
  ["distinct names in order", (size) => Array.from({ length: size / 10 }, (_, i) => `n${String(i).padStart(6, "0")}=`).join("&")],
  ["distinct names in reverse", (size) => Array.from({ length: size / 10 }, (_, i) => `n${999_999 - i}=`).join("&")],
  ["names that share a short prefix", (size) => numbered(size, "prefix")],
  ["names that share a long prefix", (size) => numbered(size, "p".repeat(Math.sqrt(size)))],
  ["names that are prefixes of each other", (size) => Array.from({ length: Math.sqrt(2 * size) }, (_, i) => `${"a".repeat(i)}=`).join("&")],
  ["values that share a long prefix", (size) => numbered(size, `a=${"p".repeat(Math.sqrt(size))}`)],
  ["values that share an escaped prefix", (size) => numbered(size, `a=${"%2C".repeat(Math.sqrt(size) / 3)}`)],
  ["percent signs", (size) => "%".repeat(size)],
  ["escapes of a percent sign", (size) => times("%25", size)],
  ["escapes of UTF-8", (size) => times("%F0%9F%98%80", size)],
  ["escapes that are not UTF-8", (size) => times("%FF", size)],
  ["escapes that are cut", (size) => times("%F0%9F%98&", size)],
  ["plus signs", (size) => "+".repeat(size)],
  ["ampersands", (size) => "&".repeat(size)],
  ["equals signs", (size) => "=".repeat(size)],
  ["pairs of nothing", (size) => times("=&", size)],
  ["commas", (size) => ",".repeat(size)],
  ["characters that are not ASCII", (size) => "\u5bae".repeat(size)],
  ["lone surrogates", (size) => "\ud800".repeat(size)],
  ["the parameter that does not count", (size) => times("jwt=a&", size)],
  ["names of the prototype", (size) => times("__proto__=1&constructor=2&", size)],
  ["question marks", (size) => "?".repeat(size)],
];

const paths: [name: string, make: (size: number) => string][] = [
  ["slashes", (size) => "/".repeat(size)],
  ["ampersands", (size) => "&".repeat(size)],
  ["percent signs", (size) => "%".repeat(size)],
  ["escapes", (size) => times("%2F", size)],
  ["letters that look like a scheme", (size) => "a".repeat(size)],
  ["a scheme, over and over", (size) => times("a://", size)],
];

describe("a hostile request of a megabyte", () => {
  const doors: [name: string, run: (query: string) => unknown][] = [
    ["canonicalRequest", (query) => canonicalRequest({ method: "GET", url: `/a?${query}` })],
    ["qsh", (query) => qsh({ method: "GET", url: `/a?${query}` })],
    ["the builder", async (form) => (await new CanonicalRequestBuilder("POST", "/a").appendForm(new TextEncoder().encode(form))).qsh()],
  ];

  describe.each(doors)("%s", (...[, run]) => {
    it.each(queries)("%s", async (...[, make]) => expectLinear(make, run));
  });

  it.each(paths)("a path of %s", async (_, make) => {
    for (const path of ["raw", "decoded"] as const) {
      await expectLinear(make, (url) => qsh({ method: "GET", url }, { path, baseUrl: "/base" }));
    }
  });
});

describe("O(n log n) in the number of parameters, from 1 to 100,000", () => {
  const counts = [1, 10, 100, 1000, 10_000, 100_000];
  const query = (count: number) =>
    Array.from({ length: count }, (_, i) => `name${((i * 2654435761) >>> 0).toString(36)}=value%20${i}`).join("&");

  it.each([
    ["canonicalRequest", canonicalRequest],
    ["qsh", qsh],
  ])("%s", async (_, run) => {
    for (const count of counts) expect(run({ method: "GET", url: `/?${query(count)}` })).not.toBe("");
    await expectLinear(query, (text) => run({ method: "GET", url: `/?${text}` }), [5000, 100_000]);
  });
});

it("a secret of a megabyte is looked at in linear time", async () => {
  const secrets: ((size: number) => string)[] = [
    (size) => " ".repeat(size),
    (size) => `${" ".repeat(size)}-`,
    (size) => times("ssh-", size),
    (size) => `{${times('"kty" ', size)}`,
    (size) => "\ufeff".repeat(size),
  ];
  for (const make of secrets) {
    await expectLinear(make, (secret) => refused(() => secretKey(secret)));
  }
});
