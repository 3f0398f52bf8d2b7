import { decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { buildUserAssertion, createUserTokenSource } from "../../../src/oauth2/index.ts";
import type { UserAssertionOptions } from "../../../src/oauth2/index.ts";
import { NOW } from "./rig.ts";

const SECRET = "a-shared-secret-of-at-least-32-bytes";
const GOOD: UserAssertionOptions = {
  installation: { baseUrl: "https://example.atlassian.net", oauthClientId: "client-id", sharedSecret: SECRET },
  accountId: "5b10a2844c20165700ede21g",
  now: () => NOW + 0.9,
};
const SERVER = "https://oauth-2-authorization-server.services.atlassian.com";

const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

describe("buildUserAssertion", () => {
  test("jose verifies it, and it says who asks, for whom, where and until when", async () => {
    const assertion = await buildUserAssertion(GOOD);
    const options = { currentDate: new Date(NOW * 1000), audience: SERVER, algorithms: ["HS256"] };
    const { payload } = await jwtVerify(assertion, new TextEncoder().encode(SECRET), options);
    expect(payload).toEqual({
      iss: "urn:atlassian:connect:clientid:client-id",
      sub: "urn:atlassian:connect:useraccountid:5b10a2844c20165700ede21g",
      tnt: "https://example.atlassian.net",
      aud: SERVER,
      iat: NOW,
      exp: NOW + 59,
    });
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: "HS256", typ: "JWT" });
  });

  test.each([1, 60])("lives %i s when told", async (lifetime) => {
    const { iat, exp } = payloadOf(await buildUserAssertion({ ...GOOD, lifetime }));
    expect(Number(exp) - Number(iat)).toBe(lifetime);
  });

  test.each([
    ["https://x.atlassian.net", SERVER],
    ["https://x.jira.com", SERVER],
    ["https://jira.example.com", SERVER],
    ["https://x.atlassian-us-gov-mod.net.example.com", SERVER],
    ["https://atlassian-us-gov-mod.net", SERVER],
    ["https://x.atlassian-us-gov-mod.net", "https://oauth-2-authorization-server.services.atlassian-us-gov-mod.com"],
    ["https://x.jira-dev.com/wiki", "https://oauth-2-authorization-server.stg.services.atlassian.com"],
    ["https://x.atlassian-stg-fedm.net", "https://oauth-2-authorization-server.stg.services.atlassian-us-gov-mod.com"],
  ])("%s asks %s", async (baseUrl, aud) => {
    const installation = { ...GOOD.installation, baseUrl };
    expect(payloadOf(await buildUserAssertion({ ...GOOD, installation }))["aud"]).toBe(aud);
  });

  test("trailing slashes go, of the site and of the server", async () => {
    const installation = { ...GOOD.installation, baseUrl: "https://example.atlassian.net/wiki//" };
    const assertion = await buildUserAssertion({ ...GOOD, installation, authorizationServer: new URL("https://as.example.com/") });
    expect(payloadOf(assertion)).toMatchObject({ tnt: "https://example.atlassian.net/wiki", aud: "https://as.example.com" });
  });

  const URN = 'must be the bare id, without "urn:atlassian:connect:..."';
  const AROUND = "must have no white space around it and no control characters";
  const REINSTALL = "must be there: products send it when the app has the ACT_AS_USER scope and is installed again";
  const refusals: [name: string, change: object, message: string][] = [
    ["no installation", { installation: undefined }, '"options.installation" must be an object'],
    ["a URN", { accountId: "urn:atlassian:connect:useraccountid:1" }, `"options.accountId" ${URN}`],
    ["a URN in capitals", { accountId: "URN:x" }, `"options.accountId" ${URN}`],
    ["nobody", { accountId: undefined }, '"options.accountId" must be a string'],
    ["an empty user", { accountId: "" }, '"options.accountId" must not be empty'],
    ["an empty user, whatever the key", { accountId: "", userKey: "admin" }, '"options.accountId" must not be empty'],
    ["an empty key", { accountId: undefined, userKey: "" }, '"options.userKey" must not be empty'],
    ["a space", { accountId: "1 " }, `"options.accountId" ${AROUND}`],
    ["a line end", { accountId: "1\n2" }, `"options.accountId" ${AROUND}`],
    ["half a character", { accountId: "\ud800" }, `"options.accountId" ${AROUND}`],
    ["a number", { accountId: 1 }, '"options.accountId" must be a string'],
    ["no lifetime", { lifetime: 0 }, '"options.lifetime" must be 1 to 60 whole seconds'],
    ["a long lifetime", { lifetime: 61 }, '"options.lifetime" must be 1 to 60 whole seconds'],
    ["a broken lifetime", { lifetime: 59.5 }, '"options.lifetime" must be 1 to 60 whole seconds'],
    ["a server without TLS", { authorizationServer: "http://as.example.com" }, '"options.authorizationServer" must be an https URL'],
    ["a clock in words", { now: () => Number.NaN }, '"options.now" must return seconds since the epoch'],
  ];
  const tenants: [name: string, change: object, message: string][] = [
    ["no client id", { oauthClientId: undefined }, `"options.installation.oauthClientId" ${REINSTALL}`],
    ["an empty client id", { oauthClientId: "" }, '"options.installation.oauthClientId" must not be empty'],
    ["a URN for a client id", { oauthClientId: "urn:x" }, `"options.installation.oauthClientId" ${URN}`],
    ["an empty secret", { sharedSecret: "" }, '"options.installation.sharedSecret" must be the secret of the install, not empty'],
    ["no secret", { sharedSecret: undefined }, '"options.installation.sharedSecret" must be the secret of the install, not empty'],
    ["no base URL", { baseUrl: undefined }, '"options.installation.baseUrl" must be a string or a URL'],
    ["a relative base URL", { baseUrl: "example.atlassian.net" }, '"options.installation.baseUrl" must be an absolute URL'],
    ["a base URL without TLS", { baseUrl: "http://x.atlassian.net" }, '"options.installation.baseUrl" must be an https URL'],
    ["a base URL with a query", { baseUrl: "https://x.net/?a" }, '"options.installation.baseUrl" must have neither query nor fragment'],
  ];
  const all = [
    ...refusals,
    ...tenants.map(([name, change, message]) => [name, { installation: { ...GOOD.installation, ...change } }, message] as const),
  ];

  test.each(all)("refuses %s", async (_name, change, message) => {
    const code = expect.stringMatching(/^ERR_INVALID_ARG_(?:TYPE|VALUE)$/);
    const options = { ...GOOD, ...change } as UserAssertionOptions;
    await expect(buildUserAssertion(options)).rejects.toMatchObject({ name: "TypeError", message, code });
  });

  test.each(all.filter(([, change]) => !("lifetime" in change) && !("now" in change)))(
    "a source made with %s is refused at the door",
    (_name, change, message) => {
      const options = { ...GOOD, ...change } as UserAssertionOptions;
      expect(() => createUserTokenSource(options)).toThrow(expect.objectContaining({ name: "TypeError", message }));
    },
  );

  test("refuses a short secret, and names the option that lets it pass", async () => {
    const short = { ...GOOD, installation: { ...GOOD.installation, sharedSecret: "short" } };
    await expect(buildUserAssertion(short)).rejects.toMatchObject({
      code: "ERR_KEY_INVALID",
      hint: expect.stringContaining("allowShortSecret"),
    });
    expect(payloadOf(await buildUserAssertion({ ...short, allowShortSecret: true }))["iat"]).toBe(NOW);
  });

  test("refuses options that are none", async () => {
    await expect(buildUserAssertion(undefined as never)).rejects.toMatchObject({ message: '"options" must be an object' });
  });
});
