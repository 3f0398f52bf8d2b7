import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { syncEngine } from "../../../src/crypto/engine.ts";
import { secretKey } from "../../../src/crypto/keys.ts";
import { publicKey } from "../../../src/crypto/rsa-keys.ts";
import { parseCompact } from "../../../src/jws/compact.ts";
import { assertSignature, verifyJws } from "../../../src/jws/verify.ts";
import { failure, rejection } from "../../support/failure.ts";
import { sealSegments, segment, SECRET } from "../../support/token.ts";

const ALGORITHM = {
  name: "TokenError",
  code: "ERR_TOKEN_ALGORITHM",
  message: '"alg" header parameter is not the algorithm of the key',
};
const SIGNATURE = { name: "TokenError", code: "ERR_TOKEN_SIGNATURE", message: "signature does not verify" };
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const rsaKey = publicKey(pair.publicKey.export({ type: "spki", format: "pem" }).toString());

const jws = (alg: string, hash = "sha256", secret = SECRET) =>
  parseCompact(sealSegments(segment(JSON.stringify({ alg })), "e30", secret, hash));

describe("verifyJws", () => {
  it.each([
    ["HS256", "sha256"],
    ["HS384", "sha384"],
    ["HS512", "sha512"],
  ] as const)("verifies %s", async (alg, hash) => {
    await expect(verifyJws(jws(alg, hash), secretKey(SECRET, { alg }))).resolves.toBeUndefined();
    expect(await rejection(verifyJws(jws(alg, hash), secretKey(`${SECRET}.`, { alg })))).toEqual(SIGNATURE);
    expect(await rejection(verifyJws(jws(alg, "sha1"), secretKey(SECRET, { alg })))).toEqual(SIGNATURE);
  });

  it("verifies RS256", async () => {
    const input = `${segment('{"alg":"RS256"}')}.e30`;
    const signature = sign("sha256", Buffer.from(input), pair.privateKey).toString("base64url");
    await expect(verifyJws(parseCompact(`${input}.${signature}`), rsaKey)).resolves.toBeUndefined();
    expect(await rejection(verifyJws(parseCompact(`${input}.`), rsaKey))).toEqual(SIGNATURE);
    expect(await rejection(verifyJws(parseCompact(`${input}0.${signature}`), rsaKey))).toEqual(SIGNATURE);
  });

  it("compares alg before it computes anything", async () => {
    const verify = vi.fn(() => true);
    const engine = { name: "spy", sign: syncEngine.sign, verify };
    for (const alg of ["none", "HS384", "HS512", "RS256", "hs256"]) {
      expect(await rejection(verifyJws(jws(alg), secretKey(SECRET), engine))).toEqual(ALGORITHM);
    }
    expect(await rejection(verifyJws(jws("HS256"), rsaKey, engine))).toEqual(ALGORITHM);
    expect(verify).not.toHaveBeenCalled();
    await expect(verifyJws(jws("HS256"), secretKey(SECRET), engine)).resolves.toBeUndefined();
    expect(verify).toHaveBeenCalledTimes(1);
  });
});

it("assertSignature throws for false", () => {
  expect(assertSignature(true)).toBeUndefined();
  expect(failure(() => assertSignature(false))).toEqual(SIGNATURE);
});

it("an engine is not asked about RSA keys", async () => {
  const believing = { name: "believing", sign: () => new Uint8Array(256), verify: () => true };
  const forged = parseCompact(`${segment('{"alg":"RS256"}')}.e30.${segment(new Uint8Array(256))}`);
  expect(await rejection(verifyJws(forged, rsaKey, believing))).toEqual(SIGNATURE);
});
