/**
 * What a verifier has proven, told apart by `kind`.
 */
import type { Installation } from "../types.ts";
import type {
  ContextClaims,
  InstalledPayload,
  LifecycleClaims,
  LifecycleEvent,
  LifecyclePayload,
  RequestClaims,
  SessionClaims,
} from "./claims.ts";

/** What every identity of a tenant has. */
export interface TenantIdentity {
  readonly clientKey: string;
  /**
   * The tenant as the store has it. It holds the shared secret, so it is no enumerable property: neither JSON nor a
   * log of the identity shows it.
   */
  readonly installation: Installation;
  /** The acting user, where there is one. */
  readonly accountId?: string;
}

/** A product made this very request: method, path and query are bound to the token. */
export interface RequestIdentity extends TenantIdentity {
  readonly kind: "request";
  readonly claims: RequestClaims;
}

/** A page of the app in a product, with the user of the page. Bound to no URL: the route must ask what the user may do. */
export interface ContextIdentity extends TenantIdentity {
  readonly kind: "context";
  readonly claims: ContextClaims;
}

/** A page to which the app itself gave a token. */
export interface SessionIdentity extends TenantIdentity {
  readonly kind: "session";
  readonly claims: SessionClaims;
}

/** A product told about the app's own life. */
export interface LifecycleIdentity<Event extends LifecycleEvent = LifecycleEvent> {
  readonly kind: "lifecycle";
  readonly event: Event;
  readonly clientKey: string;
  readonly claims: LifecycleClaims;
  /** The body, checked against the token. With `installed` it holds the shared secret. */
  readonly payload: Event extends "installed" ? InstalledPayload : LifecyclePayload;
}

/** The identity of each kind of token. */
export interface IdentityByKind {
  readonly request: RequestIdentity;
  readonly context: ContextIdentity;
  readonly session: SessionIdentity;
}

/** The kinds of token that a route can accept. */
export type TokenKind = keyof IdentityByKind;

/** What {@link createConnectVerifier} resolves with. */
export type ConnectIdentity<Kind extends TokenKind = TokenKind> = IdentityByKind[Kind];
