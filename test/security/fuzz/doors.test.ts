import { generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { secretKey } from "../../../src/crypto/keys.ts";
import { privateKey, publicKey } from "../../../src/crypto/rsa-keys.ts";
import { base64url } from "../../../src/encoding/base64url.ts";
import { decodeJwt } from "../../../src/jwt/decode.ts";
import type { VerifyOptions } from "../../../src/jwt/options.ts";
import { signJwt } from "../../../src/jwt/sign.ts";
import { signJwtSync, verifyJwtSync } from "../../../src/jwt/sync.ts";
import { verifyJwt } from "../../../src/jwt/verify.ts";
import { CanonicalRequestBuilder } from "../../../src/qsh/builder.ts";
import { canonicalRequest } from "../../../src/qsh/canonical.ts";
import { qsh } from "../../../src/qsh/hash.ts";
import type { QshOptions } from "../../../src/qsh/request.ts";
import { NOW, seal, sealText, SECRET } from "../../support/token.ts";
import { outcomeSoon } from "./outcome.ts";
import { fuzz } from "./runner.ts";

const options: VerifyOptions = { now: () => NOW };
const key = secretKey(SECRET);
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const spki = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const rsaPublic = publicKey(spki);
const rsaPrivate = privateKey(pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString());

/** Fails on every exception that is not ours; answers whether there was none. */
async function onlyOurs(run: () => unknown): Promise<boolean> {
  return "value" in (await outcomeSoon(run));
}

const replaceAt = (list: readonly string[], index: number, text: string) =>
  list.map((item, i) => (i === index ? text : item));

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom(
      ".",
      "A",
      "_",
      "=",
      "e30",
      "eyJhbGciOiJIUzI1NiJ9",
      "{",
      "}",
      '"',
      ":",
      "\ud800",
      "%",
      "&",
      "/",
    ),
  }),
);
const anything = fc.oneof(anyText, fc.uint8Array(), fc.anything());

describe("round trips", () => {
  const claims = fc.dictionary(
    fc.string({ maxLength: 8 }).filter((name) =>
      !["__proto__", "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "qsh"].includes(name)
    ),
    fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes("__proto__")),
    { maxKeys: 6 },
  );

  fuzz("what is signed is verified, by HS256, HS384, HS512 and at once, with the same claims", 20, [
    claims,
    fc.constantFrom("HS256", "HS384", "HS512"),
    fc.nat(100_000),
  ], async (given, alg, lifetime) => {
    const same = secretKey(SECRET, { alg });
    const token = await signJwt(given, same, { lifetime, now: () => NOW });
    const verified = await verifyJwt(token, same, options);
    expect(verified.claims).toEqual(JSON.parse(JSON.stringify({ ...given, iat: NOW, exp: NOW + lifetime })));
    expect(decodeJwt(token)).toEqual(verified);
    if (alg === "HS256") {
      expect(signJwtSync(given, same, { lifetime, now: () => NOW })).toBe(token);
      expect(verifyJwtSync(token, same, options)).toEqual(verified);
    }
  });

  fuzz("and by RS256", 100, [claims], async (given) => {
    const token = await signJwt(given, rsaPrivate, { lifetime: 60, now: () => NOW });
    expect((await verifyJwt(token, rsaPublic, options)).claims).toMatchObject(
      JSON.parse(JSON.stringify(given)) as object,
    );
  });
});

