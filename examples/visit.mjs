// What Atlassian does to an app, played by the fake host: the same story for every example.

/**
 * Installs an app, loads its panel, sends it a webhook, tries what must not work, and takes it away again. An answer
 * that is not as it should be ends the program.
 */
export async function visit(host, app) {
  const installation = await host.installSigned(app);
  console.log("installed");

  const panel = await host.iframeRequest({ path: "/panel", params: { issue: "DEMO-1" }, user: "user-1" });
  await tell("panel", 200, await host.send(panel));
  await tell("panel of another issue", 401, await host.send(new Request(`${panel.url}&issue=DEMO-2`)));

  const event = { path: "/webhook", body: { issue: { key: "DEMO-1" } } };
  await tell("webhook", 200, await host.send(await host.webhookRequest(event)));
  await tell("webhook, expired", 401, await host.send(await host.webhookRequest({ ...event, forgery: "expired" })));

  const unsigned = await host.lifecycleRequest("installed", { forgery: "no-token" });
  await tell("unsigned install", 401, await host.send(unsigned));
  await tell("uninstalled", 204, await host.send(await host.lifecycleRequest("uninstalled", { installation })));
  await tell("panel after that", 401, await host.send(await host.iframeRequest({ path: "/panel", installation })));
}

async function tell(what, expected, response) {
  const text = await response.text();
  console.log(`${what}: ${response.status}${response.ok && text !== "" ? ` ${text}` : ""}`);
  if (response.status !== expected) throw new Error(`${what}: ${response.status} in place of ${expected}`);
}
