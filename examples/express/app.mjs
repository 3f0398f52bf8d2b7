// A Connect app in Express, version 4 or 5.
import express from "express";
import { createConnectVerifier, createLifecycleHandler } from "jwt-qsh/connect";
import { expressMiddleware, nodeHandler } from "jwt-qsh/node";

/** `publicUrl` is where Atlassian finds the app: the `baseUrl` of its descriptor. */
export function createApp({ appKey, publicUrl, installations, fetch }) {
  const verify = createConnectVerifier({ appKey, baseUrl: publicUrl, installations, accept: ["request"] });
  const connect = expressMiddleware(verify, { publicUrl });
  const lifecycle = createLifecycleHandler({
    appKey,
    baseUrl: publicUrl,
    installations,
    accept: ["installed", "uninstalled"],
    fetch,
  });

  const app = express();
  app.get("/atlassian-connect.json", (_request, response) => {
    response.json({
      key: appKey,
      baseUrl: publicUrl,
      authentication: { type: "jwt" },
      apiMigrations: { "signed-install": true, "context-qsh": true, gdpr: true },
      lifecycle: { installed: "/installed", uninstalled: "/uninstalled" },
    });
  });
  // Before any body parser: the handler reads the body itself.
  app.post(["/installed", "/uninstalled"], nodeHandler(lifecycle, { publicUrl }));
  app.get("/panel", connect, (request, response) => {
    response.send(`hello ${connect.identity(request).accountId}, this is ${request.query.issue}`);
  });
  app.post("/webhook", connect, express.json(), (request, response) => {
    response.send(`thank you for ${request.body.issue.key}`);
  });
  return app;
}
