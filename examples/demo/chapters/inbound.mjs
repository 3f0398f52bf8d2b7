// The site installs the app, and calls it in every way that products do.
import { appId, appKey } from "../stage.mjs";
import { fact, say, title } from "../terminal.mjs";

export async function install({ host, app, appUrl, judge }) {
  title("1. The site installs the app");
  const installation = await host.installSigned({ appKey, baseUrl: appUrl, fetch });
  fact("request", "POST /installed, signed with RS256");
  const [keyServer] = host.endpoints.keyServers;
  fact("key", `by its kid from ${keyServer}: ${host.count(keyServer)} fetch`);
  const stored = await app.installations.find(installation.clientKey);
  judge("app says", stored?.sharedSecret === installation.sharedSecret, true, `204, tenant ${installation.clientKey} stored`);
  return installation;
}

export async function inbound(stage) {
  const { host, appUrl } = stage;
  title("4. The site calls the app");
  const user = host.users[0].accountId;

  const iframe = await host.iframeRequest({ path: "/panel/a%20b", params: { issue: "DEMO-1" }, user });
  fact("iframe", "GET /panel/a%20b?issue=DEMO-1&...&jwt=...   (products sign the decoded path)");
  await stage.askApp(iframe, true);

  fact("webhook", "POST /hooks/created");
  await stage.askApp(await host.webhookRequest({ path: "/hooks/created", body: { webhookEvent: "jira:issue_created" } }), true);

  fact("page", "GET /api/tasks, with the context token of the iframe");
  const contextToken = await host.contextToken({ user });
  await stage.askApp(new Request(`${appUrl}/api/tasks`, { headers: { authorization: `JWT ${contextToken}` } }), true);

  fact("Forge", "POST /remote, with an invocation token");
  await stage.askApp(await host.forgeRequest({ appId, url: `${appUrl}/remote`, user }), true);
}

export async function attacks(stage) {
  const { host, app, appUrl } = stage;
  title("5. The classic attacks");
  const iframe = (forgery) => host.iframeRequest({ path: "/panel/a%20b", params: { issue: "DEMO-1" }, forgery });

  say("An install that nobody signed, to replace the shared secret:");
  await stage.askApp(await host.lifecycleRequest("installed", { forgery: "no-token" }), false);
  say("An install signed with the tenant's own secret:");
  await stage.askApp(await host.lifecycleRequest("installed", { forgery: "hmac-with-secret" }), false);
  say("Algorithm confusion, the public key as an HMAC secret:");
  await stage.askApp(await host.lifecycleRequest("installed", { forgery: "pem-as-secret" }), false);
  say("A context token on a route that wants a token for this request (CVE-2021-26073):");
  const contextToken = await host.contextToken();
  await stage.askApp(new Request(`${appUrl}/panel/a`, { headers: { authorization: `JWT ${contextToken}` } }), false);
  say("A query that was tampered with:");
  const other = new Request((await iframe()).url.replace("DEMO-1", "SECRET-1"));
  await stage.askApp(other, false);
  const explanation = await app.latestRefusal().explain();
  fact("and why", explanation?.causes?.[0]?.message ?? "no known mistake makes this hash: the request was changed");
  say("A token without a signature:");
  await stage.askApp(await iframe("alg-none"), false);
}
