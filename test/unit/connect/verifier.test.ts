import { describe, expect, test, vi } from "vitest";
import type { TokenKind } from "../../../src/connect/identity.ts";
import { memoryInstallations } from "../../../src/connect/installations.ts";
import { memoryReplayGuard } from "../../../src/connect/replay.ts";
import { createConnectVerifier } from "../../../src/connect/verifier.ts";
import type { ConnectVerifierOptions } from "../../../src/connect/verifier.ts";
import { syncEngine, webEngine } from "../../../src/crypto/engine.ts";
import { ExchangeError, QshError } from "../../../src/errors.ts";
import type { Installation, ReplayGuard } from "../../../src/types.ts";
import { badValue, errorOf, failure, rejection } from "../../support/failure.ts";
import { hashOf, mintHs256 } from "../../support/mint.ts";
import { tells } from "../../support/tells.ts";

type Options = ConnectVerifierOptions;

const NOW = 1_800_000_000;
const SECRET = "a-tenant-secret-of-more-than-32-bytes";
const OTHER = "another-secret-of-more-than-32-bytes!";
const appKey = "com.example.app";
const tenant: Installation = { clientKey: "tenant-1", sharedSecret: SECRET };
const times = { iat: NOW - 5, exp: NOW + 175 };
const url = "https://app.example.com/base/panel?b=2&a=1";
const qsh = hashOf("GET&/panel&a=1&b=2");
const requestClaims = { iss: "tenant-1", sub: "user-1", qsh, ...times };
const contextClaims = { ...requestClaims, qsh: "context-qsh" };
const sessionClaims = { iss: appKey, aud: ["tenant-1"], sub: "user-1", ...times };
const all: readonly TokenKind[] = ["request", "context", "session"];

const base: Options = {
  appKey,
  baseUrl: "https://app.example.com/base",
  installations: memoryInstallations([tenant]),
  accept: all,
  leeway: 0,
  now: () => NOW,
};

function bearing(token: string, to = url, method = "GET"): Request {
  return new Request(to, { method, headers: { authorization: `JWT ${token}` } });
}

function verify(claims: object, options: Partial<Options> = {}, secret = SECRET): Promise<object> {
  return createConnectVerifier({ ...base, ...options })(bearing(mintHs256(claims, secret)));
}

const kindRefused = (message: string): object => ({ name: "TokenError", code: "ERR_TOKEN_KIND", message });
const mismatch = { name: "QshError", code: "ERR_QSH_MISMATCH", message: '"qsh" claim is not the hash of this request' };
const unknown = { name: "InstallationError", code: "ERR_INSTALLATION_UNKNOWN", message: "tenant is not known" };
const badSignature = { name: "TokenError", code: "ERR_TOKEN_SIGNATURE", message: "signature does not verify" };
const storeFailed = {
  name: "InstallationError",
  code: "ERR_INSTALLATION_LOOKUP",
  message: "installation store could not be asked",
};

