// npm run demo: the main job, end to end, over real sockets.
//
// Two parties share nothing but a secret: an app that uses jwt-qsh, and a site that plays Jira with code of its own.
import { canonicalRequest, decodeJwt } from "jwt-qsh";
import { createConnectSigner } from "jwt-qsh/connect";
import { createSignedFetch } from "jwt-qsh/fetch";
import { createFakeHost } from "jwt-qsh/testing";
import { createApp } from "./app.mjs";
import { serve } from "./serve.mjs";
import { bold, fact, say, title, verdict } from "./terminal.mjs";

const appKey = "com.example.demo";
let surprises = 0;

/** Tells a verdict, and remembers when it is not the one that the story needs. */
function judge(who, good, expected, text) {
  verdict(who, good, text);
  if (good !== expected) surprises++;
}

let host;
const site = await serve((origin) => {
  host = createFakeHost({ baseUrl: origin });
  return host.fetch;
});
let app;
const appServer = await serve((origin) => {
  app = createApp({ appKey, baseUrl: origin });
  return app.fetch;
});
const installation = host.install({ appKey, baseUrl: appServer.origin, fetch });
app.install(installation);

console.log(bold("\njwt-qsh: an app and a site that share a secret, and not a line of code"));
fact("site", site.origin);
fact("app", appServer.origin);

title("1. The app asks the site");
const baseUrl = site.origin;
const sign = createConnectSigner({ appKey, sharedSecret: installation.sharedSecret, baseUrl });
const wire = [];
const jira = createSignedFetch({ baseUrl, sign, fetch: (request) => (wire.push(request), fetch(request)) });
const target = "/rest/api/3/search/jql?jql=project%20%3D%20DEMO&fields=summary&fields=assignee";
const found = await jira(target);
const sent = wire.at(-1);
const token = sent.headers.get("authorization").slice("JWT ".length);
fact("request", `${sent.method} ${target}`);
fact("canonical", canonicalRequest(sent, { baseUrl }));
fact("qsh", decodeJwt(token).claims.qsh);
fact("header", JSON.stringify(decodeJwt(token).header));
fact("claims", JSON.stringify(decodeJwt(token).claims));
fact("site saw", host.log.at(-1).canonicalRequest);
judge("site says", found.status === 200, true, `${found.status}, ${host.log.at(-1).verdict}`);

say("It reads, creates and reads again:");
const me = await (await jira("/rest/api/3/myself")).json();
fact("myself", `${me.displayName} (${me.accountId})`);
const created = await jira("/rest/api/3/issue", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ fields: { project: { key: "DEMO" }, issuetype: { name: "Task" }, summary: "Signed, sealed, delivered" } }),
});
const { key } = await created.json();
const issue = await (await jira(`/rest/api/3/issue/${key}`)).json();
judge("site says", created.status === 201, true, `${created.status}, ${key}: ${issue.fields?.summary}`);

title("2. Somebody changes the request on its way");
const tampered = await fetch(`${site.origin}${target.replace("DEMO", "SECRET")}`, {
  headers: { authorization: `JWT ${token}` },
});
fact("request", `GET ${target.replace("DEMO", "SECRET")}`);
fact("token", "the one from above");
fact("site saw", host.log.at(-1).canonicalRequest);
judge("site says", tampered.ok, false, `${tampered.status}, ${host.log.at(-1).verdict}`);

try {
  await jira("https://attacker.example/rest/api/3/myself");
  judge("app says", true, false, "sent");
} catch (error) {
  fact("request", "GET https://attacker.example/rest/api/3/myself");
  judge("app says", false, false, `${error.name} ${error.code}: ${error.message}`);
}

title("3. The site calls the app");
const iframe = await host.iframeRequest({ path: "/panel/a%20b", params: { issue: key } });
const loaded = await fetch(iframe);
fact("request", `GET ${new URL(iframe.url).pathname}?issue=${key}&...&jwt=...`);
judge("app says", loaded.status === 200, true, `${loaded.status}, ${await loaded.text()}`);

const hook = await host.webhookRequest({ path: "/hooks/created", body: { webhookEvent: "jira:issue_created", issue: { key } } });
const hooked = await fetch(hook);
fact("request", "POST /hooks/created");
judge("app says", hooked.status === 200, true, `${hooked.status}, ${await hooked.text()}`);

title("4. Somebody changes that one, too");
const other = await host.iframeRequest({ path: "/panel/a%20b", params: { issue: key } });
const forged = await fetch(other.url.replace(`issue=${key}`, "issue=SECRET-1"));
fact("request", "GET /panel/a%20b?issue=SECRET-1&...&jwt=...");
judge("app says", forged.ok, false, `${forged.status}, ${await forged.text()}`);

site.close();
appServer.close();
console.log(
  surprises === 0 ? bold("\nEvery verdict is the right one.\n") : bold(`\n${surprises} verdicts are not the right ones.\n`),
);
process.exitCode = surprises === 0 ? 0 : 1;
