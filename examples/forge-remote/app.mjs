// A remote of a Forge app: it learns from the invocation token who calls, and calls the product back as the app.
import { toResponse } from "jwt-qsh/adapters";
import { createSignedFetch } from "jwt-qsh/fetch";
import { createForgeVerifier } from "jwt-qsh/forge";

/** A handler for `Deno.serve`, `Bun.serve`, a Worker, or `nodeHandler`. `appId` is `app.id` of manifest.yml. */
export function createHandler({ appId, fetch, now }) {
  // Once, not per request: it keeps the platform's keys.
  const verify = createForgeVerifier({ appId, fetch, now });

  const routes = {
    /** A panel asks through `invokeRemote`: there is a user and a context. */
    "POST /summary": async ({ app, principal, systemToken }, body) => {
      const { key, fields } = await readIssue(productOf(app, systemToken, fetch), body.issue);
      return Response.json({ text: `${key}: ${fields.summary}`, askedBy: principal });
    },
    /** A scheduled trigger: the platform calls on its own, so there is no user. */
    "POST /nightly": async ({ app, systemToken }) => {
      const { key } = await readIssue(productOf(app, systemToken, fetch), "DEMO-1");
      return Response.json({ text: `looked at ${key}` });
    },
  };

  return async (request) => {
    const route = `${request.method} ${new URL(request.url).pathname}`;
    if (!Object.hasOwn(routes, route)) return new Response(null, { status: 404 });
    try {
      const identity = await verify(request);
      return await routes[route](identity, await request.json());
    } catch (error) {
      return toResponse(error);
    }
  };
}

/** The product, as the app: locked to this installation's API. The token goes with the request, and is never kept. */
function productOf(app, systemToken, fetch) {
  if (systemToken === undefined) throw new Error("manifest.yml must enable appSystemToken for this endpoint");
  const sign = async (request) => {
    const signed = new Request(request);
    signed.headers.set("authorization", `Bearer ${systemToken.reveal()}`);
    return signed;
  };
  return createSignedFetch({ baseUrl: app.apiBaseUrl, sign, fetch });
}

async function readIssue(product, key) {
  const response = await product(`/rest/api/3/issue/${encodeURIComponent(key)}?fields=summary`);
  if (!response.ok) throw new Error(`the product answered ${response.status}`);
  return response.json();
}
