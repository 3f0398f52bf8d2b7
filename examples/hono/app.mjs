// A Connect app in Hono, which runs wherever Hono does.
import { Hono } from "hono";
import { createConnectVerifier, createLifecycleHandler } from "jwt-qsh/connect";
import { honoMiddleware } from "jwt-qsh/hono";

/** `baseUrl` is where Atlassian finds the app, as its descriptor says. */
export function createApp({ appKey, baseUrl, installations, fetch }) {
  const connect = honoMiddleware(createConnectVerifier({ appKey, baseUrl, installations, accept: ["request"] }));
  const lifecycle = createLifecycleHandler({
    appKey,
    baseUrl,
    installations,
    accept: ["installed", "uninstalled"],
    fetch,
  });

  const app = new Hono();
  app.get("/atlassian-connect.json", (c) =>
    c.json({
      key: appKey,
      baseUrl,
      authentication: { type: "jwt" },
      apiMigrations: { "signed-install": true, "context-qsh": true, gdpr: true },
      lifecycle: { installed: "/installed", uninstalled: "/uninstalled" },
    }),
  );
  app.on("POST", ["/installed", "/uninstalled"], (c) => lifecycle(c.req.raw));
  app.get("/panel", connect, (c) => c.text(`hello ${c.get("identity").accountId}, this is ${c.req.query("issue")}`));
  app.post("/webhook", connect, async (c) => c.text(`thank you for ${(await c.req.json()).issue.key}`));
  return app;
}
