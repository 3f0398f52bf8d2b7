/**
 * The JWT bearer grant by test/vectors/data/oauth2.json: assertions and answers that golang.org/x/oauth2/jira and
 * atlassian-oauth2 were run on, and what is expected of us.
 */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { secretKey, verifyJwt } from "../../src/index.ts";
import { buildTokenRequest, buildUserAssertion, createUserTokenSource, parseTokenResponse } from "../../src/oauth2/index.ts";
import type { AccessToken, UserGrantOptions } from "../../src/oauth2/index.ts";
import { startRig } from "../unit/oauth2/rig.ts";

type Json = Record<string, unknown>;

interface Assertion {
  readonly id: string;
  readonly input: {
    readonly nowMs: number;
    readonly baseUrl: string;
    readonly accountId?: string;
    readonly userKey?: string;
    readonly oauthClientId: string;
    readonly sharedSecret: string;
    readonly scopes: readonly string[] | null;
    readonly authServer: string;
  };
  readonly go: { readonly jwtHeader: Json; readonly claims: Json; readonly form: Json; readonly assertion: string } | null;
  readonly npm: { readonly assertion?: string } | null;
  readonly expect: {
    readonly header: Json;
    readonly claims: Json;
    readonly form: Json;
    readonly bodyTemplate: string;
    readonly tokenUrl: string;
    readonly reject?: string;
  };
  readonly expectDiffersFromGo?: readonly string[];
}

interface Answer {
  readonly id: string;
  readonly nowMs: number;
  readonly response: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly padTo?: number;
    readonly padWith?: string;
    readonly networkError?: string;
  };
  readonly expect: {
    readonly ok: boolean;
    readonly accessToken?: string;
    readonly expiresIn?: number | "default" | "max";
    readonly cache?: boolean;
    readonly code?: keyof typeof CODES;
    readonly error?: keyof typeof CODES;
    readonly retryable?: boolean;
    readonly status?: number;
    readonly oauthError?: string;
    readonly reason?: string;
    readonly retryAfterMs?: number;
    readonly clockRetry?: boolean;
  };
}

const { assertions, responses, counts } = JSON.parse(
  readFileSync(new URL("data/oauth2.json", import.meta.url), "utf8"),
) as { assertions: Assertion[]; responses: Answer[]; counts: Record<string, number> };

const CODES = {
  token_endpoint_error: "ERR_EXCHANGE_REJECTED",
  token_response_invalid: "ERR_EXCHANGE_MALFORMED",
  token_response_too_large: "ERR_EXCHANGE_MALFORMED",
  token_request_failed: "ERR_EXCHANGE_UNREACHABLE",
} as const;

/** The JSON of a segment, read by node. */
const decode = (token: string, index: number): unknown =>
  JSON.parse(Buffer.from(token.split(".")[index] ?? "", "base64url").toString("utf8"));

function grantOf({ baseUrl, accountId, userKey, oauthClientId, sharedSecret }: Assertion["input"]): UserGrantOptions {
  return {
    installation: { baseUrl, oauthClientId, sharedSecret },
    ...(accountId === undefined ? {} : { accountId }),
    ...(userKey === undefined ? {} : { userKey }),
    allowShortSecret: true,
  };
}

test("the file is whole", () => {
  expect([assertions.length, responses.length]).toEqual([counts["assertions"], counts["responses"]]);
  expect([assertions.length, responses.length]).toEqual([26, 40]);
});

describe.each(assertions.filter((one) => one.expect.reject === undefined))("$id", ({ input, go, npm, expect: want, ...vector }) => {
  const now = (): number => input.nowMs / 1000;
  const isDefaultServer = !input.authServer.startsWith("http://");

  test("the assertion", async () => {
    const given = { ...grantOf(input), now };
    const assertion = await buildUserAssertion({ ...given, authorizationServer: input.authServer });
    expect(decode(assertion, 0)).toEqual(want.header);
    expect(decode(assertion, 1)).toEqual(want.claims);
    const [head, body, signature] = assertion.split(".");
    const mac = createHmac("sha256", Buffer.from(input.sharedSecret, "utf8")).update(`${head}.${body}`).digest("base64url");
    expect(signature).toBe(mac);
    // Where the site's own server is asked, naming it changes nothing.
    if (isDefaultServer) expect(await buildUserAssertion(given)).toBe(assertion);
  });

  test("the request", async () => {
    const scopes = input.scopes === null ? {} : { scopes: input.scopes };
    const request = buildTokenRequest("header.payload.signature", { authorizationServer: input.authServer, ...scopes });
    expect([request.method, request.url, request.redirect]).toEqual(["POST", want.tokenUrl, "manual"]);
    expect(Object.fromEntries(request.headers)).toEqual({
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
    });
    const body = await request.text();
    expect(body).toBe(want.bodyTemplate.replace("{assertion}", "header.payload.signature"));
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({ ...want.form, assertion: "header.payload.signature" });
  });

  test.each(go === null ? [] : [go])("golang.org/x/oauth2/jira says the same, but where it is known to err", (theirOwn) => {
    const err = new Set(vector.expectDiffersFromGo ?? []);
    const all = { ...want.claims, ...want.form };
    const theirs = { ...theirOwn.claims, ...theirOwn.form };
    const differing = [...new Set([...Object.keys(all), ...Object.keys(theirs)])].filter(
      (name) => JSON.stringify((all as Json)[name]) !== JSON.stringify((theirs as Json)[name]),
    );
    expect(new Set(differing)).toEqual(err);
    expect(theirOwn.jwtHeader).toEqual(want.header);
  });

  const foreign = Object.entries({ go: go?.assertion, npm: npm?.assertion }).filter(([, one]) => one !== undefined);

  test.each(foreign)("the assertion of %s verifies", async (_maker, assertion = "") => {
    const key = secretKey(input.sharedSecret, { allowShortSecret: true });
    const { claims } = await verifyJwt(assertion, key, { audience: input.authServer, now });
    expect(claims.sub).toBe(want.claims["sub"]);
  });
});

