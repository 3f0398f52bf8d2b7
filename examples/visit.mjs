// What Atlassian does to an app, played by the fake host: the same story for every example.

/** Installs an app, loads its panel, sends it a webhook, tries what must not work, and takes it away again. */
export async function visit(host, app) {
  const installation = await host.installSigned(app);
  console.log("installed");

  const panel = await host.iframeRequest({ path: "/panel", params: { issue: "DEMO-1" }, user: "user-1" });
  await tell("panel", await host.send(panel));
  await tell("panel of another issue", await host.send(new Request(`${panel.url}&issue=DEMO-2`)));

  const event = { path: "/webhook", body: { issue: { key: "DEMO-1" } } };
  await tell("webhook", await host.send(await host.webhookRequest(event)));
  await tell("webhook, expired", await host.send(await host.webhookRequest({ ...event, forgery: "expired" })));

  await tell("unsigned install", await host.send(await host.lifecycleRequest("installed", { forgery: "no-token" })));
  await tell("uninstalled", await host.send(await host.lifecycleRequest("uninstalled", { installation })));
  await tell("panel after that", await host.send(await host.iframeRequest({ path: "/panel", installation })));
}

async function tell(what, response) {
  const text = await response.text();
  console.log(`${what}: ${response.status}${response.ok && text !== "" ? ` ${text}` : ""}`);
}
