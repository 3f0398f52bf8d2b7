import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { memoryInstallations } from "../../../src/connect/installations.ts";
import { signSessionToken } from "../../../src/connect/session.ts";
import type { SessionTokenOptions } from "../../../src/connect/session.ts";
import { createConnectVerifier } from "../../../src/connect/verifier.ts";
import { syncEngine } from "../../../src/crypto/engine.ts";
import { rejection } from "../../support/failure.ts";

const NOW = 1_800_000_000.5;
const installation = { clientKey: "tenant-1", sharedSecret: "a-tenant-secret-of-more-than-32-bytes" };
const base: SessionTokenOptions = { appKey: "com.example.app", installation, now: () => NOW };

function parts(token: string): { header: unknown; claims: unknown; signature: string; expected: string } {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const read = (text: string): unknown => JSON.parse(Buffer.from(text, "base64url").toString());
  const expected = createHmac("sha256", installation.sharedSecret).update(`${header}.${claims}`).digest("base64url");
  return { header: read(header), claims: read(claims), signature, expected };
}

describe("signSessionToken", () => {
  test("is issued by the app, for one tenant, without qsh, for a quarter of an hour", async () => {
    const { header, claims, signature, expected } = parts(await signSessionToken({ ...base, accountId: "user-1" }));
    expect(header).toEqual({ typ: "JWT", alg: "HS256" });
    expect(claims).toEqual({
      iss: "com.example.app",
      aud: ["tenant-1"],
      sub: "user-1",
      iat: 1_800_000_000,
      exp: 1_800_000_900,
    });
    expect(signature).toBe(expected);
  });

  test("takes a lifetime, further claims and an engine, and needs no user", async () => {
    const options = { ...base, accountId: undefined, lifetime: 60, claims: { context: { jira: {} }, jti: "j" }, engine: syncEngine };
    const { claims, signature, expected } = parts(await signSessionToken(options));
    expect(claims).toEqual({
      iss: "com.example.app",
      aud: ["tenant-1"],
      context: { jira: {} },
      jti: "j",
      iat: 1_800_000_000,
      exp: 1_800_000_060,
    });
    expect(signature).toBe(expected);
  });

  test("is what the verifier accepts as a session", async () => {
    const verify = createConnectVerifier({
      appKey: base.appKey,
      baseUrl: "https://app.example.com",
      installations: memoryInstallations([installation]),
      accept: ["session"],
      now: () => NOW,
    });
    const token = await signSessionToken({ ...base, accountId: "user-1" });
    const request = new Request("https://app.example.com/api", { headers: { authorization: `JWT ${token}` } });
    expect(await verify(request)).toMatchObject({ kind: "session", clientKey: "tenant-1", accountId: "user-1" });
  });

  test("a short secret signs where it is allowed", async () => {
    const short = { ...installation, sharedSecret: "short" };
    const token = await signSessionToken({ ...base, installation: short, allowShortSecret: true });
    const [header = "", claims = "", signature = ""] = token.split(".");
    expect(signature).toBe(createHmac("sha256", "short").update(`${header}.${claims}`).digest("base64url"));
  });

  test.each<[string, object, object]>([
    ["no appKey", { appKey: "" }, { message: '"options.appKey" must not be empty' }],
    ["no installation", { installation: undefined }, { message: '"options.installation" must be an object' }],
    ["no clientKey", { installation: { ...installation, clientKey: "" } }, { message: '"options.installation.clientKey" must not be empty' }],
    ["the app as tenant", { appKey: "tenant-1" }, { message: '"options.installation.clientKey" must not be the app itself' }],
    ["an empty user", { accountId: "" }, { message: '"options.accountId" must not be empty' }],
    ["a lifetime of nothing", { lifetime: 0 }, { message: '"options.lifetime" must be 1 to 86400 seconds' }],
    ["a claim of the signer", { claims: { qsh: "x" } }, { message: '"options.claims" must not hold "qsh", which is set by the signer' }],
    ["another audience", { claims: { aud: "x" } }, { message: '"options.claims" must not hold "aud", which is set by the signer' }],
    ["no engine", { engine: {} }, { message: '"options.engine" must be an engine of this library' }],
    ["null for an engine", { engine: null }, { message: '"options.engine" must be an engine of this library' }],
    ["a clock that is none", { now: NOW }, { message: '"options.now" must be a function' }],
    ["a short secret", { installation: { ...installation, sharedSecret: "short" } }, { code: "ERR_KEY_INVALID" }],
  ])("%s is refused", async (_name, change, expected) => {
    expect(await rejection(signSessionToken({ ...base, ...change } as SessionTokenOptions))).toMatchObject(expected);
  });
});
