// The product, in place of Jira: a page with the app's iframe in it, and the script that answers the app's questions.

/** A handler that takes a `Request`. `host` signs, `appOrigin` is whom the answers are for. */
export function createProduct(host, appOrigin) {
  const context = { jira: { issue: { id: "10001", key: "DEMO-1" } } };
  const routes = {
    "/": async () => {
      const { url } = await host.iframeRequest({ path: "/page", user: "user-1", context });
      return new Response(product(url, appOrigin), { headers: { "content-type": "text/html; charset=utf-8" } });
    },
    "/token": async () => new Response(await host.contextToken({ user: "user-1", context })),
    "/all.js": () => new Response(ALL_JS, { headers: { "content-type": "text/javascript; charset=utf-8" } }),
  };
  return (request) => {
    const { pathname } = new URL(request.url);
    return Object.hasOwn(routes, pathname) ? routes[pathname]() : new Response(null, { status: 404 });
  };
}

const product = (frame, appOrigin) => `<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>An issue</title>
<h1>DEMO-1</h1>
<iframe src="${frame.replaceAll("&", "&amp;")}" width="700" height="200"></iframe>
<script>
  addEventListener("message", async ({ data, origin, source }) => {
    if (origin !== ${JSON.stringify(appOrigin)} || data.question !== "token") return;
    source.postMessage({ id: data.id, token: await (await fetch("/token")).text() }, origin);
  });
</script>
`;

/** As much of the real all.js as the app needs: a question goes to the page around, the answer comes as a message. */
const ALL_JS = `
const waiting = new Map();
let count = 0;
addEventListener("message", ({ data }) => {
  waiting.get(data.id)?.(data.token);
  waiting.delete(data.id);
});
globalThis.AP = {
  context: {
    getToken(callback) {
      waiting.set(++count, callback);
      parent.postMessage({ question: "token", id: count }, "*");
    },
  },
};
`;
