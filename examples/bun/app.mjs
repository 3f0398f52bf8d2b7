// A Connect app in Bun, its tenants in SQLite.
import { withVerifier } from "jwt-qsh/adapters";
import { createConnectVerifier, createLifecycleHandler } from "jwt-qsh/connect";
import { sqlInstallations, sqlInstallationsSchema } from "jwt-qsh/stores";

/** Routes for `Bun.serve`. `baseUrl` is where Atlassian finds the app, as its descriptor says. */
export function createRoutes({ appKey, baseUrl, database, fetch }) {
  database.exec(sqlInstallationsSchema());
  const installations = sqlInstallations(database);
  const verify = createConnectVerifier({ appKey, baseUrl, installations, accept: ["request"] });
  const lifecycle = createLifecycleHandler({
    appKey,
    baseUrl,
    installations,
    accept: ["installed", "uninstalled"],
    fetch,
  });

  return {
    "/atlassian-connect.json": () =>
      Response.json({
        key: appKey,
        baseUrl,
        authentication: { type: "jwt" },
        apiMigrations: { "signed-install": true, "context-qsh": true, gdpr: true },
        lifecycle: { installed: "/installed", uninstalled: "/uninstalled" },
      }),
    "/installed": { POST: (request) => lifecycle(request) },
    "/uninstalled": { POST: (request) => lifecycle(request) },
    "/panel": {
      GET: withVerifier(verify, (request, { accountId }) => {
        const { searchParams } = new URL(request.url);
        return new Response(`hello ${accountId}, this is ${searchParams.get("issue")}`);
      }),
    },
    "/webhook": {
      POST: withVerifier(verify, async (request) => {
        const { issue } = await request.json();
        return new Response(`thank you for ${issue.key}`);
      }),
    },
  };
}
