/**
 * The claims sets and payloads that products send to an app, as far as they are documented. All but the registered
 * claims may be absent: products differ, and grow.
 */
import type { JwtClaims } from "../jwt/claims.ts";
import type { JsonObject, JsonValue } from "../types.ts";

/** The acting user. Privacy settings decide what is there besides the account id. */
export interface ConnectUser extends JsonObject {
  /** The Atlassian account id. */
  readonly accountId?: string;
  readonly displayName?: string;
}

/** What a Jira page is about. */
export interface JiraContext extends JsonObject {
  readonly issue?: { readonly id?: string; readonly key?: string; readonly issuetype?: { readonly id?: string } };
  readonly project?: { readonly id?: string; readonly key?: string };
}

/** What a Confluence page is about. */
export interface ConfluenceContext extends JsonObject {
  readonly content?: { readonly id?: string; readonly type?: string; readonly version?: string };
  readonly space?: { readonly id?: string; readonly key?: string };
  readonly macro?: { readonly id?: string; readonly hash?: string; readonly outputType?: string };
}

/** The `context` claim. */
export interface ConnectContext extends JsonObject {
  readonly user?: ConnectUser;
  readonly jira?: JiraContext;
  readonly confluence?: ConfluenceContext;
}

/** What the claims of every product's token have. */
export interface ConnectClaims extends JwtClaims {
  /** The tenant's `clientKey`. */
  readonly iss: string;
  readonly exp: number;
  /** The account id of the acting user; absent on what the product does by itself. */
  readonly sub?: string;
  readonly context?: ConnectContext;
}

/** Claims of a request token: an iframe load, a webhook, a remote condition. */
export interface RequestClaims extends ConnectClaims {
  /** The hash of the request that the token came with. */
  readonly qsh: string;
}

/** Claims of a context token: `AP.context.getToken()` in a page of the app. Bound to no URL. */
export interface ContextClaims extends ConnectClaims {
  readonly qsh: "context-qsh";
}

/** Claims of a session token, which the app signs for its own pages. */
export interface SessionClaims extends JwtClaims {
  /** The app's key. */
  readonly iss: string;
  /** The tenant's `clientKey`, alone. */
  readonly aud: string | readonly [string];
  readonly exp: number;
  readonly sub?: string;
  readonly context?: ConnectContext;
}

/** Claims of a lifecycle token. */
export interface LifecycleClaims extends JwtClaims {
  /** The tenant's `clientKey`. */
  readonly iss: string;
  readonly exp: number;
  readonly qsh: string;
}

/** What a product tells an app about its own life. */
export type LifecycleEvent = "installed" | "uninstalled" | "enabled" | "disabled";

/** The body of a lifecycle request. Only what was checked against the token has a type here. */
export interface LifecyclePayload extends JsonObject {
  /** The app's key. */
  readonly key: string;
  readonly clientKey: string;
  readonly eventType: LifecycleEvent;
  /** Where the product lives, context path included. */
  readonly baseUrl?: string;
  readonly oauthClientId?: string | null;
  readonly installationId?: string | null;
  readonly productType?: string | null;
}

/** The body of `installed`, which brings the secret. */
export interface InstalledPayload extends LifecyclePayload {
  readonly eventType: "installed";
  readonly sharedSecret: string;
  readonly baseUrl: string;
}

/** The acting user of a claims set: what `context` says, else the subject. */
export function readAccountId(claims: JwtClaims): string | undefined {
  const named = own(own(own(claims, "context"), "user"), "accountId") ?? own(claims, "sub");
  return typeof named === "string" ? named : undefined;
}

function own(value: unknown, name: string): JsonValue | undefined {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined;
}
