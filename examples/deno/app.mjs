// A Connect app in Deno, its tenants in Deno KV.
import { withVerifier } from "jwt-qsh/adapters";
import { createConnectVerifier, createLifecycleHandler } from "jwt-qsh/connect";
import { denoKvInstallations } from "jwt-qsh/stores";

/** `baseUrl` is where Atlassian finds the app, as its descriptor says. */
export function createHandler({ appKey, baseUrl, kv, fetch }) {
  const installations = denoKvInstallations(kv);
  const verify = createConnectVerifier({ appKey, baseUrl, installations, accept: ["request"] });
  const lifecycle = createLifecycleHandler({
    appKey,
    baseUrl,
    installations,
    accept: ["installed", "uninstalled"],
    fetch,
  });

  const routes = {
    "GET /atlassian-connect.json": () =>
      Response.json({
        key: appKey,
        baseUrl,
        authentication: { type: "jwt" },
        apiMigrations: { "signed-install": true, "context-qsh": true, gdpr: true },
        lifecycle: { installed: "/installed", uninstalled: "/uninstalled" },
      }),
    "POST /installed": lifecycle,
    "POST /uninstalled": lifecycle,
    "GET /panel": withVerifier(verify, (request, { accountId }) => {
      const { searchParams } = new URL(request.url);
      return new Response(`hello ${accountId}, this is ${searchParams.get("issue")}`);
    }),
    "POST /webhook": withVerifier(verify, async (request) => {
      const { issue } = await request.json();
      return new Response(`thank you for ${issue.key}`);
    }),
  };

  return (request) => {
    const route = `${request.method} ${new URL(request.url).pathname}`;
    return Object.hasOwn(routes, route) ? routes[route](request) : new Response(null, { status: 404 });
  };
}
