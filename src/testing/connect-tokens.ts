import type { JsonObject } from "../types.ts";
import { mint, type TokenForgery } from "./forgery.ts";
import type { FakeInstallation, Registry } from "./registry.ts";

/** What a token that is not for one URL can say. */
export interface ConnectTokenOptions {
  /** Which install the token is for; the latest if absent. */
  readonly installation?: FakeInstallation;
  /** The account id of the user: the token's `sub`. */
  readonly user?: string;
  /** The token's `context` claim, such as `{ jira: { issue: { key: "DEMO-1" } } }`. */
  readonly context?: JsonObject;
  /** Claims that replace the usual ones; `undefined` takes one away. */
  readonly claims?: JsonObject;
  /** Seconds; 900 if absent, 180 for a call to the app, as in the products. */
  readonly lifetime?: number;
  /** Makes the token bad in this way. */
  readonly forgery?: TokenForgery;
}

/** Tokens that a browser hands to the app's backend. */
export interface ConnectTokens {
  /** What `AP.context.getToken()` gives a page: signed by the product, `qsh` is `context-qsh`. */
  contextToken(options?: ConnectTokenOptions): Promise<string>;
  /** What an app's own framework gives a page: `iss` is the app key, `aud` the tenant, and there is no `qsh`. */
  sessionToken(options?: ConnectTokenOptions): Promise<string>;
}

export function createConnectTokens(registry: Registry, now: () => number): ConnectTokens {
  const make = (one: ConnectTokenOptions, installation: FakeInstallation, claims: JsonObject): Promise<string> => {
    const iat = Math.floor(now());
    const times = { exp: iat + (one.lifetime ?? 900), iat };
    const who = one.user === undefined ? {} : { sub: one.user };
    const draft = { header: { typ: "JWT", alg: "HS256" }, claims: { ...who, ...claims, ...times, ...one.claims } };
    return mint(draft, { secret: installation.sharedSecret }, now(), one.forgery);
  };
  return {
    contextToken(one = {}) {
      const installation = registry.pick(one.installation);
      return make(one, installation, {
        qsh: "context-qsh",
        iss: installation.clientKey,
        context: contextClaim(one.user, one.context),
      });
    },
    sessionToken(one = {}) {
      const installation = registry.pick(one.installation);
      const context = one.context === undefined ? {} : { context: one.context };
      return make(one, installation, { iss: installation.appKey, aud: [installation.clientKey], ...context });
    },
  };
}

/** The `context` claim: the user beside what the page is about. */
export function contextClaim(user: string | undefined, context: JsonObject | undefined): JsonObject {
  return { ...(user === undefined ? {} : { user: { accountId: user } }), ...context };
}
