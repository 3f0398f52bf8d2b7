/** The token vectors that need no request around them. */
import * as core from "../../../dist/index.js";
import * as sync from "../../../dist/sync.js";
import { equal, oneOf, settled } from "./verdict.mjs";

/** The kinds of the vector file, by our codes. */
export const TOKEN_CODES = {
  ok: ["ok"],
  malformed: ["ERR_TOKEN_MALFORMED"],
  algorithm: ["ERR_TOKEN_ALGORITHM"],
  header: ["ERR_TOKEN_HEADER"],
  unsupported: ["ERR_TOKEN_HEADER"],
  signature: ["ERR_TOKEN_SIGNATURE"],
  expired: ["ERR_TOKEN_EXPIRED"],
  notBefore: ["ERR_TOKEN_NOT_YET_VALID"],
  claim: ["ERR_CLAIM_MISSING", "ERR_CLAIM_INVALID", "ERR_CLAIM_MISMATCH"],
  issuer: ["ERR_CLAIM_MISMATCH"],
  audience: ["ERR_CLAIM_MISMATCH"],
  key: ["ERR_KEY_INVALID"],
};

/** Rule S11 overrules this row, which peers accept: a header that brings keys is refused. */
const BRINGS_KEYS = "valid: jku/jwk/x5u header members ignored";

const CONTEXTS = ["request", "install", "forge"];

export function tokenCases({ tokens }, { add, has }) {
  for (const vector of tokens.filter((one) => CONTEXTS.every((context) => !(context in one)))) {
    const { alg, secret, at, leeway, requires, issuer, audience } = vector;
    const options = { now: () => at, leeway, requiredClaims: requires, issuer, audience };
    const key = () =>
      secret === undefined ? core.publicKey(vector.publicKey) : core.secretKey(secret, { alg, allowShortSecret: true });
    const kinds = [vector.expect, ...(vector.altExpect ?? [])].flatMap((kind) => TOKEN_CODES[kind]);
    const allowed = vector.name === BRINGS_KEYS ? ["ERR_TOKEN_HEADER"] : kinds;
    const judge = ({ value, error }, what, isSupported) => {
      oneOf(error?.code ?? "ok", allowed, what, isSupported);
      if (value !== undefined && vector.claims !== undefined) equal(value.claims, vector.claims, `${what}, claims`);
    };
    add(vector.name, async () => {
      const web = await settled(() => core.verifyJwt(vector.token, key(), options));
      judge(web, "verifyJwt", has("crypto.subtle") || alg === "HS256");
      if (alg !== "HS256") return;
      judge(await settled(() => sync.verifyJwtSync(vector.token, key(), options)), "verifyJwtSync", true);
    });
  }

  // What is given to the platform is written over by the next call: each must have been copied by then.
  add("64 tokens at a time", async () => {
    const key = core.secretKey("a-secret-that-has-more-than-32-bytes");
    const sets = Array.from({ length: 64 }, (_, i) => ({ iss: "a".repeat(1 + (i % 9)), iat: 1, exp: 4102444800 + i }));
    const signed = await Promise.all(sets.map((claims) => core.signJwt(claims, key)));
    equal(signed, sets.map((claims) => sync.signJwtSync(claims, key)), "signed together, and one by one");
    // Every third one has the signature of its neighbour.
    const given = signed.map((token, i) => (i % 3 === 0 ? token.replace(/[^.]+$/, signed[i + 1]?.split(".")[2] ?? "AA") : token));
    const codes = await Promise.all(given.map(async (token) => (await settled(() => core.verifyJwt(token, key))).error?.code ?? "ok"));
    equal(codes, given.map((_, i) => (i % 3 === 0 ? "ERR_TOKEN_SIGNATURE" : "ok")), "verified together");
  });
}
