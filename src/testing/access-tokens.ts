import type { WebResponse } from "../types.ts";
import { json } from "./answers.ts";
import { encodeBase64url, randomBytes } from "./encoding.ts";
import type { FakeInstallation, FakeProduct } from "./registry.ts";
import type { Call } from "./routes.ts";

/** A bearer token that a fake authorization server gave out. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly clientKey: string;
  readonly productType: FakeProduct;
  /** The account that calls run as. */
  readonly accountId: string;
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** Who a bearer token is, or why it is refused; the answer is the usual 401 unless there is one of its own. */
export type BearerVerdict =
  { readonly user: NonNullable<Call["user"]> } | { readonly refusal: string; readonly response?: WebResponse };

export interface AccessTokens {
  readonly list: readonly IssuedToken[];
  issue(
    installation: FakeInstallation,
    user: NonNullable<Call["user"]>,
    scopes: readonly string[],
    lifetime: number,
  ): IssuedToken;
  judge(token: string, product: FakeProduct, method: string): BearerVerdict;
  revokeAll(): void;
}

export function createAccessTokens(installations: readonly FakeInstallation[], now: () => number): AccessTokens {
  const list: IssuedToken[] = [];
  const holders = new Map<string, { issued: IssuedToken; user: NonNullable<Call["user"]> }>();
  return {
    list,
    issue(installation, user, scopes, lifetime) {
      const issued: IssuedToken = Object.freeze({
        accessToken: encodeBase64url(randomBytes(32)),
        clientKey: installation.clientKey,
        productType: installation.productType,
        accountId: user.accountId,
        scopes,
        expiresAt: now() + lifetime,
      });
      list.push(issued);
      holders.set(issued.accessToken, { issued, user });
      return issued;
    },
    judge(token, product, method) {
      const holder = holders.get(token);
      if (holder === undefined) return { refusal: "the access token is unknown or revoked" };
      const { issued, user } = holder;
      if (issued.expiresAt <= now()) return { refusal: "the access token has expired" };
      if (issued.productType !== product || !installations.some(({ clientKey }) => clientKey === issued.clientKey)) {
        return { refusal: "the access token is for another tenant" };
      }
      const needed = SCOPE_OF[method] ?? "WRITE";
      if (issued.productType !== "bitbucket" && !covers(issued.scopes, needed)) {
        const response = json(401, { code: 401, message: "Unauthorized; scope does not match" });
        return { refusal: `the access token lacks the scope ${needed}`, response };
      }
      return { user };
    },
    revokeAll: () => holders.clear(),
  };
}

const SCOPE_OF: Readonly<Record<string, string>> = { GET: "READ", HEAD: "READ", OPTIONS: "READ", DELETE: "DELETE" };

/** In Connect each scope implies those below it. */
const LADDER = ["READ", "WRITE", "DELETE", "PROJECT_ADMIN", "ADMIN"];

function covers(scopes: readonly string[], needed: string): boolean {
  return scopes.some((scope) => LADDER.indexOf(scope) >= LADDER.indexOf(needed));
}
