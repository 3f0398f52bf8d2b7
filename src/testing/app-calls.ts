import type { JsonObject, JsonValue, WebRequest, WebResponse } from "../types.ts";
import { canonicalize, hashCanonical, targetOf } from "./canonical.ts";
import { contextClaim, type ConnectTokenOptions } from "./connect-tokens.ts";
import { percentEncode } from "./encoding.ts";
import { mint } from "./forgery.ts";
import { appRoot, type FakeInstallation, type Registry } from "./registry.ts";

/** What every call to the app can say about its token. */
export type AppCallOptions = ConnectTokenOptions;

/** Query parameters, in order. */
export type QueryParameters = Readonly<Record<string, string>> | readonly (readonly [name: string, value: string])[];

/** A page of the app in an iframe. */
export interface IframeOptions extends AppCallOptions {
  /** The page's path below the app's base URL, still encoded; it may have a query of its own. `"/"` if absent. */
  readonly path?: string;
  readonly params?: QueryParameters;
}

/** An event that the product tells the app about. */
export interface WebhookOptions extends AppCallOptions {
  readonly path: string;
  /** JSON, or text that is sent as it is. */
  readonly body: JsonValue;
  readonly query?: QueryParameters;
}

/** The calls that a product makes to an app. */
export interface AppCalls {
  /** Builds the page load of an iframe: a GET with `?jwt=` beside the usual `xdm_e`, `xdm_c`, `cp`, `lic`, `cv`. */
  iframeRequest(options?: IframeOptions): Promise<WebRequest>;
  /** Builds a webhook: a POST of JSON with `Authorization: JWT ...`. */
  webhookRequest(options: WebhookOptions): Promise<WebRequest>;
  /** Sends a request that this host built to the app that it is for. */
  send(request: WebRequest): Promise<WebResponse>;
}

export function createAppCalls(registry: Registry, now: () => number): AppCalls {
  const base = (installation: FakeInstallation): string => appRoot(registry.appOf(installation));

  const token = async (method: string, url: string, one: AppCallOptions): Promise<string> => {
    const installation = registry.pick(one.installation);
    const { path: contextPath } = targetOf(base(installation));
    const iat = Math.floor(now());
    const claims: JsonObject = {
      ...(one.user === undefined ? {} : { sub: one.user }),
      qsh: await hashCanonical(canonicalize({ method, url, contextPath, path: "decoded" })),
      iss: installation.clientKey,
      ...(one.context === undefined && one.user === undefined ? {} : { context: contextClaim(one.user, one.context) }),
      exp: iat + (one.lifetime ?? 180),
      iat,
      ...one.claims,
    };
    const draft = { header: { typ: "JWT", alg: "HS256" }, claims };
    return mint(draft, { secret: installation.sharedSecret }, now(), one.forgery);
  };

  return {
    async iframeRequest(one = {}) {
      const installation = registry.pick(one.installation);
      const { origin } = new URL(installation.baseUrl);
      const url = address(base(installation), one.path ?? "/", [
        ...pairs(one.params ?? []),
        ["xdm_e", origin],
        ["xdm_c", `channel-${installation.appKey}__general-page`],
        ["cp", targetOf(installation.baseUrl).path.replace(/\/$/, "")],
        ["xdm_deprecated_addon_key_do_not_use", installation.appKey],
        ["lic", "none"],
        ["cv", "1001.0.0-SNAPSHOT"],
      ]);
      const jwt = await token("GET", url, one);
      return new Request(`${url}${url.includes("?") ? "&" : "?"}jwt=${jwt}`);
    },
    async webhookRequest(one) {
      const url = address(base(registry.pick(one.installation)), one.path, pairs(one.query ?? []));
      return new Request(url, {
        method: "POST",
        headers: {
          authorization: `JWT ${await token("POST", url, one)}`,
          "content-type": "application/json; charset=UTF-8",
          "user-agent": "Atlassian Webhook HTTP Client",
        },
        body: typeof one.body === "string" ? one.body : JSON.stringify(one.body),
      });
    },
    async send(request) {
      const url = request.url;
      const apps = registry.list
        .map((one) => registry.appOf(one))
        .filter((app) => {
          const root = new URL(app.baseUrl).href.replace(/\/$/, "");
          return url === root || ["/", "?", "#"].some((next) => url.startsWith(root + next));
        });
      const app = apps.sort((a, b) => b.baseUrl.length - a.baseUrl.length)[0];
      if (app === undefined) throw new TypeError('"request" must be for an app that is installed here');
      return app.fetch === undefined ? fetch(request) : app.fetch(request);
    },
  };
}

function pairs(parameters: QueryParameters): (readonly [string, string])[] {
  return Array.isArray(parameters) ? [...parameters] : Object.entries(parameters as Record<string, string>);
}

/** The address as it goes on the wire: what `Request` makes of it, without a fragment. */
function address(base: string, path: string, parameters: readonly (readonly [string, string])[]): string {
  const query = parameters.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join("&");
  const url = new URL(base + (path === "" || /^[/?]/.test(path) ? path : `/${path}`));
  url.hash = "";
  if (query === "") return url.href;
  return `${url.href}${url.search === "" && !url.href.endsWith("?") ? "?" : "&"}${query}`;
}
