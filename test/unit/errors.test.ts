import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  argumentError,
  AuthError,
  ClaimError,
  errorStatus,
  ExchangeError,
  InstallationError,
  isAuthError,
  KeyError,
  OAuth1Error,
  OriginError,
  QshError,
  TokenError,
  UnsupportedError,
} from "../../src/errors.ts";
import type { AuthErrorCode } from "../../src/errors.ts";

/** One of each class, told everything that it may know; MARK stands where remote text may stand. */
const MARK = "canary-5c1f0e";
const HASH = "0123456789abcdef".repeat(4);
const everyClass: [name: string, error: AuthError, code: AuthErrorCode][] = [
  ["AuthError", new AuthError("ERR_TOKEN_MISSING", "message"), "ERR_TOKEN_MISSING"],
  ["TokenError", new TokenError("ERR_TOKEN_MALFORMED", "message"), "ERR_TOKEN_MALFORMED"],
  ["ClaimError", new ClaimError("ERR_CLAIM_MISSING", "exp", "message"), "ERR_CLAIM_MISSING"],
  ["QshError", new QshError("ERR_QSH_MISMATCH", "message", { claimed: HASH, computed: HASH }), "ERR_QSH_MISMATCH"],
  ["InstallationError", new InstallationError("ERR_LIFECYCLE_BODY", "message"), "ERR_LIFECYCLE_BODY"],
  ["KeyError", new KeyError("ERR_KEY_FETCH", "message", { remote: true, status: 404 }), "ERR_KEY_FETCH"],
  [
    "ExchangeError",
    new ExchangeError("ERR_EXCHANGE_REJECTED", "message", { status: 400, problem: MARK, retryAfter: 5 }),
    "ERR_EXCHANGE_REJECTED",
  ],
  [
    "OAuth1Error",
    new OAuth1Error("ERR_OAUTH1_PROBLEM", "message", { status: 401, problem: MARK, advice: MARK, serverBaseString: MARK }),
    "ERR_OAUTH1_PROBLEM",
  ],
  ["OriginError", new OriginError(), "ERR_ORIGIN_NOT_ALLOWED"],
  ["UnsupportedError", new UnsupportedError("crypto.subtle", "message"), "ERR_UNSUPPORTED_RUNTIME"],
];

const shown = (error: Error) =>
  [JSON.stringify(error), inspect(error, { depth: null, showHidden: true }), String(error), error.stack].join("\n");
const mismatch = (claimed: unknown) => new QshError("ERR_QSH_MISMATCH", "message", { claimed, computed: HASH });

describe.each(everyClass)("%s", (name, error, code) => {
  it("is an Error with its name, code and message, and a stack", () => {
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(name);
    expect(error.code).toBe(code);
    expect(error.message).toBe(name === "OriginError" ? 'url is outside the origin and path of "baseUrl"' : "message");
    expect(error.stack).toContain("errors.test.ts");
  });

  it("is known by isAuthError, also after it went through another realm", () => {
    expect(isAuthError(error)).toBe(true);
    const foreign: unknown = runInNewContext("Object.assign(new Error(message), { code })", { code, message: "message" });
    expect(foreign).not.toBeInstanceOf(Error);
    expect(isAuthError(foreign)).toBe(true);
  });

  it("shows nothing that it was not told to show", () => {
    const own = Object.keys(error).filter((key) => Reflect.get(error, key) === undefined);
    expect(own).toEqual([]);
    expect(inspect(error)).not.toContain("undefined");
  });
});

describe("isAuthError", () => {
  it("refuses everything else", () => {
    const others: unknown[] = [
      undefined,
      null,
      "ERR_TOKEN_MALFORMED",
      {},
      { code: 401 },
      { code: "ENOENT" },
      { code: "toString" },
      { code: "__proto__" },
      new Error("ERR_TOKEN_MALFORMED"),
      argumentError('"options.alg"', "must be HS256, HS384 or HS512"),
    ];
    expect(others.filter((value) => isAuthError(value))).toEqual([]);
  });

  it("knows every code of the table", () => {
    const codes = Object.keys(errorStatus);
    expect(codes).toHaveLength(31);
    expect(codes.every((code) => isAuthError({ code }))).toBe(true);
  });
});