describe("a good token that is changed is refused, wherever it is changed", () => {
  let tokens: [name: string, token: string, key: typeof key | typeof rsaPublic][];

  beforeAll(async () => {
    const claims = { iss: "tenant", sub: "\u5bae", context: { user: { accountId: "1" } } };
    tokens = [
      ["HS256", await signJwt(claims, key, { lifetime: 60, now: () => NOW }), key],
      ["RS256", await signJwt(claims, rsaPrivate, { lifetime: 60, now: () => NOW }), rsaPublic],
    ];
    for (const [, token, verifying] of tokens) {
      expect(await onlyOurs(() => verifyJwt(token, verifying, options))).toBe(true);
    }
  });

  it("one bit of any character", async () => {
    for (const [name, token, verifying] of tokens) {
      const accepted: string[] = [];
      for (let at = 0; at < token.length; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const flipped = String.fromCharCode(token.charCodeAt(at) ^ (1 << bit));
          const changed = token.slice(0, at) + flipped + token.slice(at + 1);
          if (await onlyOurs(() => verifyJwt(changed, verifying, options))) accepted.push(`${name} ${at} ${bit}`);
        }
      }
      expect(accepted).toEqual([]);
    }
  });

  fuzz("one character put in, left out, doubled or put elsewhere", 10, [
    fc.nat(1),
    fc.nat(),
    fc.nat(),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ], async (which, a, b, char) => {
    const [, token, verifying] = tokens[which] as (typeof tokens)[number];
    const at = a % token.length;
    const changes = [
      token.slice(0, at) + char + token.slice(at),
      token.slice(0, at) + token.slice(at + 1),
      token.slice(0, at) + (token[at] as string) + token.slice(at),
      token.slice(0, at) + char + token.slice(at + 1),
      token.slice(0, at),
      token.slice(at),
      `${token.slice(at)}${token.slice(0, at)}`,
      token.slice(0, at) + token.slice(at).split("").reverse().join(""),
      token.slice(0, at) + (token[b % token.length] as string) + token.slice(at + 1),
    ].filter((changed) => changed !== token);
    for (const changed of changes) expect(await onlyOurs(() => verifyJwt(changed, verifying, options))).toBe(false);
  });

  it("one byte of the JSON of header or payload", async () => {
    const [, token] = tokens[0] as (typeof tokens)[number];
    const segments = token.split(".") as [string, string, string];
    for (const index of [0, 1]) {
      const bytes = Buffer.from(segments[index] as string, "base64url");
      for (let at = 0; at < bytes.length; at++) {
        for (const delta of [1, 32, 128, 255]) {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] as number) ^ delta;
          const parts = replaceAt(segments, index, changed.toString("base64url")).join(".");
          if (await onlyOurs(() => verifyJwt(parts, key, options))) {
            throw new Error(`accepted: segment ${index}, byte ${at}`);
          }
          if (await onlyOurs(() => verifyJwtSync(parts, key, options))) {
            throw new Error(`accepted at once: ${index}, ${at}`);
          }
        }
      }
    }
  });

  it("every other spelling of the same three segments", async () => {
    for (const [, token, verifying] of tokens) {
      const [header, payload, signature] = token.split(".") as [string, string, string];
      const spellings = [header, payload, signature].flatMap((text, i, all) =>
        [
          `${text}=`,
          `${text}==`,
          `${text}\n`,
          ` ${text}`,
          `${text}%3D`,
          text.replaceAll("-", "+").replaceAll("_", "/"),
          `${text}A`,
        ]
          .filter((spelling) => spelling !== text)
          .map((spelling) => replaceAt(all, i, spelling).join("."))
      );
      for (const spelling of spellings) {
        expect(await onlyOurs(() => verifyJwt(spelling, verifying, options))).toBe(false);
      }
    }
  });
});

