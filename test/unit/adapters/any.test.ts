import { describe, expect, test, vi } from "vitest";
import { anyVerifier } from "../../../src/adapters/any.ts";
import { memoryInstallations } from "../../../src/connect/installations.ts";
import { createConnectVerifier } from "../../../src/connect/verifier.ts";
import { createForgeVerifier } from "../../../src/forge/invocation.ts";
import { createFakeHost } from "../../../src/testing/index.ts";
import { failure, rejection } from "../../support/failure.ts";

const url = "https://app.example.com/api";

function request(authorization?: string, query = ""): Request {
  return new Request(url + query, authorization === undefined ? {} : { headers: { authorization } });
}

describe("anyVerifier", () => {
  const connect = vi.fn(async () => ({ kind: "request" as const }));
  const forge = vi.fn(async () => ({ kind: "forge" as const }));
  const verify = anyVerifier({ connect, forge });

  test.each<[string, Request, string]>([
    ["Bearer", request("Bearer a.b.c"), "forge"],
    ["Bearer, in any case", request("bearer a.b.c"), "forge"],
    ["Bearer beside other parameters", request("Bearer a.b.c", "?JWT=x&jwt2=y&xjwt=z#jwt=u"), "forge"],
    ["JWT", request("JWT a.b.c"), "request"],
    ["a parameter", request(undefined, "?jwt=a.b.c"), "request"],
    ["nothing", request(), "request"],
    ["another scheme", request("Basic dTpw"), "request"],
  ])("%s goes to %s's judge", async (_name, one, kind) => {
    expect(await verify(one)).toEqual({ kind });
  });

  test.each<[string, Request]>([
    ["Bearer and a parameter", request("Bearer a.b.c", "?jwt=d.e.f")],
    ["Bearer and an escaped parameter", request("Bearer a.b.c", "?x=1&%6Awt")],
    ["both schemes in one header", request("Bearer a.b.c, JWT d.e.f")],
  ])("%s is ambiguous, and nobody is asked", async (_name, one) => {
    connect.mockClear();
    forge.mockClear();
    expect(await rejection(verify(one))).toEqual({
      name: "TokenError",
      code: "ERR_TOKEN_AMBIGUOUS",
      message: "request has tokens of two forms",
    });
    expect([connect.mock.calls, forge.mock.calls]).toEqual([[], []]);
  });

  test("what a judge refuses the other is not asked about", async () => {
    const refusing = vi.fn(() => Promise.reject(new Error("no")));
    connect.mockClear();
    const either = anyVerifier({ connect, forge: refusing });
    await expect(either(request("Bearer a.b.c"))).rejects.toThrow("no");
    expect(connect).not.toHaveBeenCalled();
  });

  test("a verifier that is none dies at the door", () => {
    expect(failure(() => anyVerifier({ connect, forge: undefined as unknown as typeof forge }))).toEqual({
      name: "TypeError",
      code: "ERR_INVALID_ARG_TYPE",
      message: '"verifiers.forge" must be a function',
    });
  });

  test("the real two: an app on the move answers both on one route", async () => {
    const host = createFakeHost();
    const app = { appKey: "com.example.app", baseUrl: "https://app.example.com" };
    const appId = "ari:cloud:ecosystem::app/8ed7a3a7-0000-4000-8000-000000000001";
    const tenant = host.install(app);
    const either = anyVerifier({
      connect: createConnectVerifier({ ...app, installations: memoryInstallations([tenant]), accept: ["request"] }),
      forge: createForgeVerifier({ appId, fetch: host.fetch }),
    });
    const identities = [await either(await host.iframeRequest({ path: "/api" })), await either(await host.forgeRequest({ appId, url }))];
    expect(identities.map((identity) => (identity.kind === "forge" ? identity.app.id : identity.clientKey))).toEqual([
      tenant.clientKey,
      appId,
    ]);
  });
});