describe("a request token", () => {
  test("becomes an identity that says what was proven", async () => {
    const context = { jira: { issue: { key: "A-1" } }, user: { accountId: "user-2" } };
    const claims = { ...requestClaims, context };
    const identity = await createConnectVerifier({ ...base, accept: ["request"] })(bearing(mintHs256(claims, SECRET)));
    expect(identity).toEqual({ kind: "request", clientKey: "tenant-1", accountId: "user-2", claims });
    expect(identity.installation).toEqual(tenant);
    expect(identity.claims.context?.jira?.issue?.key).toBe("A-1");
  });

  test("shows no secret in JSON or a log, though the installation is there", async () => {
    expect(tells(await verify(requestClaims), SECRET)).toBe(false);
  });

  test("the subject is the user when the context names none; nobody is when neither does", async () => {
    expect(await verify(requestClaims)).toMatchObject({ accountId: "user-1" });
    expect(await verify({ ...requestClaims, context: { user: { accountId: 5 } } })).not.toHaveProperty("accountId");
    const { sub: _sub, ...claims } = requestClaims;
    expect(await verify(claims)).not.toHaveProperty("accountId");
  });

  test.each([
    ["another method", url, "POST"],
    ["a further parameter", `${url}&c=3`, "GET"],
    ["another value", url.replace("a=1", "a=2"), "GET"],
    ["another path", url.replace("/panel", "/other"), "GET"],
    ["a path beside the base", url.replace("/base/", "/basement/"), "GET"],
  ])("is not good for %s", async (_name, to, method) => {
    const request = bearing(mintHs256(requestClaims, SECRET), to, method);
    expect(await rejection(createConnectVerifier(base)(request))).toEqual(mismatch);
  });

  test("is good in ?jwt=, which is no part of the hash", async () => {
    const request = new Request(`${url}&jwt=${mintHs256(requestClaims, SECRET)}`);
    expect(await createConnectVerifier(base)(request)).toMatchObject({ kind: "request" });
  });

  test("the error knows the claimed and the computed hash, and explains itself", async () => {
    const claims = { ...requestClaims, qsh: hashOf("GET&/base/panel&a=1&b=2") };
    const error = (await errorOf(verify(claims))) as QshError;
    expect(error).toBeInstanceOf(QshError);
    expect([error.claimed, error.computed]).toEqual([claims.qsh, qsh]);
    expect(await error.explain()).toMatchObject({ match: "variant" });
    expect(error.hint).toContain("await error.explain()");
    expect(JSON.stringify(error)).not.toContain(claims.qsh);
  });

  test("products sign the decoded path; raw alone is there for those who route on encoded slashes", async () => {
    const token = mintHs256({ ...requestClaims, qsh: hashOf("GET&/a/b c&") }, SECRET);
    const to = "https://app.example.com/base/a%2Fb%20c//";
    expect(await createConnectVerifier(base)(bearing(token, to))).toMatchObject({ kind: "request" });
    expect(await rejection(createConnectVerifier({ ...base, path: "raw" })(bearing(token, to)))).toEqual(mismatch);
  });

  test("leaves the body to the caller", async () => {
    const token = mintHs256({ ...requestClaims, qsh: hashOf("POST&/hook&") }, SECRET);
    const headers = { authorization: `JWT ${token}` };
    const request = new Request("https://app.example.com/base/hook", { method: "POST", headers, body: "{}" });
    await createConnectVerifier(base)(request);
    expect(await request.text()).toBe("{}");
  });

  test("a form counts where it was asked for, and there alone", async () => {
    const token = mintHs256({ ...requestClaims, qsh: hashOf("POST&/form&a=1&q=2") }, SECRET);
    const post = (): Request =>
      new Request("https://app.example.com/base/form?q=2", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: `a=1&jwt=${token}`,
      });
    const request = post();
    expect(await createConnectVerifier({ ...base, form: true })(request)).toMatchObject({ kind: "request" });
    expect(await request.text()).toBe(`a=1&jwt=${token}`);
    expect(await rejection(createConnectVerifier(base)(post()))).toMatchObject({ code: "ERR_TOKEN_MISSING" });
  });
});

