import { expect, it } from "vitest";
import { hmacAlgorithms, RS256, RSA_SHA1, RSA_SHA256 } from "../../../src/crypto/algorithms.ts";

it("holds the keyed hashes of RFC 7518 section 3.2, with a secret at least as long as the hash", () => {
  expect(hmacAlgorithms).toEqual({
    HS256: { family: "HMAC", name: "HS256", hash: "SHA-256", minSecret: 32 },
    HS384: { family: "HMAC", name: "HS384", hash: "SHA-384", minSecret: 48 },
    HS512: { family: "HMAC", name: "HS512", hash: "SHA-512", minSecret: 64 },
  });
});

it("holds RS256 of RFC 7518 section 3.3, from 2048 bits up", () => {
  expect(RS256).toEqual({
    family: "RSASSA-PKCS1-v1_5",
    name: "RS256",
    hash: "SHA-256",
    minModulus: 2048,
    maxModulus: 8192,
  });
});

it("holds the signatures of OAuth 1.0a, from 1024 bits up", () => {
  expect(RSA_SHA1).toMatchObject({ name: "RSA-SHA1", hash: "SHA-1", minModulus: 1024, maxModulus: 8192 });
  expect(RSA_SHA256).toMatchObject({ name: "RSA-SHA256", hash: "SHA-256", minModulus: 1024, maxModulus: 8192 });
});