describe.each(assertions.filter((one) => one.expect.reject !== undefined))("$id", ({ input }) => {
  test("is refused before anything is sent, by every door", async () => {
    const { host } = startRig();
    const scopes = input.scopes === null ? {} : { scopes: input.scopes };
    const whole = { ...grantOf(input), ...scopes, fetch: host.fetch };
    const refusal = expect.objectContaining({
      code: expect.stringMatching(/^ERR_INVALID_ARG_(?:VALUE|TYPE)$/),
      message: expect.stringMatching(/^"options\.[A-Za-z.]+" must /),
    });
    expect(() => createUserTokenSource(whole)).toThrow(refusal);
    if (input.scopes === null) {
      await expect(buildUserAssertion(grantOf(input))).rejects.toThrow(refusal);
    } else {
      const request = { authorizationServer: input.authServer, ...scopes };
      expect(() => buildTokenRequest("header.payload.signature", request)).toThrow(refusal);
    }
    expect(host.traffic).toEqual([]);
  });
});

/** What the sketch called retryable: a server that may do better next time. */
const isRetryable = ({ code, status }: { code: string; status: number }): boolean =>
  code === "ERR_EXCHANGE_UNREACHABLE" || status === 429 || status >= 500;

describe.each(responses)("$id", ({ nowMs, response: given, expect: want }) => {
  const now = nowMs / 1000;
  const body = given.body.padEnd(given.padTo ?? 0, given.padWith);
  const bodyOrNone = given.status === 304 ? null : body;
  const expiresAt = now + (want.expiresIn === "default" ? 300 : want.expiresIn === "max" ? 86400 : (want.expiresIn ?? 0));

  function judge(outcome: PromiseSettledResult<AccessToken> | undefined): void {
    if (want.ok) {
      expect(outcome).toMatchObject({ status: "fulfilled", value: { tokenType: "Bearer", expiresAt } });
      expect((outcome as PromiseFulfilledResult<AccessToken>).value.accessToken).toBe(want.accessToken);
      return;
    }
    expect(outcome?.status).toBe("rejected");
    const error = (outcome as PromiseRejectedResult).reason as Parameters<typeof isRetryable>[0] & Json;
    expect(error).toMatchObject({ name: "ExchangeError", code: CODES[want.code ?? want.error ?? "token_request_failed"] });
    expect(error["message"]).toMatch(/^cannot fetch token: /);
    if (want.status !== undefined) expect(error.status).toBe(want.status);
    expect(error["problem"]).toEqual(want.oauthError === undefined ? undefined : expect.stringMatching(`^${want.oauthError}(?:: |$)`));
    expect(error["retryAfter"]).toBe(want.retryAfterMs === undefined ? undefined : want.retryAfterMs / 1000);
    if (want.reason === "clock_skew") expect(error["hint"]).toMatch(/clock/);
    expect(isRetryable(error)).toBe(want.retryable);
  }

  test.each(given.networkError === undefined ? ["parseTokenResponse"] : [])("%s", async () => {
    const response = new Response(bodyOrNone, { status: given.status, headers: given.headers });
    judge((await Promise.allSettled([parseTokenResponse(response, { now: () => now })]))[0]);
  });

  test("a token source", async () => {
    const rig = startRig();
    rig.clock.now = now;
    const { status, headers } = given;
    rig.host.misbehave(
      rig.tokenUrl,
      given.networkError === undefined ? { kind: "status", status, headers, body } : { kind: "network" },
    );
    const source = rig.source();
    judge((await Promise.allSettled([source.getToken()]))[0]);
    expect(rig.exchanges()).toBe(want.clockRetry === true ? 2 : 1);
    if (!want.ok) return;
    await source.getToken();
    expect(rig.exchanges()).toBe(want.cache === true ? 1 : 2);
  });
});
