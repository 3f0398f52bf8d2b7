/** The identity narrows with what is accepted. */
import { describe, expectTypeOf, test } from "vitest";
import { anyVerifier } from "../../src/adapters/any.ts";
import { createLifecycleVerifier } from "../../src/connect/lifecycle.ts";
import type { InstalledPayload, LifecyclePayload } from "../../src/connect/claims.ts";
import type { ContextIdentity, LifecycleIdentity, RequestIdentity, SessionIdentity, TokenKind } from "../../src/connect/identity.ts";
import { createConnectVerifier } from "../../src/connect/verifier.ts";
import { createForgeVerifier } from "../../src/forge/invocation.ts";
import type { ForgeIdentity } from "../../src/forge/invocation.ts";
import type { RequestVerifier } from "../../src/types.ts";

const app = { appKey: "com.example.app", baseUrl: "https://app.example.com" };
const base = { ...app, installations: () => undefined };

describe("createConnectVerifier", () => {
  test("one kind, one identity", () => {
    expectTypeOf(createConnectVerifier({ ...base, accept: ["request"] })).toEqualTypeOf<RequestVerifier<RequestIdentity>>();
    expectTypeOf(createConnectVerifier({ ...base, accept: ["context"] })).toEqualTypeOf<RequestVerifier<ContextIdentity>>();
    expectTypeOf(createConnectVerifier({ ...base, accept: ["session"] })).toEqualTypeOf<RequestVerifier<SessionIdentity>>();
  });

  test("two kinds, told apart by kind", () => {
    const verify = createConnectVerifier({ ...base, accept: ["request", "context"] });
    expectTypeOf(verify).toEqualTypeOf<RequestVerifier<RequestIdentity | ContextIdentity>>();
  });

  test("a list that is not known before it runs is any of them", () => {
    const accept: readonly TokenKind[] = ["request"];
    const verify = createConnectVerifier({ ...base, accept });
    expectTypeOf(verify).toEqualTypeOf<RequestVerifier<RequestIdentity | ContextIdentity | SessionIdentity>>();
  });

  test("accept is required, and knows its words", () => {
    // @ts-expect-error nothing is accepted by default
    createConnectVerifier(base);
    // @ts-expect-error no such kind
    createConnectVerifier({ ...base, accept: ["any"] });
  });

  test("claims are typed", async () => {
    const identity = await createConnectVerifier({ ...base, accept: ["request", "session"] })(new Request("https://a.example"));
    expectTypeOf(identity.claims.context?.jira?.issue?.key).toEqualTypeOf<string | undefined>();
    if (identity.kind === "session") expectTypeOf(identity.claims.aud).toEqualTypeOf<string | readonly [string]>();
    else expectTypeOf(identity.claims.qsh).toEqualTypeOf<string>();
  });
});

describe("createLifecycleVerifier", () => {
  test("the payload is that of the event", async () => {
    const verify = createLifecycleVerifier({ ...app, accept: ["installed"] });
    expectTypeOf(verify).toEqualTypeOf<RequestVerifier<LifecycleIdentity<"installed">>>();
    const { payload } = await verify(new Request("https://a.example"));
    expectTypeOf(payload).toEqualTypeOf<InstalledPayload>();
  });

  test("by default it is any event, told apart by event", async () => {
    const identity = await createLifecycleVerifier(app)(new Request("https://a.example"));
    if (identity.event === "installed") expectTypeOf(identity.payload).toEqualTypeOf<InstalledPayload>();
    else expectTypeOf(identity.payload).toEqualTypeOf<LifecyclePayload>();
  });
});

test("anyVerifier is either, told apart by kind", () => {
  const verify = anyVerifier({
    connect: createConnectVerifier({ ...base, accept: ["request"] }),
    forge: createForgeVerifier({ appId: "x" }),
  });
  expectTypeOf(verify).toEqualTypeOf<RequestVerifier<RequestIdentity | ForgeIdentity>>();
});
