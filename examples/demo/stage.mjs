// The two parties, on loopback sockets: a site that plays the products with code of its own, and an app on jwt-qsh.
import { createFakeHost } from "jwt-qsh/testing";
import { createApp } from "./app.mjs";
import { serve } from "./serve.mjs";
import { verdict } from "./terminal.mjs";

export const appKey = "com.example.demo";
export const appId = "ari:cloud:ecosystem::app/8db33809-1f36-4f5b-9c8a-0d5b8a6f1c22";

export async function setStage() {
  let host;
  let app;
  const site = await serve((origin) => {
    const endpoints = { keyServers: [`${origin}/_keys`], jwks: `${origin}/_jwks.json`, authorizationServer: `${origin}/_auth` };
    host = createFakeHost({ baseUrl: origin, endpoints });
    return host.fetch;
  });
  const server = await serve((baseUrl) => {
    const [keyServer] = host.endpoints.keyServers;
    app = createApp({ appKey, appId, baseUrl, keyServers: [keyServer], jwksUrl: host.endpoints.jwks });
    return app.fetch;
  });
  let surprises = 0;
  return {
    host,
    app,
    siteUrl: site.origin,
    appUrl: server.origin,
    /** Tells a verdict, and remembers when it is not the one that the story needs. */
    judge(who, good, expected, text) {
      verdict(who, good, text);
      if (good !== expected) surprises++;
    },
    /** Sends a request to the app, and tells what it answered and what its log says. */
    async askApp(request, expected) {
      const response = await fetch(request);
      const text = await response.text();
      const error = app.latestRefusal();
      this.judge("app says", response.ok, expected, response.ok ? `${response.status} ${text}` : String(response.status));
      if (!response.ok) verdict("app's log", response.ok, `${error.name} ${error.code}: ${error.message}`);
    },
    surprises: () => surprises,
    close() {
      site.close();
      server.close();
    },
  };
}
