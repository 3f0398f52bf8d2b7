import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createFakeHost, type FakeHost, type FakeInstallation } from "../../../src/testing/index.ts";
import { claimsFor, handSigned } from "./hand-signed.ts";

const NOW = 1_800_000_000;
const SERVER = "https://oauth-2-authorization-server.services.atlassian.com";
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const APP = { appKey: "com.example.app", baseUrl: "https://app.example.com" };

function start(): { host: FakeHost; installation: FakeInstallation; accountId: string; clock: { now: number } } {
  const clock = { now: NOW };
  const host = createFakeHost({ now: () => clock.now });
  return { host, installation: host.install(APP), accountId: host.users[0]?.accountId ?? "", clock };
}

function assertionClaims(installation: FakeInstallation, accountId: string): Record<string, unknown> {
  return {
    iss: `urn:atlassian:connect:clientid:${installation.oauthClientId}`,
    sub: `urn:atlassian:connect:useraccountid:${accountId}`,
    tnt: installation.baseUrl,
    aud: SERVER,
    iat: NOW,
    exp: NOW + 59,
  };
}

function exchange(host: FakeHost, assertion: string, extra: Record<string, string> = {}): Promise<Response> {
  const body = new URLSearchParams({ grant_type: GRANT, assertion, ...extra });
  return host.fetch(new Request(`${SERVER}/oauth2/token`, { method: "POST", body }));
}

async function granted(
  host: FakeHost,
  installation: FakeInstallation,
  accountId: string,
  scope?: string,
): Promise<string> {
  const assertion = handSigned(assertionClaims(installation, accountId), installation.sharedSecret);
  const response = await exchange(host, assertion, scope === undefined ? {} : { scope });
  expect(response.status).toBe(200);
  return ((await response.json()) as { access_token: string }).access_token;
}

function get(host: FakeHost, url: string, token: string, init: RequestInit = {}): Promise<Response> {
  return host.fetch(new Request(url, { ...init, headers: { authorization: `Bearer ${token}` } }));
}