describe("no exception but ours escapes", () => {
  fuzz("verifyJwt, verifyJwtSync and decodeJwt, on any value", 5, [anything], async (value) => {
    const token = value as string;
    expect(await onlyOurs(() => verifyJwt(token, key, options))).toBe(false);
    expect(await onlyOurs(() => verifyJwt(token, rsaPublic, options))).toBe(false);
    expect(await onlyOurs(() => verifyJwtSync(token, key, options))).toBe(false);
    await onlyOurs(() => decodeJwt(token));
  });

  const json = fc.oneof(
    fc.json({ maxDepth: 3 }),
    anyText,
    fc.constantFrom('{"alg":"HS256"}', '{"exp":1e999}', '{"aud":[[]]}'),
  );
  fuzz("and on any text that is signed", 10, [json, json], async (header, payload) => {
    for (
      const token of [
        sealText(header, payload),
        sealText('{"alg":"HS256"}', payload),
        sealText(header, `{"exp":${NOW + 60}}`),
      ]
    ) {
      await onlyOurs(() => verifyJwt(token, key, options));
      await onlyOurs(() => verifyJwtSync(token, key, options));
      await onlyOurs(() => decodeJwt(token));
    }
  });

  const name = fc.constantFrom("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "qsh", "context", "__proto__x");
  const option = fc.constantFrom(
    "issuer",
    "audience",
    "subject",
    "leeway",
    "maxAge",
    "maxLifetime",
    "requireExp",
    "requiredClaims",
    "typ",
    "maxTokenLength",
    "now",
  );
  fuzz("on claims of any type, under any options", 10, [
    fc.dictionary(name, fc.jsonValue()),
    fc.dictionary(option, fc.anything()),
  ], async (claims, wild) => {
    await onlyOurs(() => verifyJwt(seal(claims), key, options));
    await onlyOurs(() => verifyJwt(seal(claims), key, { ...options, ...wild } as VerifyOptions));
    await onlyOurs(() => signJwt(claims as never, key, { lifetime: 60 }));
  });

  fuzz("signJwt, on any claims and options", 10, [fc.anything(), fc.anything()], async (claims, wild) => {
    await onlyOurs(() => signJwt(claims as never, key, wild as never));
    await onlyOurs(() => signJwt(claims as never, key, { lifetime: 60 }));
  });

  const nearPem = fc.tuple(anyText, anyText).map(([a, b]) =>
    `-----BEGIN PUBLIC KEY-----\n${a}\n-----END PUBLIC KEY-----${b}`
  );
  fuzz("secretKey, publicKey and privateKey, on any value", 5, [fc.oneof(anything, nearPem)], async (value) => {
    for (const make of [secretKey, publicKey, privateKey] as ((material: never) => unknown)[]) {
      await onlyOurs(() => make(value as never));
    }
    await onlyOurs(() => secretKey(SECRET, value as never));
  });

  fuzz("base64url, on any value", 5, [anything], async (value) => {
    if (await onlyOurs(() => base64url.decode(value as string))) {
      expect(base64url.encode(base64url.decode(value as string))).toBe(value);
    }
    await onlyOurs(() => base64url.encode(value as Uint8Array));
  });

  const request = fc.oneof(
    fc.anything(),
    fc.record({ method: anything, url: anything, form: anything }, { requiredKeys: [] }),
  );
  const how = fc.oneof(fc.anything(), fc.record({ baseUrl: anything, path: anything }, { requiredKeys: [] }));
  fuzz(
    "canonicalRequest, qsh and the builder, on any value",
    5,
    [request, how, anything],
    async (given, wild, other) => {
      const target = given as { method: string; url: string };
      await onlyOurs(() => canonicalRequest(target, wild as QshOptions));
      await onlyOurs(() => qsh(target, wild as QshOptions));
      await onlyOurs(() => new CanonicalRequestBuilder(other as string, "/").appendQuery(other as string).toString());
      await onlyOurs(() => new CanonicalRequestBuilder("POST", other as string, wild as QshOptions).qsh());
      await onlyOurs(() => new CanonicalRequestBuilder("POST", "/").appendForm(other as string));
    },
  );

  fuzz(
    "text of any kind has a canonical form, and it is ASCII from the query on",
    10,
    [anyText, anyText, anyText],
    (path, query, form) => {
      const canonical = canonicalRequest({
        method: "POST",
        url: `/${path.replaceAll(/[?#]/g, "")}?${query.replaceAll("#", "")}`,
        form,
      });
      const at = canonical.indexOf("&", canonical.indexOf("&") + 1);
      expect(canonical.slice(at + 1)).toMatch(/^[A-Za-z0-9\-._~%=,&]*$/);
    },
  );
});
