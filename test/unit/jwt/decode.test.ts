import { describe, expect, it } from "vitest";
import { decodeJwt } from "../../../src/jwt/decode.ts";
import { failure } from "../../support/failure.ts";
import { seal, sealText, segment } from "../../support/token.ts";

it("reads a token of which nothing is proven", () => {
  const token = sealText('{"alg":"none","kid":"k"}', '{"iss":"a","exp":0}').replace(/[^.]+$/, "AAAA");
  expect(decodeJwt(token)).toEqual({ header: { alg: "none", kid: "k" }, claims: { iss: "a", exp: 0 } });
});

it("judges neither header nor claims: it is for finding out what is wrong with them", () => {
  expect(decodeJwt(sealText('{"crit":["x"]}', '{"exp":"never"}')).claims).toEqual({ exp: "never" });
});

describe("it is as strict in form as verifyJwt", () => {
  it.each([
    ["two segments", "e30.e30", "token must have three segments"],
    ["a header that is no object", "W10.e30.", "token header must be a base64url JSON object"],
    ["a payload that is no object", "e30.bnVsbA.", "token payload must be a base64url JSON object"],
    ["a claim that stands twice", sealText("{}", '{"iss":1,"iss":2}'), "token payload must be a base64url JSON object"],
    ["a signature that is not canonical", `${segment("{}")}.e30.AB`, "token signature must be canonical base64url"],
  ])("%s", (_, token, message) => {
    expect(failure(() => decodeJwt(token))).toEqual({ name: "TokenError", code: "ERR_TOKEN_MALFORMED", message });
  });

  it("beyond 16384 characters", () => {
    const token = seal({ blob: "x".repeat(13_000) });
    expect(token.length).toBeGreaterThan(16384);
    expect(failure(() => decodeJwt(token))).toEqual({
      name: "TokenError",
      code: "ERR_TOKEN_TOO_LARGE",
      message: 'token is longer than "maxTokenLength"',
    });
  });

  it("what is no string", () => {
    for (const value of [undefined, null, [seal()], 1]) {
      expect(failure(() => decodeJwt(value as unknown as string))).toEqual({
        name: "TokenError",
        code: "ERR_TOKEN_MALFORMED",
        message: "token must be a string",
      });
    }
  });
});
