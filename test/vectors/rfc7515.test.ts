import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { secretKey } from "../../src/crypto/keys.ts";
import { privateKey, publicKey } from "../../src/crypto/rsa-keys.ts";
import { base64url } from "../../src/encoding/base64url.ts";
import { parseCompact } from "../../src/jws/compact.ts";
import { signJws } from "../../src/jws/sign.ts";
import { verifyJws } from "../../src/jws/verify.ts";
import { decodeJwt } from "../../src/jwt/decode.ts";
import { verifyJwtSync } from "../../src/jwt/sync.ts";
import { verifyJwt } from "../../src/jwt/verify.ts";
import { rejection } from "../support/failure.ts";

/** The claims of both examples: RFC 7515 appendix A.1.1. */
const CLAIMS = { iss: "joe", exp: 1300819380, "http://example.com/is_root": true };
const PAYLOAD = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const now = () => 1300819379;

describe("RFC 7515 appendix A.1: HS256", () => {
  const HEADER = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
  const MAC = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const token = `${HEADER}.${PAYLOAD}.${MAC}`;
  const k = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
  const key = secretKey(base64url.decode(k));

  it("is typed as the appendix has it", () => {
    expect(key.secret()).toHaveLength(64);
    expect(Buffer.from(HEADER, "base64url").toString()).toBe('{"typ":"JWT",\r\n "alg":"HS256"}');
    expect(Buffer.from(PAYLOAD, "base64url").toString()).toBe(
      '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}',
    );
    expect(createHmac("sha256", Buffer.from(k, "base64url")).update(`${HEADER}.${PAYLOAD}`).digest("base64url")).toBe(MAC);
  });

  it("is verified and read", async () => {
    await expect(verifyJwt(token, key, { now })).resolves.toEqual({ header: { typ: "JWT", alg: "HS256" }, claims: CLAIMS });
    expect(verifyJwtSync(token, key, { now }).claims).toEqual(CLAIMS);
    expect(decodeJwt(token).claims).toEqual(CLAIMS);
  });

  it("is signed the same", async () => {
    await expect(signJws(`${HEADER}.${PAYLOAD}`, key)).resolves.toBe(token);
  });

  it("expires when it says", async () => {
    expect((await rejection(verifyJwt(token, key, { now: () => 1300819380, leeway: 0 }))).code).toBe("ERR_TOKEN_EXPIRED");
  });
});

describe("RFC 7515 appendix A.2: RS256", () => {
  const HEADER = "eyJhbGciOiJSUzI1NiJ9";
  const SIGNATURE =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7" +
    "AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4" +
    "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K" +
    "0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv" +
    "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB" +
    "p0igcN_IoypGlUPQGe77Rw";
  const n =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMs" +
    "D1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdV" +
    "MTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
  const privateMembers = {
    d:
      "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0" +
      "BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYT" +
      "CBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
    p:
      "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPG" +
      "BY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
    q:
      "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA" +
      "-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
    dp:
      "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb3" +
      "4MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",
    dq:
      "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyN" +
      "lxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",
    qi:
      "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW" +
      "0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U",
  };
  const jwk = { kty: "RSA", n, e: "AQAB" };
  const token = `${HEADER}.${PAYLOAD}.${SIGNATURE}`;

  it("is verified and read", async () => {
    await expect(verifyJwt(token, publicKey(jwk), { now })).resolves.toEqual({ header: { alg: "RS256" }, claims: CLAIMS });
  });

  it("is signed the same: the padding has no salt", async () => {
    await expect(signJws(`${HEADER}.${PAYLOAD}`, privateKey({ ...jwk, ...privateMembers }))).resolves.toBe(token);
  });
});

describe("RFC 7515 appendix A.5: unsecured", () => {
  it("is read, and never verified", async () => {
    const token = `eyJhbGciOiJub25lIn0.${PAYLOAD}.`;
    expect(decodeJwt(token)).toEqual({ header: { alg: "none" }, claims: CLAIMS });
    const key = secretKey(new Uint8Array(32).fill(1));
    expect((await rejection(verifyJwt(token, key, { now }))).code).toBe("ERR_TOKEN_ALGORITHM");
    expect((await rejection(verifyJws(parseCompact(token), key))).code).toBe("ERR_TOKEN_ALGORITHM");
  });
});