describe("the kinds", () => {
  const byKind = { request: requestClaims, context: contextClaims, session: sessionClaims };

  test.each(all)("a %s token is taken where it is accepted", async (kind) => {
    const { claims, ...identity } = (await verify(byKind[kind], { accept: [kind] })) as { claims: object };
    expect(identity).toEqual({ kind, clientKey: "tenant-1", accountId: "user-1" });
    expect(claims).toEqual(byKind[kind]);
  });

  const notHere = kindRefused("context token is not accepted here");
  const notContext = { name: "QshError", code: "ERR_QSH_MISMATCH", message: '"qsh" claim is not that of a context token' };
  const itself = kindRefused('"iss" claim is the app itself');
  test.each<[TokenKind, TokenKind, object]>([
    ["context", "request", notHere],
    ["context", "session", notHere],
    ["request", "context", notContext],
    ["request", "session", notContext],
    ["session", "request", itself],
    ["session", "context", itself],
  ])("a %s token is not, where only a %s token is", async (kind, accepted, expected) => {
    expect(await rejection(verify(byKind[kind], { accept: [accepted] }))).toEqual(expected);
  });

  test.each([["Context-QSH"], ["context-qsh "], ["contextqsh"], [""], ["0".repeat(64)]])("%j is no context", async (value) => {
    expect(await rejection(verify({ ...requestClaims, qsh: value }, { accept: ["context"] }))).toEqual(notContext);
  });

  test.each<[string, readonly TokenKind[]]>([
    ["all", all],
    ["session", ["session"]],
    ["context", ["context"]],
    ["request", ["request"]],
  ])("a tenant's token without qsh is refused where %s is accepted", async (_name, accept) => {
    const { qsh: _qsh, ...claims } = requestClaims;
    expect(await rejection(verify(claims, { accept }))).toEqual({
      name: "QshError",
      code: "ERR_QSH_MISSING",
      message: '"qsh" claim is required',
    });
  });

  test.each<[string, object, object]>([
    ["a qsh: the app's own outbound token came back", { qsh }, kindRefused('session token must have no "qsh" claim')],
    ["the qsh of a context", { qsh: "context-qsh" }, kindRefused('session token must have no "qsh" claim')],
    ["no audience", { aud: undefined }, { name: "ClaimError", code: "ERR_CLAIM_MISSING", message: '"aud" claim is required' }],
    ...[[], ["tenant-1", "tenant-2"], ["tenant-1", "tenant-1"], 5, null, [["tenant-1"]]].map(
      (aud): [string, object, object] => [
        `the audience ${JSON.stringify(aud)}`,
        { aud },
        { name: "ClaimError", code: "ERR_CLAIM_INVALID", message: '"aud" claim must be exactly one tenant' },
      ],
    ),
    ["an unknown tenant", { aud: "tenant-2" }, unknown],
  ])("a session token with %s is refused", async (_name, change, expected) => {
    expect(await rejection(verify({ ...sessionClaims, ...change }))).toEqual(expected);
  });

  test.each<[TokenKind, TokenKind, string]>([
    ["context", "request", 'add "context" to "accept"'],
    ["request", "context", 'add "request" to "accept"'],
  ])("the refusal of a %s token says what to add to accept", async (kind, accepted, hint) => {
    expect(await errorOf(verify(byKind[kind], { accept: [accepted] }))).toMatchObject({ hint: expect.stringContaining(hint) });
  });

  test("the refusal of a request token knows the hash that was claimed", async () => {
    expect(((await errorOf(verify(requestClaims, { accept: ["context"] }))) as QshError).claimed).toBe(qsh);
  });

  test.each<[string, object]>([
    ["aud", { ...sessionClaims, aud: undefined }],
    ["aud", { ...sessionClaims, aud: [] }],
    ["iss", { ...requestClaims, iss: undefined }],
  ])("the error names the claim %s that is missing or not good", async (claim, claims) => {
    expect(await errorOf(verify(claims))).toMatchObject({ name: "ClaimError", claim });
  });

  test("a session token's audience may be text", async () => {
    expect(await verify({ ...sessionClaims, aud: "tenant-1" })).toMatchObject({ kind: "session", clientKey: "tenant-1" });
  });
});