describe("facts that may hold remote text", () => {
  it.each(everyClass)("are no part of what prints a %s", (_, error) => {
    expect(shown(error)).not.toContain(MARK);
    expect(shown(error)).not.toContain(HASH);
  });

  it("are there for those who ask", () => {
    const exchange = new ExchangeError("ERR_EXCHANGE_REJECTED", "message", { status: 400, problem: MARK, retryAfter: 5 });
    expect(exchange).toMatchObject({ problem: MARK, status: 400, retryAfter: 5 });
    const oauth1 = new OAuth1Error("ERR_OAUTH1_PROBLEM", "message", { problem: "p", advice: "a", serverBaseString: "s" });
    expect([oauth1.problem, oauth1.advice, oauth1.serverBaseString]).toEqual(["p", "a", "s"]);
  });
});

describe("QshError", () => {
  it("keeps a claim that is a hash or the literal of a context token, and nothing else", () => {
    expect(mismatch(HASH).claimed).toBe(HASH);
    expect(mismatch(HASH.toUpperCase()).claimed).toBe(HASH.toUpperCase());
    expect(mismatch("context-qsh").claimed).toBe("context-qsh");
    for (const claimed of [undefined, null, 1, "", HASH.slice(1), `${HASH}0`, `${HASH}\n`, "Context-qsh", [HASH], "<script>"]) {
      expect(mismatch(claimed).claimed).toBeUndefined();
    }
  });

  it("explains by what it was handed, once asked", async () => {
    const explained = new QshError("ERR_QSH_MISMATCH", "message", { explain: () => Promise.resolve("cause") });
    await expect(explained.explain()).resolves.toBe("cause");
    await expect(mismatch(HASH).explain()).resolves.toBeUndefined();
  });
});

it("carries a hint and a cause of its own kind", () => {
  const cause = new TokenError("ERR_TOKEN_SIGNATURE", "signature does not verify");
  const error = new KeyError("ERR_KEY_INVALID", "message", { hint: "what to do", cause });
  expect(error.hint).toBe("what to do");
  expect(error.cause).toBe(cause);
  expect(new KeyError("ERR_KEY_INVALID", "message")).not.toHaveProperty("cause");
  expect(new KeyError("ERR_KEY_INVALID", "message")).not.toHaveProperty("hint");
});

it("argumentError is a TypeError with Node's own code", () => {
  const error = argumentError('"options.baseUrl"', "must be an https URL");
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toBe('"options.baseUrl" must be an https URL');
  expect(error.code).toBe("ERR_INVALID_ARG_VALUE");
  expect(argumentError('"token"', "must be a string", "ERR_INVALID_ARG_TYPE").code).toBe("ERR_INVALID_ARG_TYPE");
});

it("answers each code with the status of DESIGN section 7", () => {
  const byStatus: Record<number, string[]> = {};
  for (const [code, status] of Object.entries(errorStatus)) (byStatus[status] ??= []).push(code);
  expect(Object.keys(byStatus)).toEqual(["400", "401", "500", "502", "503"]);
  expect(byStatus[400]).toEqual(["ERR_LIFECYCLE_BODY"]);
  expect(byStatus[500]).toEqual(["ERR_KEY_INVALID", "ERR_ORIGIN_NOT_ALLOWED", "ERR_UNSUPPORTED_RUNTIME"]);
  expect(byStatus[502]).toEqual([
    "ERR_EXCHANGE_REJECTED",
    "ERR_EXCHANGE_MALFORMED",
    "ERR_EXCHANGE_UNREACHABLE",
    "ERR_OAUTH1_PROBLEM",
    "ERR_OAUTH1_RESPONSE",
  ]);
  expect(byStatus[503]).toEqual(["ERR_INSTALLATION_LOOKUP", "ERR_KEY_FETCH", "ERR_KEY_RATE_LIMIT"]);
  expect(byStatus[401]).toHaveLength(19);
});
