/**
 * The claims of a Forge invocation token, as far as they are documented. All but the registered claims may be absent.
 */
import type { JwtClaims } from "../jwt/claims.ts";
import type { JsonObject } from "../types.ts";

/** The `app` claim: which install of the app calls. */
export interface ForgeApp extends JsonObject {
  /** The app's ARI. */
  readonly id: string;
  readonly version?: string;
  readonly appVersion?: string;
  /** The installation's ARI. */
  readonly installationId?: string;
  /** Where the product's REST API is for this installation. Not a trust root: it comes after the proof. */
  readonly apiBaseUrl?: string;
  readonly environment?: { readonly type?: string; readonly id?: string };
  readonly module?: { readonly type?: string; readonly key?: string };
  readonly installation?: JsonObject;
}

/** The `context` claim: what the call is about. A call from the app's own backend has none. */
export interface ForgeContext extends JsonObject {
  readonly cloudId?: string;
  readonly siteUrl?: string;
  readonly moduleKey?: string;
  readonly environmentType?: string;
  readonly accountId?: string;
  readonly localId?: string;
  readonly extension?: JsonObject;
}

/** The claims of a Forge invocation token. */
export interface ForgeClaims extends JwtClaims {
  readonly iss: "forge/invocation-token";
  readonly aud: string | readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly app?: ForgeApp;
  readonly context?: ForgeContext;
  /** The acting user's account id. */
  readonly principal?: string;
}
