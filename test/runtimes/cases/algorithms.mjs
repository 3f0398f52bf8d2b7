/** Each algorithm, out and back; what has no fallback is refused where `crypto.subtle` is missing. */
import * as core from "../../../dist/index.js";
import * as sync from "../../../dist/sync.js";
import { equal, outcome, refused, truth, UNSUPPORTED } from "./verdict.mjs";

const SECRET = "a-shared-secret-of-at-least-32-bytes";
const claims = { iss: "portable", iat: 1_800_000_000, exp: 1_800_000_180 };
const now = () => 1_800_000_000;
/** By node:crypto, over these claims. */
const TOKENS = {
  HS256:
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwb3J0YWJsZSIsImlhdCI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAwMTgwfQ." +
    "UedCr5fUPoBNVdrKQTgqof6d7Rr9BT4jaC6IhPOkTNg",
  HS384: 
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzM4NCJ9.eyJpc3MiOiJwb3J0YWJsZSIsImlhdCI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAwMTgwfQ." +
    "EOWiWnGqR0okjqdg1_PHUvi7NnnLDBKPpIcpZqYfmknvfi0XQA7jPcFFMDAhTpM9",
  HS512: 
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9.eyJpc3MiOiJwb3J0YWJsZSIsImlhdCI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAwMTgwfQ." +
    "A326Rv1Cm5imhCvhXj32NHPeJRPfLv72khf8W9iSL9rBHr_LWdGjb-CscyAqAMUi5Ay2KwY7ests2-wmSHX54A",
};

/** Signing and verifying, as far as the engine can: `ok` or refused for want of `crypto.subtle`. */
async function roundTrip(signing, verifying) {
  const token = await core.signJwt(claims, signing);
  equal((await core.verifyJwt(token, verifying, { now })).claims, claims, "claims");
  const tampered = token.slice(0, -3) + (token.endsWith("AAA") ? "BBA" : "AAA");
  await refused(() => core.verifyJwt(tampered, verifying, { now }), "ERR_TOKEN_SIGNATURE", "a tampered token");
  return token;
}

export function algorithmCases({ oauth1: { keys } }, { add, has }) {
  const canSubtle = has("crypto.subtle");
  add("HS256: both doors make one token, and take it", async () => {
    const key = core.secretKey(SECRET);
    equal(await roundTrip(key, key), TOKENS.HS256, "signJwt");
    equal(sync.signJwtSync(claims, key), TOKENS.HS256, "signJwtSync");
    equal(sync.verifyJwtSync(TOKENS.HS256, key, { now }).claims, claims, "verifyJwtSync");
    equal(core.decodeJwt(TOKENS.HS256), { header: { typ: "JWT", alg: "HS256" }, claims }, "decodeJwt");
  });
  for (const alg of ["HS384", "HS512"]) {
    add(`${alg}: ${canSubtle ? "signs and verifies" : "is refused"}`, async () => {
      const key = core.secretKey(SECRET + SECRET, { alg });
      if (canSubtle) equal(await roundTrip(key, key), TOKENS[alg], alg);
      else await refusesSubtle(() => core.signJwt(claims, key));
      if (!canSubtle) await refusesSubtle(() => core.verifyJwt(TOKENS[alg], key, { now }));
      await refused(() => sync.signJwtSync(claims, key), UNSUPPORTED, "signJwtSync");
    });
  }
  for (const [name, material] of Object.entries(keys).filter(([, { bits }]) => bits >= 2048)) {
    add(`RS256, key ${name}: ${canSubtle ? "signs and verifies" : "is refused"}`, async () => {
      const verifying = core.publicKey(material.public_spki_pem);
      for (const pem of [material.private_pkcs8_pem, material.private_pkcs1_pem]) {
        if (canSubtle) await roundTrip(core.privateKey(pem), verifying);
        else await refusesSubtle(() => core.signJwt(claims, core.privateKey(pem)));
      }
    });
  }
  add("whole characters beyond U+FFFF are well-formed, half ones are not", async () => {
    const emoji = { ...claims, iss: "\u{1f600}\u00fc\u{1f601}", sub: "x\u{1f600}" };
    const key = core.secretKey(`${SECRET}\u{1f600}`);
    const token = await core.signJwt(emoji, key, { kid: "k\u{1f600}" });
    equal((await core.verifyJwt(token, key, { now, issuer: emoji.iss })).claims, emoji, "claims");
    equal(sync.verifyJwtSync(sync.signJwtSync(emoji, key), key, { now }).claims, emoji, "claims, synchronous");
    await refused(() => core.secretKey(`${SECRET}\ud83d`), "ERR_KEY_INVALID", "half a character in a secret");
    await refused(() => core.signJwt({ ...claims, iss: "\ude00" }, key), "ERR_INVALID_ARG_VALUE", "half in a claim");
  });
  add("a key that does not fit its algorithm is refused", async () => {
    equal(await outcome(() => core.secretKey("short")), "ERR_KEY_INVALID", "a short secret");
    equal(await outcome(() => core.publicKey("no key")), "ERR_KEY_INVALID", "text");
  });
  for (const [text, bytes] of [
    ["", []],
    ["Zg", [102]],
    ["Zm8", [102, 111]],
    ["Zm9v", [102, 111, 111]],
    ["-_8", [251, 255]],
  ]) {
    add(`base64url: "${text}"`, () => {
      equal(core.base64url.encode(Uint8Array.from(bytes)), text, "encode");
      equal([...core.base64url.decode(text)], bytes, "decode");
    });
  }
  add("a hash that does not match is explained", async () => {
    const request = { method: "GET", url: "/rest/api/3/search?b=1&a=2" };
    const claimed = core.qsh({ method: "POST", url: request.url });
    const { causes } = core.explainQsh(claimed, request);
    truth(causes.length > 0, "a cause was found");
  });
}

async function refusesSubtle(run) {
  const error = await refused(run, UNSUPPORTED, "without crypto.subtle");
  equal(error.feature, "crypto.subtle", "the feature");
}
