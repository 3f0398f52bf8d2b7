import type { FetchLike, Installation } from "../types.ts";
import { encodeBase64url, randomBytes, randomUuid } from "./encoding.ts";

/** The app under test, as its descriptor would introduce it. */
export interface FakeApp {
  /** The `key` of the descriptor: the `iss` of every token that the app sends. */
  readonly appKey: string;
  /** Where the app lives, with its path: `https://app.example.com/connect`. */
  readonly baseUrl: string;
  /** How the host reaches the app; the global `fetch` if absent. */
  readonly fetch?: FetchLike;
}

/** The products that an app can be installed in. */
export type FakeProduct = "jira" | "confluence" | "bitbucket";

/** One install of an app, as plain data: an `InstallationStore` may save it as it is. */
export interface FakeInstallation extends Installation {
  appKey: string;
  baseUrl: string;
  productType: FakeProduct;
  oauthClientId: string;
  installationId: string;
}

/** What an install may fix by hand; everything is random otherwise. */
export interface InstallOptions {
  /** The product to install into: `"confluence"` if the host's own base path is `/wiki`, else `"jira"`. */
  readonly product?: FakeProduct;
  readonly clientKey?: string;
  readonly sharedSecret?: string;
  readonly oauthClientId?: string;
  /** The installation's ARI on the newer platform. */
  readonly installationId?: string;
}

/** Who is installed where. */
export interface Registry {
  readonly list: FakeInstallation[];
  install(app: FakeApp, product: FakeProduct, baseUrl: string, options: InstallOptions): FakeInstallation;
  /** The app's installation in a product. */
  find(appKey: string, product: FakeProduct): FakeInstallation | undefined;
  appOf(installation: FakeInstallation): FakeApp;
  /** The installation that a call is for: the one that is named, else the latest. */
  pick(installation?: FakeInstallation): FakeInstallation;
}

/** The app's base URL without a trailing slash. */
export function appRoot(app: FakeApp): string {
  return app.baseUrl.replace(/\/$/, "");
}

/** A secret as long as those that Atlassian hands out. */
function newSecret(): string {
  return encodeBase64url(randomBytes(48));
}

export function createRegistry(): Registry {
  const list: FakeInstallation[] = [];
  const apps = new Map<string, FakeApp>();
  const find: Registry["find"] = (appKey, product) =>
    list.find((one) => one.appKey === appKey && one.productType === product);
  return {
    list,
    find,
    install(app, product, baseUrl, options) {
      if (!/^https?:\/\//.test(app.baseUrl)) throw new TypeError('"app.baseUrl" must be an absolute URL');
      const known = find(app.appKey, product);
      const installation: FakeInstallation = {
        appKey: app.appKey,
        clientKey: options.clientKey ?? known?.clientKey ?? randomUuid(),
        sharedSecret: options.sharedSecret ?? newSecret(),
        baseUrl,
        productType: product,
        oauthClientId: options.oauthClientId ?? known?.oauthClientId ?? encodeBase64url(randomBytes(24)),
        installationId:
          options.installationId ?? known?.installationId ?? `ari:cloud:ecosystem::installation/${randomUuid()}`,
        enabled: true,
      };
      if (known !== undefined) list.splice(list.indexOf(known), 1);
      list.push(installation);
      apps.set(app.appKey, app);
      return installation;
    },
    appOf(installation) {
      const app = apps.get(installation.appKey);
      if (app === undefined) throw new TypeError('"installation" must be an installation of this host');
      return app;
    },
    pick(installation) {
      const picked = installation ?? list.at(-1);
      if (picked === undefined) throw new TypeError("no app is installed: call install first");
      return picked;
    },
  };
}
