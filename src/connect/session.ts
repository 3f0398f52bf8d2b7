import { webEngine } from "../crypto/engine.ts";
import type { MacEngine } from "../crypto/engine.ts";
import { secretKey } from "../crypto/keys.ts";
import { argumentError, requireText } from "../errors.ts";
import { readClock } from "../jwt/claims.ts";
import type { JwtClaims } from "../jwt/claims.ts";
import { optionalFunction, ownOptions, seconds } from "../jwt/options.ts";
import { signJwtWith } from "../jwt/sign.ts";
import type { Installation } from "../types.ts";
import type { ConnectContext } from "./claims.ts";
import { checkEngine } from "./engine.ts";

/** Claims that an app may put into a session token: all but those that make it one. */
export interface SessionExtraClaims extends JwtClaims {
  readonly iss?: never;
  readonly aud?: never;
  readonly sub?: never;
  readonly qsh?: never;
  readonly iat?: never;
  readonly exp?: never;
  readonly context?: ConnectContext;
}

/** Options of {@link signSessionToken}. */
export interface SessionTokenOptions {
  /** The app's key from its descriptor: the token's issuer. */
  appKey: string;
  /** The tenant: its `clientKey` is the token's one audience, its secret signs. */
  installation: Pick<Installation, "clientKey" | "sharedSecret">;
  /** The user of the page: the token's subject. */
  accountId?: string | undefined;
  /** Seconds until the token expires, 1 to 86400; 900 unless told. */
  lifetime?: number;
  /** Further claims, for example `context`. */
  claims?: SessionExtraClaims;
  /** What computes the HMAC; WebCrypto unless told. */
  engine?: MacEngine;
  /** Weakens security: lets the shared secret be shorter than 32 bytes. */
  allowShortSecret?: boolean;
  /** The clock, in seconds since the epoch. */
  now?: () => number;
}

const SET_BY_SIGNER = ["iss", "aud", "sub", "qsh", "iat", "exp"] as const;

/**
 * Signs a token for the app's own pages, with which they call the app's server after the product's token has expired.
 *
 * It is issued by the app, for exactly one tenant, and bound to no URL. Give it to a page whose request was verified,
 * and accept it only on routes that name `"session"` in `accept`.
 *
 * @example
 * ```ts
 * import { signSessionToken } from "jwt-qsh/connect";
 *
 * const { installation, accountId } = await verify(request);
 * const token = await signSessionToken({ appKey: "com.example.app", installation, accountId });
 * ```
 *
 * @throws {KeyError} ERR_KEY_INVALID for a secret that must not be used
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for options that make no sense
 */
export async function signSessionToken(options: SessionTokenOptions): Promise<string> {
  const own = ownOptions(options);
  const { appKey, accountId, lifetime = 900, claims = {}, engine = webEngine, allowShortSecret = false } = own;
  requireText(appKey, '"options.appKey"');
  const { clientKey, sharedSecret } = ownOptions(own.installation, '"options.installation"');
  requireText(clientKey, '"options.installation.clientKey"');
  if (clientKey === appKey) throw argumentError('"options.installation.clientKey"', "must not be the app itself");
  if (accountId !== undefined) requireText(accountId, '"options.accountId"');
  seconds(1, 86400)(lifetime, '"options.lifetime"');
  for (const name of SET_BY_SIGNER) {
    if (Object.hasOwn(claims, name)) throw argumentError('"options.claims"', `must not hold "${name}", which is set by the signer`);
  }
  checkEngine(engine);
  optionalFunction(own.now, '"options.now"');
  return signJwtWith(
    engine,
    { iss: appKey, aud: [clientKey], ...(accountId === undefined ? {} : { sub: accountId }), ...claims },
    secretKey(sharedSecret, { allowShortSecret }),
    { lifetime, now: () => readClock(own.now) },
  );
}
