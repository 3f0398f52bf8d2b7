import type { JsonObject, JsonValue, WebRequest } from "../types.ts";
import { encodeBase64url, hex, randomBytes, randomUuid } from "./encoding.ts";
import type { FakeEnvironment } from "./endpoints.ts";
import { mint, type TokenForgery } from "./forgery.ts";
import type { KeyRing } from "./key-ring.ts";
import { appRoot, type Registry } from "./registry.ts";

/** What a Forge invocation token says. */
export interface InvocationTokenOptions {
  /** The app: an ARI or the bare id in it. */
  readonly appId: string;
  /** The account id of the acting user: the token's `principal`; absent on calls of the platform itself. */
  readonly user?: string;
  /** Members that are added to the `context` claim; `null` leaves the claim away, as calls from a backend do. */
  readonly context?: JsonObject | null;
  /** The installation's ARI; the latest install's, or a fresh one. */
  readonly installationId?: string;
  readonly module?: { readonly type: string; readonly key: string };
  /** Claims that replace the usual ones; `undefined` takes one away. */
  readonly claims?: JsonObject;
  /** Seconds; 25 as in the platform. */
  readonly lifetime?: number;
  /** Signs with the key of this environment instead of the site's own. */
  readonly environment?: FakeEnvironment;
  /** Makes the token bad in this way. */
  readonly forgery?: TokenForgery;
}

/** A call of the platform to a remote. */
export interface ForgeRequestOptions extends Omit<InvocationTokenOptions, "forgery"> {
  /** The remote's endpoint; the latest installed app's base URL if absent. */
  readonly url?: string;
  /** `"POST"` if absent. */
  readonly method?: string;
  readonly body?: JsonValue;
  /** The opaque token to act as the app; `true` makes one up. */
  readonly systemToken?: string | true;
  /** The opaque token to act as the user; `true` makes one up. */
  readonly userToken?: string | true;
  /** Makes the invocation token bad in this way; `"no-token"` leaves it away. */
  readonly forgery?: TokenForgery | "no-token";
}

/** The Forge platform's side. */
export interface ForgePlatform {
  /** Mints a Forge invocation token: RS256, 25 s of life. */
  invocationToken(options: InvocationTokenOptions): Promise<string>;
  /** Builds a call to a remote, with `Authorization: Bearer`, the OAuth token headers and B3 trace ids. */
  forgeRequest(options: ForgeRequestOptions): Promise<WebRequest>;
  /** Makes the platform's keys rotate and answers the new `kid`; old ones stay published unless they are retired. */
  rotateForgeKey(options?: { readonly retire?: boolean }): Promise<string>;
}

/** A `kid` as the platform has them, slashes and all. */
export function newInvocationKid(): string {
  return `forge/invocation-token/wf-${randomUuid()}`;
}

export function createForgePlatform(
  registry: Registry,
  keys: (environment?: FakeEnvironment) => KeyRing,
  siteUrl: string,
  now: () => number,
): ForgePlatform {
  const cloudId = randomUuidLater();

  const invocationToken: ForgePlatform["invocationToken"] = async (one) => {
    const key = await keys(one.environment).current();
    const id = one.appId.startsWith("ari:") ? one.appId : `ari:cloud:ecosystem::app/${one.appId}`;
    const installationId =
      one.installationId ?? registry.list.at(-1)?.installationId ?? `ari:cloud:ecosystem::installation/${randomUuid()}`;
    const module = one.module ?? { type: "jira:issuePanel", key: "panel" };
    const apiBaseUrl = `https://api.atlassian.com/ex/jira/${cloudId()}`;
    const iat = Math.floor(now());
    const claims: JsonObject = {
      app: {
        id,
        version: "5",
        appVersion: "5.0.0",
        installationId,
        apiBaseUrl,
        environment: {
          type: "PRODUCTION",
          id: `ari:cloud:ecosystem::environment/${id.slice(id.indexOf("/") + 1)}/main`,
        },
        module: { type: module.type, key: module.key },
        installation: { id: installationId, contexts: [{ name: "jira", apiBaseUrl }] },
      },
      ...(one.context === null ? {} : { context: contextOf(one, cloudId(), siteUrl, module.key) }),
      ...(one.user === undefined ? {} : { principal: one.user }),
      aud: id,
      iss: "forge/invocation-token",
      iat,
      nbf: iat,
      exp: iat + (one.lifetime ?? 25),
      jti: hex(randomBytes(20)),
      ...one.claims,
    };
    const signer = { key, knownSecret: registry.list.at(-1)?.sharedSecret ?? "0".repeat(64) };
    return mint({ header: { alg: "RS256", kid: key.kid }, claims }, signer, now(), one.forgery);
  };

  return {
    invocationToken,
    async forgeRequest({ forgery, ...one }) {
      const headers = new Headers({
        "content-type": "application/json",
        "x-b3-traceid": hex(randomBytes(16)),
        "x-b3-spanid": hex(randomBytes(8)),
      });
      if (forgery !== "no-token") {
        const token = await invocationToken(forgery === undefined ? one : { ...one, forgery });
        headers.set("authorization", `Bearer ${token}`);
      }
      if (one.systemToken !== undefined) headers.set("x-forge-oauth-system", opaque(one.systemToken));
      if (one.userToken !== undefined) headers.set("x-forge-oauth-user", opaque(one.userToken));
      const method = one.method ?? "POST";
      const hasBody = method !== "GET" && method !== "HEAD";
      return new Request(one.url ?? appRoot(registry.appOf(registry.pick())), {
        method,
        headers,
        ...(hasBody ? { body: JSON.stringify(one.body ?? {}) } : {}),
      });
    },
    rotateForgeKey: async (options) => (await keys().rotate(options)).kid,
  };
}

function contextOf(one: InvocationTokenOptions, cloudId: string, siteUrl: string, moduleKey: string): JsonObject {
  return {
    cloudId,
    siteUrl,
    moduleKey,
    environmentType: "PRODUCTION",
    ...(one.user === undefined ? {} : { accountId: one.user }),
    ...one.context,
  };
}

function opaque(token: string | true): string {
  return token === true ? encodeBase64url(randomBytes(32)) : token;
}

/** Workers allow randomness inside a request only, so the site's id is drawn when it is first needed. */
function randomUuidLater(): () => string {
  let id: string | undefined;
  return () => (id ??= randomUuid());
}