describe("the JWT bearer grant", () => {
  test("an assertion buys a token, and the token is the user", async () => {
    const { host, installation, accountId } = start();
    const assertion = handSigned(assertionClaims(installation, accountId), installation.sharedSecret);
    const response = await exchange(host, assertion);
    const body = (await response.json()) as { access_token: string };
    expect(body).toEqual({ access_token: expect.stringMatching(/^[\w-]{43}$/), expires_in: 900, token_type: "Bearer" });
    expect(response.headers.get("date")).toBe("Fri, 15 Jan 2027 08:00:00 GMT");

    const myself = await get(host, `${host.baseUrl}/rest/api/3/myself`, body.access_token);
    expect(await myself.json()).toMatchObject({ accountId, accountType: "atlassian", displayName: "Ada Lovelace" });
    expect(host.log[0]).toMatchObject({ credential: "bearer", verdict: "accepted", accountId });
    expect(host.exchanges).toMatchObject([{ grant: "jwt-bearer", verdict: "granted", claims: { iat: NOW } }]);
  });

  test("a deprecated user key works too", async () => {
    const { host, installation, accountId } = start();
    const claims = { ...assertionClaims(installation, ""), sub: "urn:atlassian:connect:userkey:JIRAUSER10100" };
    expect((await exchange(host, handSigned(claims, installation.sharedSecret))).status).toBe(200);
    expect(host.accessTokens[0]).toMatchObject({ accountId });
  });

  test("a Confluence install reads a page, and its token is no good in Jira", async () => {
    const { host, accountId } = start();
    const wiki = host.install(APP, { product: "confluence" });
    expect(wiki.baseUrl).toBe("https://example.atlassian.net/wiki");
    const token = await granted(host, wiki, accountId);
    expect((await get(host, `${host.baseUrl}/wiki/rest/api/content/65591`, token)).status).toBe(200);
    expect((await get(host, `${host.baseUrl}/rest/api/3/myself`, token)).status).toBe(401);
  });

  test.each([
    [
      "the old audience",
      { aud: "https://auth.atlassian.io" },
      /^invalid_grant: Invalid aud: https:\/\/auth.atlassian.io$/,
    ],
    ["an audience list", { aud: [SERVER] }, /Invalid aud/],
    ["another tenant", { tnt: "https://other.atlassian.net" }, /Invalid tnt/],
    ["a trailing slash", { tnt: "https://example.atlassian.net/" }, /Invalid tnt/],
    ["an unknown client", { iss: "urn:atlassian:connect:clientid:nobody" }, /^unauthorized_client: /],
    ["a bare issuer", { iss: "com.example.app" }, /Invalid iss/],
    ["an unknown user", { sub: "urn:atlassian:connect:useraccountid:nobody" }, /Invalid sub/],
    ["a bare subject", { sub: "nobody" }, /Invalid sub/],
    ["text for a time", { exp: String(NOW + 59) }, /Invalid iat or exp/],
    ["a long life", { exp: NOW + 61 }, /too far in the future \[was 61 seconds from now; please set `exp`/],
    ["a fast clock", { iat: NOW + 76, exp: NOW + 135 }, /too far in the future \[was 135 seconds from now; please/],
    ["a slow clock", { iat: NOW - 61, exp: NOW - 2 }, /expired/],
  ])("%s is refused", async (_name, change, verdict) => {
    const { host, installation, accountId } = start();
    const claims = { ...assertionClaims(installation, accountId), ...change };
    const response = await exchange(host, handSigned(claims, installation.sharedSecret));
    expect(response.status).toBe(400);
    const { error, error_description } = (await response.json()) as Record<string, string>;
    expect(`${error}: ${error_description}`).toMatch(verdict);
    expect(host.exchanges[0]?.verdict).toBe(`${error}: ${error_description}`);
    expect(host.accessTokens).toEqual([]);
  });

  test("a clock that is a minute fast is tolerated", async () => {
    const { host, installation, accountId } = start();
    const claims = { ...assertionClaims(installation, accountId), iat: NOW + 60, exp: NOW + 119 };
    expect((await exchange(host, handSigned(claims, installation.sharedSecret))).status).toBe(200);
  });

  test("a wrong secret, algorithm, grant, form or method is refused", async () => {
    const { host, installation, accountId } = start();
    const claims = assertionClaims(installation, accountId);
    const good = handSigned(claims, installation.sharedSecret);
    expect((await exchange(host, handSigned(claims, "wrong"))).status).toBe(400);
    expect((await exchange(host, handSigned(claims, installation.sharedSecret, { alg: "HS384" }))).status).toBe(400);
    expect((await exchange(host, "no.jwt")).status).toBe(400);
    expect((await exchange(host, good, { grant_type: "client_credentials" })).status).toBe(400);
    const url = `${SERVER}/oauth2/token`;
    const json = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    expect((await host.fetch(new Request(url, json))).status).toBe(400);
    const twice = new URLSearchParams({ grant_type: GRANT, assertion: good });
    twice.append("assertion", good);
    expect((await host.fetch(new Request(url, { method: "POST", body: twice }))).status).toBe(400);
    expect((await host.fetch(new Request(url))).status).toBe(405);
    expect(host.exchanges.map(({ verdict }) => verdict.split(":")[0])).toEqual([
      "invalid_grant",
      "invalid_grant",
      "invalid_grant",
      "unsupported_grant_type",
      "invalid_request",
      "invalid_request",
    ]);
  });

  test("scopes narrow what the token may do", async () => {
    const { host, installation, accountId } = start();
    const reader = await granted(host, installation, accountId, "READ");
    expect((await get(host, `${host.baseUrl}/rest/api/3/myself`, reader)).status).toBe(200);
    const refused = await get(host, `${host.baseUrl}/rest/api/3/issue`, reader, { method: "POST", body: "{}" });
    expect([refused.status, await refused.json()]).toEqual([
      401,
      { code: 401, message: "Unauthorized; scope does not match" },
    ]);
    const writer = await granted(host, installation, accountId, "READ WRITE");
    const allowed = await get(host, `${host.baseUrl}/rest/api/3/issue`, writer, { method: "POST", body: "{}" });
    expect(allowed.status).toBe(415);

    const go = handSigned(assertionClaims(installation, accountId), installation.sharedSecret);
    const joined = await exchange(host, go, { scope: "READ+WRITE" }); // goes out as READ%2BWRITE
    expect([joined.status, await joined.json()]).toMatchObject([400, { error: "invalid_scope" }]);
    expect(host.exchanges.at(-1)?.scope).toBe("READ+WRITE");
  });

  test("a token expires, and can be revoked", async () => {
    const { host, installation, accountId, clock } = start();
    const token = await granted(host, installation, accountId);
    const status = async (one: string): Promise<number> =>
      (await get(host, `${host.baseUrl}/rest/api/3/myself`, one)).status;
    clock.now = NOW + 899.9;
    expect(await status(token)).toBe(200);
    clock.now = NOW + 900;
    expect(await status(token)).toBe(401);
    expect(host.log.at(-1)?.verdict).toBe("the access token has expired");
    clock.now = NOW;
    host.revokeAccessTokens();
    expect(await status(token)).toBe(401);
    expect(await status(await granted(host, installation, accountId))).toBe(200);
  });

  test("a rotated secret ends the old one", async () => {
    const { host, installation, accountId } = start();
    const assertion = handSigned(assertionClaims(installation, accountId), installation.sharedSecret);
    host.install(APP);
    expect((await exchange(host, assertion)).status).toBe(400);
  });

  test.each([
    ["https://x.atlassian-us-gov-mod.net", "https://oauth-2-authorization-server.services.atlassian-us-gov-mod.com"],
    ["https://x.jira-dev.com", "https://oauth-2-authorization-server.stg.services.atlassian.com"],
    ["https://x.atlassian-stg-fedm.net", "https://oauth-2-authorization-server.stg.services.atlassian-us-gov-mod.com"],
    ["https://x.jira.com", SERVER],
  ])("the server of %s is %s", (baseUrl, server) => {
    expect(createFakeHost({ baseUrl }).endpoints.authorizationServer).toBe(server);
  });
});

interface AssertionVector {
  id: string;
  input: { nowMs: number; baseUrl: string; authServer: string; accountId?: string; userKey?: string } & Record<
    string,
    string
  >;
  go: { assertion: string } | null;
  expect: { claims: Record<string, unknown>; form: Record<string, string> } | { error: string };
}

const file = new URL("../../vectors/data/oauth2.json", import.meta.url);
const { assertions } = JSON.parse(readFileSync(file, "utf8")) as { assertions: AssertionVector[] };

/** A host in which the vector's tenant is installed. Some members are kept in base64. */
function hostOf({ input }: AssertionVector): FakeHost {
  const host = createFakeHost({
    baseUrl: input.baseUrl,
    endpoints: { authorizationServer: input.authServer },
    now: () => input.nowMs / 1000,
    users: [{ accountId: text(input.accountId) ?? "-", displayName: "User", userKey: text(input.userKey) ?? "-" }],
  });
  const oauthClientId = text(input["oauthClientId"]) ?? "";
  host.install(APP, { oauthClientId, sharedSecret: text(input["sharedSecret"]) ?? "" });
  return host;
}

function text(value: unknown): string | undefined {
  if (typeof value === "string" || value === undefined) return value as string | undefined;
  return Buffer.from((value as { base64: string }).base64, "base64").toString("utf8");
}

// Rows that a client must refuse have no claims to expect; Go keeps a trailing slash in `tnt`, where the rows drop it.
const judged = assertions.filter(
  (vector) => "claims" in vector.expect && vector.go !== null && !vector.input.baseUrl.endsWith("/"),
);

test("there are assertions to take", () => {
  expect(judged.length).toBeGreaterThan(15);
});

test.each(judged.map((vector) => [vector.id, vector] as const))(
  "Go's own assertion is taken: %s",
  async (_id, vector) => {
    const assertion = text(vector.go?.assertion) ?? "";
    const body = new URLSearchParams({ grant_type: GRANT, assertion });
    const host = hostOf(vector);
    const response = await host.fetch(new Request(`${vector.input.authServer}/oauth2/token`, { method: "POST", body }));
    expect(host.exchanges.map(({ verdict }) => verdict)).toEqual(["granted"]);
    expect(response.status).toBe(200);
  },
);

describe("Bitbucket's swap", () => {
  const URL_OF_TOKENS = "https://bitbucket.org/site/oauth2/access_token";
  const grant = "urn:bitbucket:oauth2:jwt";

  test.each([
    ["the form left out of the hash", "POST&/site/oauth2/access_token&"],
    ["the form in the hash", "POST&/site/oauth2/access_token&grant_type=urn%3Abitbucket%3Aoauth2%3Ajwt"],
  ])("takes a Connect JWT with %s", async (_name, canonical) => {
    const { host } = start();
    const bitbucket = host.install(APP, { product: "bitbucket" });
    const claims = { ...claimsFor(APP.appKey, canonical, NOW), sub: bitbucket.clientKey };
    const headers = { authorization: `JWT ${handSigned(claims, bitbucket.sharedSecret)}` };
    const body = new URLSearchParams({ grant_type: grant });
    const response = await host.fetch(new Request(URL_OF_TOKENS, { method: "POST", headers, body }));
    const answer = (await response.json()) as { access_token: string };
    expect(answer).toMatchObject({
      expires_in: 7200,
      token_type: "bearer",
      scopes: expect.stringContaining("account"),
    });
    const user = await get(host, "https://api.bitbucket.org/2.0/user", answer.access_token);
    expect([user.status, await user.json()]).toMatchObject([200, { account_id: bitbucket.clientKey }]);
    expect((await get(host, "https://api.bitbucket.org/2.0/user", "nonsense")).status).toBe(401);
  });

  test("refuses another sub, another grant and an unknown scope", async () => {
    const { host } = start();
    const bitbucket = host.install(APP, { product: "bitbucket" });
    const swap = async (sub: string, fields: Record<string, string>): Promise<number> => {
      const claims = { ...claimsFor(APP.appKey, "POST&/site/oauth2/access_token&", NOW), sub };
      const headers = { authorization: `JWT ${handSigned(claims, bitbucket.sharedSecret)}` };
      const body = new URLSearchParams(fields);
      return (await host.fetch(new Request(URL_OF_TOKENS, { method: "POST", headers, body }))).status;
    };
    expect(await swap("someone else", { grant_type: grant })).toBe(401);
    expect(await swap(bitbucket.clientKey, { grant_type: GRANT })).toBe(400);
    expect(await swap(bitbucket.clientKey, { grant_type: grant, scope: "everything" })).toBe(400);
    expect(host.exchanges.map(({ verdict }) => verdict)).toEqual([
      "invalid_client",
      "unsupported_grant_type",
      "invalid_scope",
    ]);
  });
});
