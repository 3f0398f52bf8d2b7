// The app: it knows its tenants, and answers only whom it can prove.
import { anyVerifier, toResponse } from "jwt-qsh/adapters";
import { createConnectVerifier, createLifecycleHandler, memoryInstallations } from "jwt-qsh/connect";
import { createForgeVerifier } from "jwt-qsh/forge";

export function createApp({ appKey, appId, baseUrl, keyServers, jwksUrl }) {
  const installations = memoryInstallations();
  const refused = [];
  const onError = (error) => refused.push(error);

  const lifecycle = createLifecycleHandler({ appKey, baseUrl, installations, keyServers, onError });
  const bound = createConnectVerifier({ appKey, baseUrl, installations, accept: ["request"] });
  const context = createConnectVerifier({ appKey, baseUrl, installations, accept: ["context"] });
  const either = anyVerifier({ connect: bound, forge: createForgeVerifier({ appId, jwksUrl }) });

  const routes = [
    [/^\/(?:un)?installed$/, lifecycle],
    [/^\/panel\//, page(bound)],
    [/^\/hooks\//, page(bound)],
    [/^\/api\//, page(context)],
    [/^\/remote$/, page(either)],
  ];

  function page(verify) {
    return async (request) => {
      try {
        const identity = await verify(request);
        const who = identity.accountId ?? identity.context?.accountId ?? "nobody";
        return new Response(`hello ${who}, proven by a ${identity.kind} token`);
      } catch (error) {
        // What the log may know, the answer does not say.
        onError(error);
        return toResponse(error);
      }
    };
  }

  return {
    installations,
    /** Why the latest request was refused, as the app's own log has it. */
    latestRefusal: () => refused.at(-1),
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const route = routes.find(([pattern]) => pattern.test(pathname));
      return route === undefined ? new Response("not found", { status: 404 }) : route[1](request);
    },
  };
}
