/** An app and its site, in both directions; the fake host shares no code with the library. */
import {
  createConnectSigner,
  createConnectVerifier,
  createLifecycleHandler,
  createLifecycleVerifier,
  memoryInstallations,
  memoryReplayGuard,
  signSessionToken,
  signUrl,
} from "../../../dist/connect.js";
import { createSignedFetch } from "../../../dist/fetch.js";
import { encryptedInstallations } from "../../../dist/stores.js";
import { syncEngine } from "../../../dist/sync.js";
import { createFakeHost } from "../../../dist/testing.js";
import { equal, outcome, refused, settled, truth } from "./verdict.mjs";

/** What the fake host needs: it is a witness with cryptography of its own. */
export const HOST_NEEDS = ["crypto.subtle", "Request", "URL", "AbortController", "setTimeout", "ReadableStream"];

export const APP = { appKey: "com.example.app", baseUrl: "https://app.example.com/connect" };
const BASE = "https://example.atlassian.net";
const ENGINES = [
  ["the default engine", {}],
  ["the sync engine", { engine: syncEngine }],
];

/** A site where the app is installed, and the app's memory of it. */
function start(host = createFakeHost({ baseUrl: BASE })) {
  const tenant = host.install(APP);
  const find = (clientKey) => (clientKey === tenant.clientKey ? tenant : undefined);
  return { host, tenant, find, user: host.users[0].accountId };
}

const lastVerdict = ({ log }) => log[log.length - 1]?.verdict;

export function connectCases(_vectors, { add }) {
  const on = (name, run) => add(name, run, ...HOST_NEEDS);
  for (const [name, engine] of ENGINES) {
    on(`the app calls the site, by ${name}`, async () => {
      const { host, tenant } = start();
      const sign = createConnectSigner({ ...APP, sharedSecret: tenant.sharedSecret, baseUrl: BASE, ...engine });
      const jira = createSignedFetch({ baseUrl: BASE, sign, fetch: host.fetch });
      for (const [target, init] of [
        ["/rest/api/3/search/jql?jql=project%20%3D%20DEMO&fields=summary&fields=assignee", {}],
        ["/rest/api/3/myself?b=%C3%BC+%26&a=%7E*!'()", {}],
        ["/rest/api/3/search/jql", { method: "POST", body: new URLSearchParams({ jql: "project = DEMO", x: "ü" }) }],
      ]) {
        await jira(target, init);
        equal(lastVerdict(host), "accepted", `the host's verdict on ${target}`);
      }
    });
    on(`the site calls the app, verified by ${name}`, async () => {
      const { host, tenant, find, user } = start();
      const verify = createConnectVerifier({ ...APP, installations: find, accept: ["request"], ...engine });
      const request = await host.iframeRequest({ path: "/page%20one?a=1", user });
      const { kind, clientKey, accountId } = await verify(request);
      equal([kind, clientKey, accountId], ["request", tenant.clientKey, user], "the identity");
      const tampered = new Request(request.url.replace("a=1", "a=2"), request);
      const error = await refused(() => verify(tampered), "ERR_QSH_MISMATCH", "a tampered request");
      truth((await error.explain()) !== undefined, "the explanation");
    });
    on(`each kind of token where it is accepted, by ${name}`, async () => {
      const { host, tenant, find, user } = start();
      const tokens = { context: await host.contextToken({ user }), session: await host.sessionToken({ user }) };
      for (const kind of ["context", "session"]) {
        for (const accept of ["request", "context", "session"]) {
          const verify = createConnectVerifier({ ...APP, installations: find, accept: [accept], ...engine });
          const request = new Request(`${APP.baseUrl}/api`, { headers: { authorization: `JWT ${tokens[kind]}` } });
          const { value, error } = await settled(() => verify(request));
          if (kind === accept) equal([value?.kind, value?.clientKey], [kind, tenant.clientKey], `${kind} identity`);
          else truth(error !== undefined, `a ${kind} token is refused where ${accept} is accepted`);
        }
      }
    });
  }
  on("a session token of our own, and one that is used twice", async () => {
    const { tenant, find } = start();
    const { clientKey } = tenant;
    const token = await signSessionToken({ appKey: APP.appKey, installation: tenant, accountId: "u" });
    const replayGuard = memoryReplayGuard();
    const verify = createConnectVerifier({ ...APP, installations: find, accept: ["session"], replayGuard });
    const request = () => new Request(`${APP.baseUrl}/api`, { headers: { authorization: `JWT ${token}` } });
    equal((await verify(request())).clientKey, clientKey, "the identity");
    equal(await outcome(() => verify(request())), "ERR_TOKEN_REPLAYED", "the second time");
  });
  on("a signed URL", async () => {
    const { host, tenant } = start();
    const link = await signUrl(`${BASE}/rest/api/3/myself?a=1`, {
      ...APP,
      sharedSecret: tenant.sharedSecret,
      baseUrl: BASE,
    });
    equal((await host.fetch(new Request(link))).status, 200, "the host's answer");
  });
  on("every forgery of a call is refused", async () => {
    const { host, find } = start();
    const verify = createConnectVerifier({ ...APP, installations: find, accept: ["request"] });
    for (const [forgery, code] of [
      ["expired", "ERR_TOKEN_EXPIRED"],
      ["not-yet-valid", "ERR_TOKEN_NOT_YET_VALID"],
      ["no-qsh", "ERR_QSH_MISSING"],
      ["wrong-qsh", "ERR_QSH_MISMATCH"],
      ["context-qsh", "ERR_TOKEN_KIND"],
      ["wrong-issuer", "ERR_INSTALLATION_UNKNOWN"],
      ["alg-none", "ERR_TOKEN_ALGORITHM"],
      ["wrong-alg", "ERR_TOKEN_ALGORITHM"],
      ["wrong-key", "ERR_TOKEN_SIGNATURE"],
      ["tampered", "ERR_TOKEN_SIGNATURE"],
      ["crit", "ERR_TOKEN_HEADER"],
    ]) {
      await refused(async () => verify(await host.iframeRequest({ path: "/p", forgery })), code, forgery);
    }
  });
  lifecycleCases(on);
}

