// An app signs a request, and a host that shares no code with it accepts it.
import { canonicalRequest, decodeJwt } from "jwt-qsh";
import { createConnectSigner } from "jwt-qsh/connect";
import { createSignedFetch } from "jwt-qsh/fetch";
import { appKey } from "../stage.mjs";
import { fact, say, title } from "../terminal.mjs";

export async function outbound({ host, siteUrl: baseUrl, judge }, { sharedSecret }) {
  title("2. The app asks the site");
  const sign = createConnectSigner({ appKey, sharedSecret, baseUrl });
  const wire = [];
  const jira = createSignedFetch({ baseUrl, sign, fetch: (request) => (wire.push(request), fetch(request)) });
  const target = "/rest/api/3/search/jql?jql=project%20%3D%20DEMO&fields=summary&fields=assignee";
  const found = await jira(target);
  const sent = wire.at(-1);
  const token = sent.headers.get("authorization").slice("JWT ".length);
  const { header, claims } = decodeJwt(token);
  fact("request", `${sent.method} ${target}`);
  fact("canonical", canonicalRequest(sent, { baseUrl }));
  fact("qsh", claims.qsh);
  fact("header", JSON.stringify(header));
  fact("claims", JSON.stringify(claims));
  fact("site saw", host.log.at(-1).canonicalRequest);
  judge("site says", found.ok, true, `${found.status}, ${host.log.at(-1).verdict}`);

  say("It reads and creates:");
  const me = await (await jira("/rest/api/3/myself")).json();
  fact("myself", me.displayName);
  const fields = { project: { key: "DEMO" }, issuetype: { name: "Task" }, summary: "Signed, sealed, delivered" };
  const created = await jira("/rest/api/3/issue", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ fields }),
  });
  const { key } = await created.json();
  const issue = await (await jira(`/rest/api/3/issue/${key}`)).json();
  judge("site says", created.status === 201, true, `${created.status}, ${key}: ${issue.fields.summary}`);

  title("3. Somebody changes the request on its way");
  const other = target.replace("DEMO", "SECRET");
  const tampered = await fetch(baseUrl + other, { headers: { authorization: `JWT ${token}` } });
  fact("request", `GET ${other}`);
  fact("token", "the one from above");
  fact("site saw", host.log.at(-1).canonicalRequest);
  judge("site says", tampered.ok, false, `${tampered.status}, ${host.log.at(-1).verdict}`);

  say("And no token travels elsewhere:");
  fact("request", "GET https://attacker.example/rest/api/3/myself");
  try {
    await jira("https://attacker.example/rest/api/3/myself");
    judge("app says", true, false, "sent");
  } catch (error) {
    judge("app says", false, false, `${error.name} ${error.code}: ${error.message}`);
  }
}
