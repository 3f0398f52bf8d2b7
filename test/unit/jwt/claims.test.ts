import { afterEach, describe, expect, it, vi } from "vitest";
import { checkClaims, checkClaimTypes, readClock } from "../../../src/jwt/claims.ts";
import type { ClaimRules, JwtClaims } from "../../../src/jwt/claims.ts";
import { ClaimError } from "../../../src/errors.ts";
import { badValue, failure, thrownBy } from "../../support/failure.ts";
import { NOW } from "../../support/token.ts";

const now = () => NOW;
const claim = (code: string, message: string) => ({ name: "ClaimError", code, message });
const missing = (name: string) => claim("ERR_CLAIM_MISSING", `"${name}" claim is required`);
const mismatch = (name: string) => claim("ERR_CLAIM_MISMATCH", `"${name}" claim is not the expected one`);
const EXPIRED = { name: "TokenError", code: "ERR_TOKEN_EXPIRED", message: '"exp" claim is in the past' };
const early = (name: string) => ({
  name: "TokenError",
  code: "ERR_TOKEN_NOT_YET_VALID",
  message: `"${name}" claim is in the future`,
});

/** Judges claims that expire in a minute unless they say otherwise. */
function judge(claims: object, rules: ClaimRules = {}): void {
  checkClaims({ exp: NOW + 60, ...claims } as JwtClaims, { now, ...rules });
}

describe("types of the registered claims", () => {
  it.each(["iss", "sub", "jti", "qsh"])("%s is well-formed text", (name) => {
    for (const value of ["a", "\u5bae\u{1f600}", "a\0b"]) expect(checkClaimTypes({ [name]: value })).toBeUndefined();
    if (name !== "iss") expect(checkClaimTypes({ [name]: "" })).toBeUndefined();
    for (const value of [null, 0, false, true, [], ["a"], {}, "\ud800", "a\udc00"]) {
      const error = thrownBy(() => checkClaimTypes({ [name]: value } as JwtClaims));
      expect(error).toBeInstanceOf(ClaimError);
      expect(error).toMatchObject(claim("ERR_CLAIM_INVALID", `"${name}" claim must be a well-formed string`));
      expect(error).toMatchObject({ claim: name });
    }
  });

  it("iss is not empty", () => {
    expect(failure(() => checkClaimTypes({ iss: "" }))).toEqual(
      claim("ERR_CLAIM_INVALID", '"iss" claim must not be empty'),
    );
  });

  it.each(["exp", "nbf", "iat"])("%s is seconds since the epoch, until the year 9999", (name) => {
    for (const value of [0, 1, NOW, NOW + 0.5, 253402300799]) {
      expect(checkClaimTypes({ [name]: value })).toBeUndefined();
    }
    const others = [null, "", String(NOW), false, true, [], [NOW], {}, -1, -0.001, 253402300800, NOW * 1000, Infinity, NaN];
    for (const value of others) {
      expect(failure(() => checkClaimTypes({ [name]: value } as JwtClaims))).toEqual(
        claim("ERR_CLAIM_INVALID", `"${name}" claim must be seconds since the epoch`),
      );
    }
  });

  it("aud is text or a list of texts", () => {
    for (const aud of ["a", "", [], ["a", "b"]]) expect(checkClaimTypes({ aud })).toBeUndefined();
    for (const aud of [null, 1, {}, [1], ["a", null], [["a"]], "\ud800", ["a", "\ud800"]]) {
      expect(failure(() => checkClaimTypes({ aud } as JwtClaims))).toEqual(
        claim("ERR_CLAIM_INVALID", '"aud" claim must be a string or an array of strings'),
      );
    }
  });

  it("other claims may be anything", () => {
    expect(checkClaimTypes({ context: { user: null }, EXP: "a", scope: ["\ud800"] })).toBeUndefined();
  });

  it("own members count, and no others", () => {
    expect(checkClaimTypes(Object.create({ exp: "a", iss: 1, aud: 1 }) as JwtClaims)).toBeUndefined();
    expect(checkClaimTypes({ exp: undefined } as unknown as JwtClaims)).toBeUndefined();
  });
});

describe("exp", () => {
  it("is required unless told", () => {
    expect(failure(() => checkClaims({}, { now }))).toEqual(missing("exp"));
    expect(failure(() => checkClaims(Object.create({ exp: NOW + 60 }) as JwtClaims, { now }))).toEqual(missing("exp"));
    expect(failure(() => checkClaims({}, { now, requireExp: true }))).toEqual(missing("exp"));
    expect(checkClaims({}, { now, requireExp: false })).toBeUndefined();
  });

  it("counts where it is there, required or not", () => {
    for (const requireExp of [true, false]) {
      expect(failure(() => judge({ exp: NOW - 31 }, { requireExp }))).toEqual(EXPIRED);
      expect(failure(() => judge({ exp: 0 }, { requireExp }))).toEqual(EXPIRED);
    }
  });

  it("is good before exp + leeway, and no longer at it", () => {
    expect(judge({ exp: NOW - 29.999 })).toBeUndefined();
    expect(failure(() => judge({ exp: NOW - 30 }))).toEqual(EXPIRED);
    expect(judge({ exp: NOW + 0.001 }, { leeway: 0 })).toBeUndefined();
    expect(failure(() => judge({ exp: NOW }, { leeway: 0 }))).toEqual(EXPIRED);
    expect(judge({ exp: NOW - 299 }, { leeway: 300 })).toBeUndefined();
  });
});

