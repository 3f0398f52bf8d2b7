/** The Forge platform calls a remote, alone and beside a Connect site. */
import { anyVerifier, toResponse, withVerifier } from "../../../dist/adapters.js";
import { createConnectVerifier } from "../../../dist/connect.js";
import { createForgeVerifier } from "../../../dist/forge.js";
import { createFakeHost } from "../../../dist/testing.js";
import { APP, HOST_NEEDS } from "./connect.mjs";
import { equal, outcome, refused } from "./verdict.mjs";

const appId = "ari:cloud:ecosystem::app/8ed7a3a7-0000-4000-8000-000000000001";
const url = "https://app.example.com/connect/api";

export function forgeCases(_vectors, { add }) {
  // One for all: a host makes an RSA key pair before its first word.
  let shared;
  const hostOf = () => (shared ??= createFakeHost());
  const on = (name, run) => add(name, () => run(hostOf()), ...HOST_NEEDS);
  on("an invocation token, by the platform's key set", async (host) => {
    const verify = createForgeVerifier({ appId, fetch: host.fetch });
    const request = await host.forgeRequest({ appId, url, user: "557058:u", userToken: "opaque" });
    const { kind, app, principal, userToken } = await verify(request);
    equal([kind, app.id, principal], ["forge", appId, "557058:u"], "the identity");
    equal(JSON.stringify({ userToken }).includes("opaque"), false, "the token is not shown");
    const fetches = host.count(host.endpoints.jwks);
    await verify(await host.forgeRequest({ appId, url }));
    equal(host.count(host.endpoints.jwks), fetches, "fetches after the second call");
    const other = "ari:cloud:ecosystem::app/8ed7a3a7-0000-4000-8000-000000000002";
    await refused(async () => verify(await host.forgeRequest({ appId: other, url })), "ERR_CLAIM_MISMATCH", "other app");
  });
  on("every forgery of an invocation is refused", async (host) => {
    const verify = createForgeVerifier({ appId, fetch: host.fetch });
    for (const [forgery, code] of [
      ["expired", "ERR_TOKEN_EXPIRED"],
      ["wrong-key", "ERR_TOKEN_SIGNATURE"],
      ["tampered", "ERR_TOKEN_SIGNATURE"],
      ["alg-none", "ERR_TOKEN_ALGORITHM"],
      ["pem-as-secret", "ERR_TOKEN_ALGORITHM"],
      ["wrong-issuer", "ERR_CLAIM_MISMATCH"],
      ["wrong-audience", "ERR_CLAIM_MISMATCH"],
      ["unknown-kid", "ERR_KEY_NOT_FOUND"],
      ["no-token", "ERR_TOKEN_MISSING"],
    ]) {
      await refused(async () => verify(await host.forgeRequest({ appId, url, forgery })), code, forgery);
    }
  });
  on("a key set that is not there, and one that redirects", async (host) => {
    for (const fault of [{ kind: "network" }, { kind: "redirect", location: "https://evil.example/" }]) {
      host.misbehave(host.endpoints.jwks, fault, { times: 1 });
      const verify = createForgeVerifier({ appId, fetch: host.fetch });
      equal(await outcome(async () => verify(await host.forgeRequest({ appId, url }))), "ERR_KEY_FETCH", fault.kind);
      equal(host.count("https://evil.example/"), 0, "requests elsewhere");
    }
  });
  on("one verifier for an app that moves", async (host) => {
    const tenant = host.install(APP);
    const installations = (clientKey) => (clientKey === tenant.clientKey ? tenant : undefined);
    const verify = anyVerifier({
      connect: createConnectVerifier({ ...APP, installations, accept: ["request"] }),
      forge: createForgeVerifier({ appId, fetch: host.fetch }),
    });
    const call = await host.iframeRequest({ path: "/api" });
    const invocation = await host.forgeRequest({ appId, url });
    equal([(await verify(call)).kind, (await verify(invocation)).kind], ["request", "forge"], "the kinds");
    const headers = { authorization: invocation.headers.get("authorization") };
    equal(await outcome(() => verify(new Request(call.url, { headers }))), "ERR_TOKEN_AMBIGUOUS", "both at once");

    const handle = withVerifier(verify, async (_request, { kind }) => new Response(kind));
    equal(await (await handle(await host.iframeRequest({ path: "/api" }))).text(), "request", "behind the gate");
    equal((await handle(new Request(url))).status, 401, "without a token");
    const error = await refused(() => verify(new Request(url)), "ERR_TOKEN_MISSING", "without a token");
    equal(toResponse(error).status, 401, "the answer");
  });
}