function lifecycleCases(on) {
  // One for both: a host makes an RSA key pair before its first signed install.
  let shared;
  const hostOf = () => (shared ??= createFakeHost({ baseUrl: BASE }));
  on("a signed install is verified with the key of its kid", async () => {
    const { host, tenant } = start(hostOf());
    const verify = createLifecycleVerifier({ ...APP, fetch: host.fetch });
    const { kind, event, clientKey, payload } = await verify(await host.lifecycleRequest("installed"));
    equal([kind, event, clientKey], ["lifecycle", "installed", tenant.clientKey], "the identity");
    equal(payload.sharedSecret, tenant.sharedSecret, "the secret");
    await host.rotateInstallKey();
    equal(await outcome(async () => verify(await host.lifecycleRequest("installed"))), "ok", "after a rotation");
    for (const [forgery, code] of [
      ["tampered", "ERR_TOKEN_SIGNATURE"],
      ["pem-as-secret", "ERR_TOKEN_ALGORITHM"],
      ["hmac-with-secret", "ERR_TOKEN_ALGORITHM"],
      ["path-kid", "ERR_KEY_ID"],
      ["unknown-kid", "ERR_KEY_NOT_FOUND"],
      ["wrong-audience", "ERR_CLAIM_MISMATCH"],
      ["no-token", "ERR_TOKEN_MISSING"],
    ]) {
      await refused(async () => verify(await host.lifecycleRequest("installed", { forgery })), code, forgery);
    }
  });
  on("an app's whole life: installed, disabled, enabled, installed again, uninstalled", async () => {
    const host = hostOf();
    // Sealed in the store, which is opened again for each call.
    const installations = encryptedInstallations(memoryInstallations(), "an encryption key of at least 32 bytes");
    const faults = [];
    const onError = (error) => void faults.push(error.code ?? String(error));
    const handle = createLifecycleHandler({ ...APP, installations, fetch: host.fetch, onError });
    const tenant = await host.installSigned({ ...APP, fetch: handle });
    const tell = async (event, installation = tenant) =>
      (await handle(await host.lifecycleRequest(event, { installation }))).status;
    const verify = createConnectVerifier({ ...APP, installations, accept: ["request"] });
    const call = (installation) => outcome(async () => verify(await host.iframeRequest({ path: "/p", installation })));
    equal(await call(tenant), "ok", "after the install");
    equal([await tell("disabled"), await call(tenant)], [204, "ERR_INSTALLATION_UNKNOWN"], "while disabled");
    equal([await tell("enabled"), await call(tenant)], [204, "ok"], "enabled again");
    const again = await host.installSigned({ ...APP, fetch: handle });
    equal([await call(again), await call(tenant)], ["ok", "ok"], "the new secret, and the former one for a while");
    equal(await tell("uninstalled", host.uninstall(again)), 204, "uninstalled");
    equal(await installations.find(again.clientKey), undefined, "what is kept");
    equal(faults, [], "what failed");
  });
}