describe.each(["nbf", "iat"])("%s", (name) => {
  it("may be ahead by the leeway, and no further", () => {
    expect(judge({ [name]: NOW + 30 })).toBeUndefined();
    expect(failure(() => judge({ [name]: NOW + 30.001 }))).toEqual(early(name));
    expect(judge({ [name]: NOW }, { leeway: 0 })).toBeUndefined();
    expect(failure(() => judge({ [name]: NOW + 1 }, { leeway: 0 }))).toEqual(early(name));
  });

  it("may be any time ago", () => {
    expect(judge({ [name]: 0 })).toBeUndefined();
  });
});

describe("maxAge", () => {
  it("counts from iat, with leeway", () => {
    expect(judge({ iat: NOW - 130 }, { maxAge: 100 })).toBeUndefined();
    expect(failure(() => judge({ iat: NOW - 130.5 }, { maxAge: 100 }))).toEqual({
      name: "TokenError",
      code: "ERR_TOKEN_EXPIRED",
      message: '"iat" claim is further back than "maxAge"',
    });
    expect(judge({ iat: NOW }, { maxAge: 0, leeway: 0 })).toBeUndefined();
  });

  it("requires iat, also when it is 0", () => {
    expect(failure(() => judge({}, { maxAge: 100 }))).toEqual(missing("iat"));
    expect(failure(() => judge({}, { maxAge: 0 }))).toEqual(missing("iat"));
  });
});

describe("maxLifetime", () => {
  it("bounds exp - iat, without leeway", () => {
    expect(judge({ iat: NOW, exp: NOW + 100 }, { maxLifetime: 100 })).toBeUndefined();
    expect(failure(() => judge({ iat: NOW, exp: NOW + 101 }, { maxLifetime: 100 }))).toEqual(
      claim("ERR_CLAIM_INVALID", '"exp" claim is further from "iat" than "maxLifetime"'),
    );
  });

  it("requires both", () => {
    expect(failure(() => judge({}, { maxLifetime: 100 }))).toEqual(missing("iat"));
    expect(failure(() => checkClaims({ iat: NOW }, { now, maxLifetime: 100, requireExp: false }))).toEqual(missing("exp"));
    expect(failure(() => judge({ iat: NOW }, { maxLifetime: 0 }))).toEqual(
      claim("ERR_CLAIM_INVALID", '"exp" claim is further from "iat" than "maxLifetime"'),
    );
  });
});

describe.each([
  ["issuer", "iss"],
  ["subject", "sub"],
  ["audience", "aud"],
] as const)("%s", (option, name) => {
  it("compares exactly", () => {
    expect(judge({ [name]: "https://a.example" }, { [option]: "https://a.example" })).toBeUndefined();
    const others = ["https://a.example/", "https://a.exampl", "HTTPS://a.example", " https://a.example", "https://a.example\0"];
    for (const value of others) {
      expect(failure(() => judge({ [name]: value }, { [option]: "https://a.example" }))).toEqual(mismatch(name));
    }
  });

  it("requires the claim", () => {
    expect(failure(() => judge({}, { [option]: "a" }))).toEqual(missing(name));
  });
});

it("issuer and audience may be one of several", () => {
  expect(judge({ iss: "b" }, { issuer: ["a", "b"] })).toBeUndefined();
  expect(failure(() => judge({ iss: "c" }, { issuer: ["a", "b"] }))).toEqual(mismatch("iss"));
  expect(failure(() => judge({ iss: "a,b" }, { issuer: ["a", "b"] }))).toEqual(mismatch("iss"));
  expect(judge({ aud: ["x", "b"] }, { audience: ["a", "b"] })).toBeUndefined();
  expect(judge({ aud: ["x", "a"] }, { audience: "a" })).toBeUndefined();
  expect(failure(() => judge({ aud: ["x", "y"] }, { audience: ["a", "b"] }))).toEqual(mismatch("aud"));
  expect(failure(() => judge({ aud: [] }, { audience: "a" }))).toEqual(mismatch("aud"));
  expect(failure(() => judge({ aud: "" }, { audience: "a" }))).toEqual(mismatch("aud"));
});

it("requiredClaims are there, as own members", () => {
  expect(judge({ a: null, b: 0 }, { requiredClaims: ["a", "b", "exp"] })).toBeUndefined();
  expect(failure(() => judge({ a: 1 }, { requiredClaims: ["a", "b"] }))).toEqual(missing("b"));
  expect(failure(() => judge({}, { requiredClaims: ["toString"] }))).toEqual(missing("toString"));
  expect(failure(() => judge({}, { requiredClaims: ["__proto__"] }))).toEqual(missing("__proto__"));
});

it("judges types before times, and times before who", () => {
  expect(failure(() => judge({ exp: 0, aud: 1 })).code).toBe("ERR_CLAIM_INVALID");
  expect(failure(() => judge({ exp: 0, iss: "a" }, { issuer: "b" })).code).toBe("ERR_TOKEN_EXPIRED");
});

describe("readClock", () => {
  afterEach(() => void vi.useRealTimers());

  it("is the platform's clock in seconds unless told", () => {
    vi.useFakeTimers({ now: 1_234_567_890_500 });
    expect(readClock(undefined)).toBe(1_234_567_890.5);
    expect(readClock(() => 7.25)).toBe(7.25);
  });

  it("refuses a clock that answers nonsense: NaN would make every token valid", () => {
    for (const value of [NaN, Infinity, -1, Date.now(), undefined, null, "1800000000", new Date()]) {
      expect(failure(() => readClock((() => value) as () => number))).toEqual(
        badValue('"options.now" must return seconds since the epoch'),
      );
    }
  });
});

it("a claim that is undefined is not there, as in JSON", () => {
  for (const [name, rules] of [["exp", {}], ["x", { requiredClaims: ["x"] }], ["iss", { issuer: "a" }], ["iat", { maxAge: 1 }]] as const) {
    expect(failure(() => judge({ [name]: undefined }, rules))).toEqual(missing(name));
  }
});
