import { appKey, baseUrl } from "../../../lib/connect";

export function GET(): Response {
  return Response.json({
    key: appKey,
    baseUrl,
    authentication: { type: "jwt" },
    apiMigrations: { "signed-install": true, "context-qsh": true, gdpr: true },
    lifecycle: { installed: "/installed", uninstalled: "/uninstalled" },
  });
}