describe("the tenant", () => {
  test.each<[string, object, object]>([
    ["missing", { iss: undefined }, { name: "ClaimError", code: "ERR_CLAIM_MISSING", message: '"iss" claim is required' }],
    ["null", { iss: null }, { code: "ERR_CLAIM_INVALID" }],
    ["a list", { iss: ["tenant-1"] }, { code: "ERR_CLAIM_INVALID", message: '"iss" claim must be a well-formed string' }],
    ["empty", { iss: "" }, { code: "ERR_CLAIM_INVALID", message: '"iss" claim must not be empty' }],
    ["unknown", { iss: "tenant-2" }, unknown],
    ["in another case", { iss: "Tenant-1" }, unknown],
  ])("an issuer that is %s", async (_name, change, expected) => {
    expect(await rejection(verify({ ...requestClaims, ...change }))).toMatchObject(expected);
  });

  test("the audience chooses nothing", async () => {
    const installations = memoryInstallations([tenant, { clientKey: "tenant-2", sharedSecret: OTHER }]);
    const claims = { ...requestClaims, aud: ["tenant-2"] };
    expect(await rejection(verify(claims, { installations }, OTHER))).toEqual(badSignature);
    expect(await verify(claims, { installations })).toMatchObject({ clientKey: "tenant-1" });
  });

  test("an unknown tenant costs one HMAC, as a known one with a bad signature does", async () => {
    const engine = { ...webEngine, name: "counting", verify: vi.fn(webEngine.verify) };
    await rejection(verify(requestClaims, { engine }, OTHER));
    expect(engine.verify).toHaveBeenCalledTimes(1);
    expect(await rejection(verify({ ...requestClaims, iss: "tenant-2" }, { engine }))).toEqual(unknown);
    expect(engine.verify).toHaveBeenCalledTimes(2);
  });

  test("whom nobody knows cannot be played with the dummy key either", async () => {
    const dummy = "\u005a".repeat(32);
    expect(await rejection(verify({ ...requestClaims, iss: "tenant-2" }, {}, dummy))).toEqual(unknown);
  });

  test("one that switched the app off is not known", async () => {
    const installations = memoryInstallations([{ ...tenant, enabled: false }]);
    expect(await rejection(verify(requestClaims, { installations }))).toEqual(unknown);
  });

  test("the algorithm is refused before the store is asked", async () => {
    const installations = vi.fn(() => tenant);
    const token = mintHs256(requestClaims, SECRET, { alg: "HS512" });
    const verifier = createConnectVerifier({ ...base, installations });
    expect(await rejection(verifier(bearing(token)))).toMatchObject({ code: "ERR_TOKEN_ALGORITHM" });
    expect(installations).not.toHaveBeenCalled();
  });

  test("a store is called as its own method", async () => {
    class Store {
      readonly tenants = new Map([[tenant.clientKey, tenant]]);
      find(clientKey: string): Installation | undefined {
        return this.tenants.get(clientKey);
      }
    }
    expect(await verify(requestClaims, { installations: new Store() })).toMatchObject({ clientKey: "tenant-1" });
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["text", SECRET],
    ["another tenant's record", { clientKey: "tenant-2", sharedSecret: SECRET }],
    ["a record that says not whose it is", { sharedSecret: SECRET }],
    ["a record that only inherits", Object.create(tenant)],
  ])("%s from a store is no tenant", async (_name, found) => {
    expect(await rejection(verify(requestClaims, { installations: () => found as Installation }))).toEqual(unknown);
  });

  test.each<[string, unknown]>([
    ["none", undefined],
    ["an empty one", ""],
    ["a short one", "short"],
    ["bytes", new TextEncoder().encode(SECRET)],
    ["a number", 5],
    ["a public key", "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END PUBLIC KEY-----"],
  ])("%s as the stored secret is refused as a key", async (_name, sharedSecret) => {
    const installations = (): Installation => ({ clientKey: "tenant-1", sharedSecret: sharedSecret as string });
    const error = await errorOf(verify(requestClaims, { installations }));
    expect(error).toMatchObject({ name: "KeyError", code: "ERR_KEY_INVALID", remote: true, message: "stored secret must not be used" });
  });

  test("a short stored secret says which option allows it", async () => {
    const installations = memoryInstallations([{ clientKey: "tenant-1", sharedSecret: "short" }]);
    expect(await errorOf(verify(requestClaims, { installations }))).toMatchObject({
      hint: expect.stringContaining('"allowShortSecret: true"'),
    });
  });

  test("a short secret is good where it is allowed", async () => {
    const installations = memoryInstallations([{ clientKey: "tenant-1", sharedSecret: "short" }]);
    expect(await verify(requestClaims, { installations, allowShortSecret: true }, "short")).toMatchObject({ kind: "request" });
  });

  test("a secret that changed is used at once, also while its key is cached", async () => {
    const record = { ...tenant };
    const verifier = createConnectVerifier({ ...base, installations: () => record });
    await verifier(bearing(mintHs256(requestClaims, SECRET)));
    record.sharedSecret = OTHER;
    expect(await rejection(verifier(bearing(mintHs256(requestClaims, SECRET))))).toEqual(badSignature);
    await verifier(bearing(mintHs256(requestClaims, OTHER)));
  });

  test("the keys of its last four secrets are made once, and no more are kept", async () => {
    const engine = { ...webEngine, name: "recording", verify: vi.fn(webEngine.verify) };
    const record = { ...tenant };
    const verifier = createConnectVerifier({ ...base, engine, installations: () => record });
    const keyOf = async (n: number): Promise<unknown> => {
      record.sharedSecret = `secret-${n}-of-more-than-32-bytes-in-all`;
      await verifier(bearing(mintHs256(requestClaims, record.sharedSecret)));
      return engine.verify.mock.lastCall?.[0];
    };
    const keys = [await keyOf(1), await keyOf(2), await keyOf(3), await keyOf(4), await keyOf(5)];
    expect(new Set(keys).size).toBe(5);
    for (const n of [2, 3, 4, 5]) expect(await keyOf(n)).toBe(keys[n - 1]);
    expect(await keyOf(1)).not.toBe(keys[0]);
  });

  test.each(["webcrypto", "native"])("the engine is the one that was asked for: %s", async (name) => {
    const engine = name === "native" ? syncEngine : webEngine;
    expect(engine.name).toBe(name);
    expect(await verify(requestClaims, { engine })).toMatchObject({ kind: "request" });
    expect(await rejection(verify(requestClaims, { engine }, OTHER))).toEqual(badSignature);
  });
});

