import { describe, expect, test } from "vitest";
import {
  argumentError,
  ClaimError,
  errorStatus,
  ExchangeError,
  InstallationError,
  KeyError,
  OriginError,
  QshError,
  TokenError,
} from "../../src/errors.ts";
import { problemOf, toResponse } from "../../src/respond.ts";

const unauthorized = { type: "about:blank", title: "Unauthorized", status: 401, error: "invalid_token" };

describe("toResponse", () => {
  const failures = [
    new TokenError("ERR_TOKEN_MISSING", "no token"),
    new TokenError("ERR_TOKEN_SIGNATURE", "signature does not verify"),
    new TokenError("ERR_TOKEN_EXPIRED", "expired"),
    new ClaimError("ERR_CLAIM_MISMATCH", "aud", "not the expected one"),
    new QshError("ERR_QSH_MISMATCH", "mismatch", { claimed: "a".repeat(64), computed: "b".repeat(64) }),
    new InstallationError("ERR_INSTALLATION_UNKNOWN", "unknown"),
    new KeyError("ERR_KEY_NOT_FOUND", "no such key", { remote: true, status: 404 }),
    new KeyError("ERR_KEY_INVALID", "too small", { remote: true }),
  ];

  test.each(failures)("$code is the one 401 that they all are", async (error) => {
    const response = toResponse(error);
    expect(response.status).toBe(401);
    expect(Object.fromEntries(response.headers)).toEqual({
      "cache-control": "no-store",
      "content-type": "application/problem+json",
      "www-authenticate": 'JWT error="invalid_token", Bearer error="invalid_token"',
    });
    expect(await response.json()).toEqual(unauthorized);
  });

  test("every code has the status of the table", () => {
    for (const [code, status] of Object.entries(errorStatus)) {
      expect(problemOf({ code }).status, code).toBe(status);
    }
  });

  test.each([
    new KeyError("ERR_KEY_FETCH", "unreachable"),
    new KeyError("ERR_KEY_RATE_LIMIT", "too many"),
    new InstallationError("ERR_INSTALLATION_LOOKUP", "failed"),
  ])("$code is 503 with Retry-After", async (error) => {
    const response = toResponse(error);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "30"]);
    expect(response.headers.get("www-authenticate")).toBe(null);
    expect(await response.json()).toEqual({ type: "about:blank", title: "Service Unavailable", status: 503 });
  });

  test("an unusable lifecycle body is 400", async () => {
    const response = toResponse(new InstallationError("ERR_LIFECYCLE_BODY", "no JSON"));
    expect(await response.json()).toEqual({ type: "about:blank", title: "Bad Request", status: 400 });
  });

  test("a key of our own that is unusable is our set-up: 500", () => {
    expect(toResponse(new KeyError("ERR_KEY_INVALID", "too short")).status).toBe(500);
  });

  test("what a server of another kind did is 502, a refused origin 500", () => {
    expect(toResponse(new ExchangeError("ERR_EXCHANGE_REJECTED", "refused", { problem: "secret" })).status).toBe(502);
    expect(toResponse(new OriginError()).status).toBe(500);
  });

  test.each([
    ["a caller's mistake", argumentError('"options"', "must be an object")],
    ["a foreign error", new Error("s3cret")],
    ["an error with a code of Node", Object.assign(new Error("s3cret"), { code: "ECONNRESET" })],
    ["a code that is a name of Object.prototype", { code: "constructor" }],
    ["text", "s3cret"],
    ["nothing", undefined],
  ])("%s is 500 and says nothing", async (_name, error) => {
    const response = toResponse(error);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ type: "about:blank", title: "Internal Server Error", status: 500 });
  });

  test("an error of another copy of the library counts by its code", () => {
    expect(toResponse({ name: "KeyError", code: "ERR_KEY_INVALID", remote: true }).status).toBe(401);
  });
});
