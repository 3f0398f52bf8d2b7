import type { JsonObject, WebRequest, WebResponse } from "../types.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { json } from "./answers.ts";
import { type Exchange, readForm } from "./authorization-server.ts";
import { findConnectToken, judgeConnectToken } from "./connect-credential.ts";
import { parseToken } from "./jws.ts";
import type { Service } from "./network.ts";
import type { Registry } from "./registry.ts";

const GRANT = "urn:bitbucket:oauth2:jwt";
const SCOPES = ["account", "repository", "repository:write", "pullrequest", "pullrequest:write", "webhook"];

/** Bitbucket Cloud: a Connect JWT is swapped for an access token, which the REST API takes. */
export function createBitbucket(
  registry: Registry,
  tokens: AccessTokens,
  exchanges: Exchange[],
  now: () => number,
): Service[] {
  const refuse = (status: number, error: string, claims?: JsonObject): WebResponse => {
    exchanges.push(Object.freeze({ grant: "bitbucket", verdict: error, ...(claims === undefined ? {} : { claims }) }));
    return json(status, { error, error_description: `${error}.` });
  };

  const swap = async (request: WebRequest): Promise<WebResponse> => {
    if (request.method !== "POST") return json(405, { error: "method_not_allowed" }, { allow: "POST" });
    const token = findConnectToken(request);
    const claims = parseToken(token ?? "")?.claims as JsonObject | undefined;
    const form = await readForm(request);
    if (form === undefined) return refuse(400, "invalid_request", claims);
    if (form.get("grant_type") !== GRANT) return refuse(400, "unsupported_grant_type", claims);
    if (token === undefined || claims === undefined) return refuse(401, "invalid_client", claims);

    // One app may be installed in many workspaces: `sub` says which one it speaks for.
    const find = (appKey: string): ReturnType<Registry["find"]> =>
      registry.list.find(
        (one) => one.productType === "bitbucket" && one.appKey === appKey && one.clientKey === claims["sub"],
      );
    // Whether the form joins the hash is not documented, so both hashes are taken.
    const body = await request.clone().text();
    const bare = { request, contextPath: "", find, now: now() };
    const verdicts = [await judgeConnectToken(token, bare), await judgeConnectToken(token, { ...bare, form: body })];
    const installation = verdicts.find((verdict) => verdict.installation !== undefined)?.installation;
    if (installation === undefined) return refuse(401, "invalid_client", claims);

    const scope = form.get("scope");
    const asked = (scope ?? "").split(/[ ,]/).filter((one) => one !== "");
    if (!asked.every((one) => SCOPES.includes(one))) return refuse(400, "invalid_scope", claims);
    const scopes = asked.length === 0 ? SCOPES : asked;
    const user = { accountId: installation.clientKey, accountType: "app", displayName: installation.appKey };
    const issued = tokens.issue(installation, user, scopes, 7200);
    exchanges.push(
      Object.freeze({ grant: "bitbucket", verdict: "granted", claims, ...(scope === undefined ? {} : { scope }) }),
    );
    return json(200, {
      access_token: issued.accessToken,
      scopes: scopes.join(" "),
      expires_in: 7200,
      token_type: "bearer",
    });
  };

  const api = async (request: WebRequest): Promise<WebResponse> => {
    const [, bearer = ""] = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    const judged = tokens.judge(bearer, "bitbucket", request.method);
    if ("refusal" in judged)
      return json(401, { type: "error", error: { message: "Access token expired or invalid." } });
    if (new URL(request.url).pathname !== "/2.0/user") {
      return json(404, { type: "error", error: { message: "Resource not found" } });
    }
    return json(200, { type: "app_user", account_id: judged.user.accountId, display_name: judged.user.displayName });
  };

  return [
    { prefix: "https://bitbucket.org/site/oauth2/access_token", answer: swap },
    { prefix: "https://api.bitbucket.org/", answer: api },
  ];
}