describe("previous secrets", () => {
  const rotated = (previousSecrets: unknown): Partial<Options> => ({
    installations: () => ({ clientKey: "tenant-1", sharedSecret: OTHER, previousSecrets }) as Installation,
  });
  const filler = (n: number): object => ({ sharedSecret: `filler-${n}-of-more-than-32-bytes-in-all`, validUntil: NOW + 1 });

  test("are good until their time is over", async () => {
    expect(await verify(requestClaims, rotated([{ sharedSecret: SECRET, validUntil: NOW + 1 }]))).toMatchObject({ kind: "request" });
    expect(await rejection(verify(requestClaims, rotated([{ sharedSecret: SECRET, validUntil: NOW }])))).toEqual(badSignature);
  });

  test("three are tried, those that are over not counted", async () => {
    const good = { sharedSecret: SECRET, validUntil: NOW + 1 };
    const over = { sharedSecret: OTHER, validUntil: NOW };
    expect(await verify(requestClaims, rotated([over, filler(1), filler(2), good]))).toMatchObject({ kind: "request" });
    expect(await rejection(verify(requestClaims, rotated([filler(1), filler(2), filler(3), good])))).toEqual(badSignature);
  });

  test("those whose secret is no text take nobody's place", async () => {
    const good = { sharedSecret: SECRET, validUntil: NOW + 1 };
    const none = [5, null, undefined].map((sharedSecret) => ({ sharedSecret, validUntil: NOW + 1 }));
    expect(await verify(requestClaims, rotated([...none, good]))).toMatchObject({ kind: "request" });
  });

  test("where there are none, a bad signature costs one HMAC, short secrets allowed or not", async () => {
    for (const allowShortSecret of [false, true]) {
      const engine = { ...webEngine, name: "counting", verify: vi.fn(webEngine.verify) };
      expect(await rejection(verify(requestClaims, { engine, allowShortSecret }, OTHER))).toEqual(badSignature);
      expect(engine.verify).toHaveBeenCalledTimes(1);
    }
  });

  test.each<[string, unknown]>([
    ["no list", { 0: { sharedSecret: SECRET, validUntil: NOW + 1 } }],
    ["no time", [{ sharedSecret: SECRET }]],
    ["a time that is no number", [{ sharedSecret: SECRET, validUntil: "9999999999" }]],
    ["NaN", [{ sharedSecret: SECRET, validUntil: Number.NaN }]],
    ["nothing", [null, undefined, "x"]],
  ])("%s proves nothing", async (_name, previousSecrets) => {
    expect(await rejection(verify(requestClaims, rotated(previousSecrets)))).toEqual(badSignature);
  });

  test("one that is no usable key is passed over", async () => {
    const list = [{ sharedSecret: "short", validUntil: NOW + 1 }, { sharedSecret: SECRET, validUntil: NOW + 1 }];
    expect(await verify(requestClaims, rotated(list))).toMatchObject({ kind: "request" });
    expect(await rejection(verify(requestClaims, rotated(list), "short"))).toEqual(badSignature);
  });
});

