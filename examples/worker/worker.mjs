// A Connect app in a Cloudflare Worker, its tenants sealed in KV.
import { env } from "cloudflare:workers";
import { withVerifier } from "jwt-qsh/adapters";
import { createConnectVerifier, createLifecycleHandler } from "jwt-qsh/connect";
import { encryptedInstallations, kvInstallations } from "jwt-qsh/stores";

const { APP_KEY: appKey, BASE_URL: baseUrl } = env;
// openssl rand -base64 32 | npx wrangler secret put INSTALLATIONS_KEY
const installations = encryptedInstallations(kvInstallations(env.INSTALLATIONS), env.INSTALLATIONS_KEY);
const verify = createConnectVerifier({ appKey, baseUrl, installations, accept: ["request"] });
const lifecycle = createLifecycleHandler({ appKey, baseUrl, installations, accept: ["installed", "uninstalled"] });

const panel = withVerifier(verify, (request, { accountId }) => {
  const { searchParams } = new URL(request.url);
  return new Response(`hello ${accountId}, this is ${searchParams.get("issue")}`);
});

const webhook = withVerifier(verify, async (request) => {
  const { issue } = await request.json();
  return new Response(`thank you for ${issue.key}`);
});

const descriptor = () =>
  Response.json({
    key: appKey,
    baseUrl,
    authentication: { type: "jwt" },
    apiMigrations: { "signed-install": true, "context-qsh": true, gdpr: true },
    lifecycle: { installed: "/installed", uninstalled: "/uninstalled" },
  });

const routes = {
  "GET /atlassian-connect.json": descriptor,
  "POST /installed": lifecycle,
  "POST /uninstalled": lifecycle,
  "GET /panel": panel,
  "POST /webhook": webhook,
};

export default {
  fetch(request) {
    const route = `${request.method} ${new URL(request.url).pathname}`;
    return Object.hasOwn(routes, route) ? routes[route](request) : new Response(null, { status: 404 });
  },
};
