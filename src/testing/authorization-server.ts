import type { JsonObject, WebRequest, WebResponse } from "../types.ts";
import type { AccessTokens, IssuedToken } from "./access-tokens.ts";
import { json } from "./answers.ts";
import { formPairs } from "./canonical.ts";
import { parseToken, verifyHmac } from "./jws.ts";
import type { FakeInstallation, Registry } from "./registry.ts";
import type { FakeUser } from "./users.ts";

/** One attempt to get an access token, for counting and for looking into. */
export interface Exchange {
  readonly grant: "jwt-bearer" | "bitbucket";
  /** `"granted"`, or the `error` and its description. */
  readonly verdict: string;
  /** The claims of the assertion, believed or not. */
  readonly claims?: JsonObject;
  /** The `scope` parameter as it was sent. */
  readonly scope?: string;
}

/** What tests can do to the authorization server, besides making its address misbehave. */
export interface AuthorizationControls {
  /** Every request for a token that could be read, in order. */
  readonly exchanges: readonly Exchange[];
  /** Every token that was given out. */
  readonly accessTokens: readonly IssuedToken[];
  /** Makes every token that is out invalid, as if it had been revoked. */
  revokeAccessTokens(): void;
}

export interface AuthorizationServerParts {
  /** Its base URL: the `aud` of assertions. */
  readonly base: string;
  readonly registry: Registry;
  readonly users: readonly FakeUser[];
  readonly tokens: AccessTokens;
  readonly exchanges: Exchange[];
  /** Seconds that an access token lives. */
  readonly lifetime: number;
  readonly now: () => number;
}

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const CLIENT = "urn:atlassian:connect:clientid:";
const ACCOUNT = "urn:atlassian:connect:useraccountid:";
const USER_KEY = "urn:atlassian:connect:userkey:";
const SCOPES = ["READ", "WRITE", "DELETE", "PROJECT_ADMIN", "ADMIN", "ACT_AS_USER"];

/** Seconds: how far ahead of the server's clock an assertion may expire, and how long it may live. */
const MAX_AHEAD = 120;
const MAX_LIFETIME = 60;

interface Refusal {
  readonly error: string;
  readonly description: string;
}

/** Exchanges JWT bearer assertions (RFC 7523) for access tokens, as Atlassian's server does for Connect apps. */
export function createAuthorizationServer(
  parts: AuthorizationServerParts,
): (request: WebRequest) => Promise<WebResponse> {
  const { base, registry, users, tokens, exchanges, lifetime } = parts;

  return async (request) => {
    const now = parts.now();
    const headers = { date: new Date(now * 1000).toUTCString(), "cache-control": "no-store", pragma: "no-cache" };
    if (request.url !== `${base}/oauth2/token`) return json(404, { error: "not_found" }, headers);
    if (request.method !== "POST") return json(405, { error: "method_not_allowed" }, { ...headers, allow: "POST" });

    const form = await readForm(request);
    const assertion = form?.get("assertion");
    const scope = form?.get("scope");
    const parsed = assertion === undefined ? undefined : parseToken(assertion);
    const judged = form === undefined ? INVALID_FORM : await judge(form, parsed, now);
    exchanges.push(
      Object.freeze({
        grant: "jwt-bearer",
        verdict: "error" in judged ? `${judged.error}: ${judged.description}` : "granted",
        ...(parsed === undefined ? {} : { claims: parsed.claims as JsonObject }),
        ...(scope === undefined ? {} : { scope }),
      }),
    );
    if ("error" in judged) return json(400, { error: judged.error, error_description: judged.description }, headers);
    const { installation, user, scopes } = judged;
    const issued = tokens.issue(installation, { ...user, accountType: "atlassian" }, scopes, lifetime);
    return json(200, { access_token: issued.accessToken, expires_in: lifetime, token_type: "Bearer" }, headers);
  };

  async function judge(
    form: ReadonlyMap<string, string>,
    parsed: ReturnType<typeof parseToken>,
    now: number,
  ): Promise<Grant | Refusal> {
    if (form.get("grant_type") !== GRANT) return refusal("unsupported_grant_type", "Unsupported grant_type");
    if (parsed === undefined) return refusal("invalid_grant", "The assertion is not a JWT");
    const { header, claims } = parsed;
    const { iss, sub, aud, tnt, iat, exp } = claims;
    if (header["alg"] !== "HS256") return refusal("invalid_grant", "Invalid alg");
    if (typeof iss !== "string" || !iss.startsWith(CLIENT)) return refusal("invalid_grant", "Invalid iss");
    const installation = registry.list.find(({ oauthClientId }) => oauthClientId === iss.slice(CLIENT.length));
    if (installation === undefined) {
      const description = "The authenticated client is not authorized to use this authorization grant type";
      return refusal("unauthorized_client", description);
    }
    if (!(await verifyHmac(parsed, installation.sharedSecret))) return refusal("invalid_grant", "Invalid signature");
    if (aud !== base) return refusal("invalid_grant", `Invalid aud: ${String(aud)}`);
    if (tnt !== installation.baseUrl) return refusal("invalid_grant", "Invalid tnt");
    if (!Number.isInteger(iat) || !Number.isInteger(exp)) return refusal("invalid_grant", "Invalid iat or exp");
    const ahead = Math.ceil(Number(exp) - now);
    if (ahead > MAX_AHEAD || Number(exp) - Number(iat) > MAX_LIFETIME) {
      const advice = "please set `exp` to no more than 60 seconds after issue time";
      return refusal(
        "invalid_grant",
        `Expiration timestamp too far in the future [was ${ahead} seconds from now; ${advice}]`,
      );
    }
    if (Number(exp) < now) return refusal("invalid_grant", "The assertion has expired");
    const user = typeof sub === "string" ? userOf(sub) : undefined;
    if (user === undefined) return refusal("invalid_grant", "Invalid sub");
    const asked = (form.get("scope") ?? "").split(" ").filter((one) => one !== "");
    if (!asked.every((one) => SCOPES.includes(one))) return refusal("invalid_scope", "The requested scope is invalid");
    return { installation, user, scopes: asked.length === 0 ? SCOPES : asked };
  }

  function userOf(sub: string): FakeUser | undefined {
    if (sub.startsWith(ACCOUNT)) return users.find(({ accountId }) => accountId === sub.slice(ACCOUNT.length));
    if (sub.startsWith(USER_KEY)) return users.find(({ userKey }) => userKey === sub.slice(USER_KEY.length));
    return undefined;
  }
}

interface Grant {
  readonly installation: FakeInstallation;
  readonly user: FakeUser;
  readonly scopes: readonly string[];
}

const INVALID_FORM: Refusal = {
  error: "invalid_request",
  description: "The body must be a form with each parameter once",
};

function refusal(error: string, description: string): Refusal {
  return { error, description };
}

/** The form's fields, each at most once. */
export async function readForm(request: WebRequest): Promise<ReadonlyMap<string, string> | undefined> {
  const contentType = request.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType)) return undefined;
  const pairs = formPairs(await request.clone().text());
  const form = new Map(pairs);
  return form.size === pairs.length ? form : undefined;
}
