import type { FetchLike, JsonObject } from "../types.ts";
import { createAccessTokens } from "./access-tokens.ts";
import { type AppCalls, createAppCalls } from "./app-calls.ts";
import { type AuthorizationControls, createAuthorizationServer, type Exchange } from "./authorization-server.ts";
import { createBitbucket } from "./bitbucket.ts";
import { createCloud } from "./cloud.ts";
import { confluenceRoutes, defaultPages, type FakePage } from "./confluence.ts";
import { type ConnectTokens, createConnectTokens } from "./connect-tokens.ts";
import { ENDPOINTS, environmentOf, type FakeEndpoints, type FakeEnvironment } from "./endpoints.ts";
import { createForgePlatform, type ForgePlatform } from "./forge.ts";
import { createIssues, defaultIssues } from "./issues.ts";
import { jiraRoutes } from "./jira.ts";
import type { Judgement } from "./judgement.ts";
import { createLifecycle, type Lifecycle } from "./lifecycle.ts";
import { createNetwork, type NetworkControls } from "./network.ts";
import {
  createRegistry,
  type FakeApp,
  type FakeInstallation,
  type FakeProduct,
  type InstallOptions,
} from "./registry.ts";
import { createSite, type Product } from "./site.ts";
import { defaultUsers, type FakeUser } from "./users.ts";

/** How the fake host is set up. */
export interface FakeHostOptions {
  /**
   * The site, with its context path: `https://example.atlassian.net` if absent. Jira answers there and Confluence at
   * `/wiki` of the same origin; a base URL that ends in `/wiki` is a site with Confluence alone.
   */
  readonly baseUrl?: string;
  /** The cloud that the site belongs to; its host says so if absent. */
  readonly environment?: FakeEnvironment;
  /** Where the site's own services are instead of their real addresses, for a host behind a socket. */
  readonly endpoints?: Partial<FakeEndpoints>;
  /** Seconds that an access token lives; 900 if absent. */
  readonly accessTokenLifetime?: number;
  /** The clock, in seconds since the epoch. */
  readonly now?: () => number;
  readonly users?: readonly FakeUser[];
  /** The `fields` of the issues that are there at the start. */
  readonly issues?: readonly JsonObject[];
  /** The wiki's pages. */
  readonly pages?: readonly FakePage[];
}

/** An Atlassian site that shares no code with the library: an independent witness. */
export interface FakeHost
  extends AppCalls, ConnectTokens, Lifecycle, ForgePlatform, AuthorizationControls, NetworkControls {
  /** The site's base URL, without a trailing slash. */
  readonly baseUrl: string;
  /** Answers a request as Atlassian would. A pure function of request and state: put it wherever a `fetch` goes. */
  readonly fetch: FetchLike;
  /** Where the site's services are: key servers, key set, authorization server. */
  readonly endpoints: FakeEndpoints;
  readonly users: readonly FakeUser[];
  /** Who is installed, the latest last. */
  readonly installations: readonly FakeInstallation[];
  /** Every call that was judged, in order. */
  readonly log: readonly Judgement[];
  /** Installs an app, or installs it again with a fresh secret; nothing is sent to the app. */
  install(app: FakeApp, options?: InstallOptions): FakeInstallation;
}

/**
 * Creates a host that plays Atlassian's side of every conversation: it verifies what the app sends with a parser,
 * a canonicalizer and cryptography of its own, and it calls the app as the products do.
 *
 * Use it wherever a test or a demo would otherwise need a cloud site: hand `host.fetch` to whatever takes a `fetch`,
 * or put it behind a socket. It runs wherever `fetch` and WebCrypto do.
 *
 * @example
 * ```ts
 * import { createFakeHost } from "jwt-qsh/testing";
 *
 * const host = createFakeHost();
 * const { sharedSecret } = host.install({ appKey: "com.example.app", baseUrl: "https://app.example.com" });
 * const response = await host.fetch(new Request("https://example.atlassian.net/rest/api/3/serverInfo"));
 * console.log(response.status, sharedSecret.length, host.log.at(-1)?.verdict); // 200 64 "accepted"
 * ```
 *
 * @throws {TypeError} when `options.baseUrl` is not an absolute http or https URL
 */
export function createFakeHost(options: FakeHostOptions = {}): FakeHost {
  const baseUrl = (options.baseUrl ?? "https://example.atlassian.net").replace(/\/+$/, "");
  if (!/^https?:\/\/[^/?#]+(?:\/[^?#]*)?$/.test(baseUrl)) {
    throw new TypeError('"options.baseUrl" must be an absolute http or https URL without query and fragment');
  }
  const { origin, pathname } = new URL(baseUrl);
  const contextPath = pathname === "/" ? "" : pathname;
  const now = options.now ?? ((): number => Date.now() / 1000);
  const users = options.users ?? defaultUsers();
  const log: Judgement[] = [];
  const registry = createRegistry();
  const tokens = createAccessTokens(registry.list, now);
  const exchanges: Exchange[] = [];

  const wikiUrl = `${origin}/wiki`;
  const products: Product[] = [
    {
      name: "confluence",
      contextPath: "/wiki",
      baseUrl: wikiUrl,
      routes: confluenceRoutes(wikiUrl, options.pages ?? defaultPages()),
    },
  ];
  if (contextPath !== "/wiki") {
    const issues = createIssues(options.issues ?? defaultIssues());
    products.push({ name: "jira", contextPath, baseUrl, routes: jiraRoutes(baseUrl, issues, now) });
  }
  const baseOf = (name: FakeProduct): string => {
    if (name === "bitbucket") return "https://bitbucket.org";
    const product = products.find((one) => one.name === name);
    if (product === undefined) throw new TypeError(`"options.product" must be a product of ${baseUrl}`);
    return product.baseUrl;
  };

  const site = createSite({
    origin,
    products,
    log,
    find: registry.find,
    bearer: tokens.judge,
    now,
  });
  const environment = options.environment ?? environmentOf(new URL(baseUrl).hostname);
  const endpoints: FakeEndpoints = { ...ENDPOINTS[environment], ...options.endpoints };
  const cloud = createCloud(environment, endpoints);
  const base = endpoints.authorizationServer.replace(/\/$/, "");
  const lifetime = options.accessTokenLifetime ?? 900;
  const network = createNetwork([
    { prefix: `${origin}/`, answer: site },
    {
      prefix: `${base}/`,
      answer: createAuthorizationServer({ base, registry, users, tokens, exchanges, lifetime, now }),
    },
    ...createBitbucket(registry, tokens, exchanges, now),
    ...cloud.services,
  ]);

  const install: FakeHost["install"] = (app, one = {}) => {
    const product = one.product ?? (contextPath === "/wiki" ? "confluence" : "jira");
    return registry.install(app, product, baseOf(product), one);
  };
  const calls = createAppCalls(registry, now);
  return Object.freeze({
    baseUrl,
    endpoints,
    users,
    installations: registry.list,
    log,
    exchanges,
    accessTokens: tokens.list,
    revokeAccessTokens: tokens.revokeAll,
    install,
    ...network,
    ...calls,
    ...createConnectTokens(registry, now),
    ...createLifecycle({ registry, keys: cloud.installKeys, now, install, send: calls.send }),
    ...createForgePlatform(registry, cloud.invocationKeys, baseUrl, now),
  });
}
