// The app: a page in an iframe of a product, and the server that the page asks.
import { withVerifier } from "jwt-qsh/adapters";
import { createConnectVerifier, createLifecycleHandler, signSessionToken } from "jwt-qsh/connect";

/** A handler that takes a `Request`. `allJs` is where the product's own script is, `script` the text of page.mjs. */
export function createHandler({ appKey, baseUrl, installations, fetch, allJs, script }) {
  const options = { appKey, baseUrl, installations };
  const loads = createConnectVerifier({ ...options, accept: ["request"] });
  const pages = createConnectVerifier({ ...options, accept: ["context"] });
  const saves = createConnectVerifier({ ...options, accept: ["session"] });
  const lifecycle = createLifecycleHandler({ ...options, accept: ["installed", "uninstalled"], fetch });
  const notes = new Map();

  const routes = {
    "POST /installed": lifecycle,
    "POST /uninstalled": lifecycle,
    "GET /page.js": () => new Response(script, { headers: { "content-type": "text/javascript; charset=utf-8" } }),

    // The product loads the page: the token in the URL is for this very request. The page gets one of the app's own.
    "GET /page": withVerifier(loads, async (_request, { installation, accountId }) => {
      const session = await signSessionToken({ appKey, installation, accountId, lifetime: 3600 });
      return new Response(page(allJs, session), { headers: { "content-type": "text/html; charset=utf-8" } });
    }),

    // The page asks with the product's word for who is looking at it, fresh from AP.context.getToken().
    "GET /api/me": withVerifier(pages, (_request, { accountId, claims }) =>
      Response.json({ accountId, issue: claims.context?.jira?.issue?.key }),
    ),

    // The page saves with the app's own token, which product tokens cannot stand in for.
    "PUT /api/note": withVerifier(saves, async (request, { clientKey, accountId }) => {
      notes.set(`${clientKey} ${accountId}`, await request.text());
      return Response.json({ notes: notes.size });
    }),
  };

  return (request) => {
    const route = `${request.method} ${new URL(request.url).pathname}`;
    return Object.hasOwn(routes, route) ? routes[route](request) : new Response(null, { status: 404 });
  };
}

const page = (allJs, session) => `<!doctype html>
<meta charset="utf-8">
<meta name="session-token" content="${session}">
<title>A page of the app</title>
<script src="${allJs}"></script>
<pre id="out">...</pre>
<script type="module" src="/page.js"></script>
`;
