import type { JsonObject, WebRequest, WebResponse } from "../types.ts";
import { canonicalize, hashCanonical, targetOf } from "./canonical.ts";
import type { FakeEnvironment } from "./endpoints.ts";
import { mint, type TokenForgery } from "./forgery.ts";
import type { KeyRing } from "./key-ring.ts";
import { appRoot, type FakeApp, type FakeInstallation, type InstallOptions, type Registry } from "./registry.ts";

/** What a product tells an app about its own life. */
export type LifecycleEvent = "installed" | "uninstalled" | "enabled" | "disabled";

/** What a lifecycle request can say, and how it can lie. */
export interface LifecycleOptions {
  /** Which install it is about; the latest if absent. */
  readonly installation?: FakeInstallation;
  /** The path below the app's base URL; `/installed` and so on if absent. */
  readonly path?: string;
  /** Members that replace the payload's; `undefined` takes one away. */
  readonly body?: JsonObject;
  /** Claims that replace the usual ones; `undefined` takes one away. */
  readonly claims?: JsonObject;
  /** Seconds; 180 if absent. */
  readonly lifetime?: number;
  /** Signs with the install key of this environment instead of the site's own. */
  readonly environment?: FakeEnvironment;
  /** Makes the token bad in this way; `"no-token"` leaves it away. */
  readonly forgery?: TokenForgery | "no-token";
}

/** Installs as the Marketplace does them. */
export interface Lifecycle {
  /**
   * Builds a lifecycle request. `installed` and `uninstalled` are signed with RS256 by the environment's key,
   * `enabled` and `disabled` with the tenant's secret.
   */
  lifecycleRequest(event: LifecycleEvent, options?: LifecycleOptions): Promise<WebRequest>;
  /**
   * Installs (or re-installs, with a fresh secret) and tells the app with a signed `installed`. When the app does not
   * answer with 2xx the install is taken back, as the products do.
   *
   * @throws {Error} when the app refuses
   */
  installSigned(app: FakeApp, options?: InstallOptions): Promise<FakeInstallation>;
  /** Forgets an install and answers it; build the app's `uninstalled` from it. */
  uninstall(installation?: FakeInstallation): FakeInstallation;
  /** Makes the install keys rotate: the next signed install has a new `kid`. */
  rotateInstallKey(): Promise<string>;
}

export interface LifecycleParts {
  readonly registry: Registry;
  readonly keys: (environment?: FakeEnvironment) => KeyRing;
  readonly now: () => number;
  readonly install: (app: FakeApp, options?: InstallOptions) => FakeInstallation;
  readonly send: (request: WebRequest) => Promise<WebResponse>;
}

export function createLifecycle(parts: LifecycleParts): Lifecycle {
  const { registry, keys, now } = parts;

  const lifecycleRequest: Lifecycle["lifecycleRequest"] = async (event, one = {}) => {
    const installation = registry.pick(one.installation);
    const root = appRoot(registry.appOf(installation));
    const url = `${root}${one.path ?? `/${event}`}`;
    const body = { ...payload(event, installation), ...one.body };
    const headers = new Headers({ "content-type": "application/json; charset=UTF-8" });
    if (one.forgery !== "no-token") headers.set("authorization", `JWT ${await token(event, url, installation, one)}`);
    return new Request(url, { method: "POST", headers, body: JSON.stringify(body) });
  };

  async function token(
    event: LifecycleEvent,
    url: string,
    installation: FakeInstallation,
    one: LifecycleOptions,
  ): Promise<string> {
    const asymmetric = event === "installed" || event === "uninstalled";
    const root = appRoot(registry.appOf(installation));
    const iat = Math.floor(now());
    const contextPath = targetOf(root).path;
    const claims: JsonObject = {
      iss: installation.clientKey,
      ...(asymmetric ? { aud: [root] } : {}),
      qsh: await hashCanonical(canonicalize({ method: "POST", url, contextPath, path: "decoded" })),
      exp: iat + (one.lifetime ?? 180),
      iat,
      ...one.claims,
    };
    const forgery = one.forgery === "no-token" ? undefined : one.forgery;
    const secret = installation.sharedSecret;
    if (!asymmetric) return mint({ header: { typ: "JWT", alg: "HS256" }, claims }, { secret }, now(), forgery);
    const key = await keys(one.environment).current();
    const header = { typ: "JWT", alg: "RS256", kid: key.kid };
    return mint({ header, claims }, { key, knownSecret: secret }, now(), forgery);
  }

  return {
    lifecycleRequest,
    async installSigned(app, options = {}) {
      const before = [...registry.list];
      const installation = parts.install(app, options);
      const response = await parts.send(await lifecycleRequest("installed", { installation }));
      if (response.ok) return installation;
      registry.list.splice(0, registry.list.length, ...before);
      throw new Error(`the app refused the install with ${response.status}`);
    },
    uninstall(installation) {
      const gone = registry.pick(installation);
      const at = registry.list.indexOf(gone);
      if (at >= 0) registry.list.splice(at, 1);
      return gone;
    },
    rotateInstallKey: async () => (await keys().rotate()).kid,
  };
}

function payload(event: LifecycleEvent, installation: FakeInstallation): JsonObject {
  const { appKey, clientKey, sharedSecret, oauthClientId, installationId, baseUrl, productType } = installation;
  return {
    key: appKey,
    clientKey,
    oauthClientId,
    ...(event === "installed" ? { sharedSecret } : {}),
    installationId,
    serverVersion: "100284",
    pluginsVersion: "1001.0.0-SNAPSHOT",
    baseUrl,
    displayUrl: baseUrl,
    productType,
    description: `Atlassian ${productType} at ${baseUrl}`,
    eventType: event,
  };
}