describe("H7: a store that fails", () => {
  const leak = "store-password-and-tenant-secret";

  test.each<[string, Options["installations"]]>([
    ["throws", () => { throw new Error(leak); }],
    ["rejects", () => Promise.reject(new Error(leak, { cause: leak }))],
    ["rejects with text", () => Promise.reject(leak as unknown as Error)],
    ["throws what looks like one of our errors", () => { throw Object.assign(new Error(leak), { code: "ERR_TOKEN_MISSING" }); }],
    ["hangs", () => new Promise<never>(() => undefined)],
  ])("one that %s is a 503 that tells nothing", async (_name, installations) => {
    const error = await errorOf(verify(requestClaims, { installations, timeout: 0.02 }));
    expect({ name: error.name, code: (error as QshError).code, message: error.message }).toEqual(storeFailed);
    expect(tells(error, leak)).toBe(false);
    expect(error.cause).toBe(undefined);
  });

  test("an error of this library stays as the cause", async () => {
    const cause = new ExchangeError("ERR_EXCHANGE_UNREACHABLE", "vault could not be reached");
    const error = await errorOf(verify(requestClaims, { installations: () => Promise.reject(cause) }));
    expect(error.cause).toBe(cause);
  });

  test("five seconds are what a store gets unless told", async () => {
    vi.useFakeTimers();
    try {
      const outcome = rejection(verify(requestClaims, { installations: () => new Promise<never>(() => undefined) }));
      await vi.advanceTimersByTimeAsync(4999);
      await expect(Promise.race([outcome, Promise.resolve("waiting")])).resolves.toBe("waiting");
      await vi.advanceTimersByTimeAsync(1);
      expect(await outcome).toEqual(storeFailed);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("the replay guard", () => {
  const used = { name: "TokenError", code: "ERR_TOKEN_REPLAYED", message: "token was used before" };

  test("lets a token pass once, a second one too", async () => {
    const verifier = createConnectVerifier({ ...base, replayGuard: memoryReplayGuard({ now: () => NOW }) });
    const token = mintHs256(requestClaims, SECRET);
    await verifier(bearing(token));
    expect(await rejection(verifier(bearing(token)))).toEqual(used);
    await verifier(bearing(mintHs256({ ...requestClaims, iat: NOW - 4 }, SECRET)));
  });

  test("knows a token by jti and issuer where there is one", async () => {
    const installations = memoryInstallations([tenant, { clientKey: "tenant-2", sharedSecret: OTHER }]);
    const verifier = createConnectVerifier({ ...base, installations, replayGuard: memoryReplayGuard({ now: () => NOW }) });
    await verifier(bearing(mintHs256({ ...requestClaims, jti: "j" }, SECRET)));
    await verifier(bearing(mintHs256({ ...requestClaims, iss: "tenant-2", jti: "j" }, OTHER)));
    const again = mintHs256({ ...requestClaims, iat: NOW - 4, jti: "j" }, SECRET);
    expect(await rejection(verifier(bearing(again)))).toEqual(used);
  });

  test("is told of nothing that was refused, keeps until exp and leeway, and sees no claim", async () => {
    const seen = vi.fn<ReplayGuard["seen"]>(() => false);
    const verifier = createConnectVerifier({ ...base, leeway: 30, replayGuard: { seen } });
    const token = mintHs256(requestClaims, SECRET);
    await rejection(verifier(bearing(token, `${url}&x`)));
    await rejection(verifier(bearing(`${token.slice(0, -2)}AA`)));
    await rejection(verifier(bearing(mintHs256({ ...requestClaims, exp: NOW - 31 }, SECRET))));
    expect(seen).not.toHaveBeenCalled();
    await verifier(bearing(token));
    expect(seen.mock.calls).toEqual([[hashOf(token.slice(0, token.lastIndexOf("."))), NOW + 205]]);
  });

  test.each<[string, ReplayGuard["seen"]]>([
    ["throws", () => { throw new Error("s3cret"); }],
    ["rejects", () => Promise.reject(new Error("s3cret"))],
    ["hangs", () => new Promise<never>(() => undefined)],
    ["answers nothing", () => undefined as unknown as boolean],
    ["answers null", () => null as unknown as boolean],
    ["answers 0", () => 0 as unknown as boolean],
  ])("one that %s lets nothing pass", async (_name, seen) => {
    const error = await errorOf(verify(requestClaims, { replayGuard: { seen }, timeout: 0.02 }));
    expect(error).toMatchObject({ code: "ERR_INSTALLATION_LOOKUP", message: "replay guard could not be asked" });
    expect(tells(error, "s3cret")).toBe(false);
  });
});

describe("the header", () => {
  test.each<[string, object, string]>([
    ["crit", { crit: ["exp"] }, "ERR_TOKEN_HEADER"],
    ["b64", { b64: true }, "ERR_TOKEN_HEADER"],
    ["a key of its own", { jwk: { kty: "oct", k: "AAAA" } }, "ERR_TOKEN_HEADER"],
    ["the URL of a key", { jku: "https://attacker.example/jwks.json" }, "ERR_TOKEN_HEADER"],
    ["another type", { typ: "at+jwt" }, "ERR_TOKEN_HEADER"],
    ["a kid that is no text", { kid: 5 }, "ERR_KEY_ID"],
  ])("with %s is refused", async (_name, header, code) => {
    const request = bearing(mintHs256(requestClaims, SECRET, header));
    expect(await rejection(createConnectVerifier(base)(request))).toMatchObject({ code });
  });
});

describe("times", () => {
  test.each<[string, object, string]>([
    ["no exp", { exp: undefined }, "ERR_CLAIM_MISSING"],
    ["exp 0", { exp: 0 }, "ERR_TOKEN_EXPIRED"],
    ["exp now", { exp: NOW }, "ERR_TOKEN_EXPIRED"],
    ["exp as text", { exp: String(NOW + 9) }, "ERR_CLAIM_INVALID"],
    ["nbf ahead", { nbf: NOW + 1 }, "ERR_TOKEN_NOT_YET_VALID"],
    ["iat ahead", { iat: NOW + 1 }, "ERR_TOKEN_NOT_YET_VALID"],
  ])("%s", async (_name, change, code) => {
    expect(await rejection(verify({ ...requestClaims, ...change }))).toMatchObject({ code });
  });

  test("thirty seconds of leeway unless told", async () => {
    const { leeway: _leeway, ...rest } = base;
    const verifier = createConnectVerifier(rest);
    await verifier(bearing(mintHs256({ ...requestClaims, exp: NOW - 29 }, SECRET)));
    expect(await rejection(verifier(bearing(mintHs256({ ...requestClaims, exp: NOW - 30 }, SECRET))))).toMatchObject({
      code: "ERR_TOKEN_EXPIRED",
    });
  });
});

describe("options die at the door", () => {
  const kinds = badValue('"options.accept" must be a list of "request", "context" and "session"');
  const wrongType = (message: string): object => ({ name: "TypeError", code: "ERR_INVALID_ARG_TYPE", message });
  test.each<[string, object, object]>([
    ["appKey", { appKey: undefined }, wrongType('"options.appKey" must be a string')],
    ["appKey", { appKey: "" }, badValue('"options.appKey" must not be empty')],
    ["baseUrl", { baseUrl: "/base" }, badValue('"options.baseUrl" must be an absolute URL')],
    ["baseUrl", { baseUrl: "http://app.example.com" }, badValue('"options.baseUrl" must be an https URL')],
    ["accept", { accept: undefined }, kinds],
    ["accept", { accept: [] }, kinds],
    ["accept", { accept: "request" }, kinds],
    ["accept", { accept: ["request", "any"] }, kinds],
    ["installations", { installations: undefined }, wrongType('"options.installations" must be a function or have a method "find"')],
    ["installations", { installations: new Map() }, wrongType('"options.installations" must be a function or have a method "find"')],
    ["path", { path: "decoded" }, badValue('"options.path" must be either or raw')],
    ["form", { form: "yes" }, wrongType('"options.form" must be a boolean')],
    ["leeway", { leeway: Number.NaN }, badValue('"options.leeway" must be 0 to 300 seconds')],
    ["leeway", { leeway: 301 }, badValue('"options.leeway" must be 0 to 300 seconds')],
    ["timeout", { timeout: 0 }, badValue('"options.timeout" must be 0.001 to 60 seconds')],
    ["replayGuard", { replayGuard: new Map() }, wrongType('"options.replayGuard" must have a method "seen"')],
    ["engine", { engine: {} }, wrongType('"options.engine" must be an engine of this library')],
    ["engine", { engine: null }, wrongType('"options.engine" must be an engine of this library')],
    ["engine", { engine: { sign: vi.fn() } }, wrongType('"options.engine" must be an engine of this library')],
    ["engine", { engine: { verify: vi.fn() } }, wrongType('"options.engine" must be an engine of this library')],
    ["now", { now: NOW }, wrongType('"options.now" must be a function')],
  ])("%s %o", (_name, change, expected) => {
    expect(failure(() => createConnectVerifier({ ...base, ...change } as Options))).toEqual(expected);
  });

  test("no object", () => {
    expect(failure(() => createConnectVerifier(null as unknown as Options))).toEqual(wrongType('"options" must be an object'));
  });

  test("http is good on loopback, elsewhere where it is said to be unsafe", () => {
    createConnectVerifier({ ...base, baseUrl: "http://localhost:3000" });
    createConnectVerifier({ ...base, baseUrl: "http://app.example.com", unsafeHttp: true });
  });
});
