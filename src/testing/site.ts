import type { WebRequest, WebResponse } from "../types.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { jiraErrors, unauthorized } from "./answers.ts";
import { targetOf } from "./canonical.ts";
import { findConnectToken, judgeConnectToken } from "./connect-credential.ts";
import { percentDecode } from "./encoding.ts";
import type { Judgement } from "./judgement.ts";
import type { FakeInstallation, FakeProduct } from "./registry.ts";
import { type Call, findRoute, queryOf, type Route } from "./routes.ts";

/** A product on the site: its context path and what it serves. */
export interface Product {
  readonly name: FakeProduct;
  /** `""`, or a path such as `/wiki`. */
  readonly contextPath: string;
  readonly baseUrl: string;
  readonly routes: readonly Route[];
}

export interface SiteParts {
  readonly origin: string;
  readonly products: readonly Product[];
  readonly log: Judgement[];
  readonly find: (appKey: string, product: FakeProduct) => FakeInstallation | undefined;
  readonly bearer: AccessTokens["judge"];
  readonly now: () => number;
}

/** The products' front door: who calls, and whether the resource is there for them. */
export function createSite(parts: SiteParts): (request: WebRequest) => Promise<WebResponse> {
  return async (request) => {
    const { path, query } = targetOf(request.url);
    const product = parts.products.find(
      ({ contextPath }) => path === contextPath || path.startsWith(`${contextPath}/`),
    );
    if (product === undefined) return jiraErrors(404, ["The requested page does not exist."]);
    const { body, contentType } = await readBody(request);
    const isForm = request.method === "POST" && /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType);
    const call: Call = {
      request,
      method: request.method,
      url: request.url,
      path: percentDecode(path.slice(product.contextPath.length)) ?? "",
      query: queryOf(query),
      contentType,
      body,
    };

    const caller = await authenticate(request, product, isForm ? body : undefined);
    parts.log.push(Object.freeze(caller.judgement));
    if (caller.response !== undefined) return caller.response;
    if (caller.judgement.verdict !== "accepted") return unauthorized(challenges(parts.origin));
    const found = findRoute(product.routes, call);
    if (caller.user === undefined && (found instanceof Response || found.route.anonymous !== true)) {
      return unauthorized(challenges(parts.origin));
    }
    if (found instanceof Response) return found;
    return found.route.answer(caller.user === undefined ? call : { ...call, user: caller.user }, ...found.groups);
  };

  async function authenticate(
    request: WebRequest,
    product: Product,
    form: string | undefined,
  ): Promise<{ judgement: Judgement; user?: NonNullable<Call["user"]>; response?: WebResponse }> {
    const seen = { method: request.method, url: request.url };
    const token = findConnectToken(request, form);
    if (token !== undefined) {
      const { verdict, installation, facts } = await judgeConnectToken(token, {
        request,
        contextPath: product.contextPath,
        ...(form === undefined ? {} : { form }),
        find: (appKey) => parts.find(appKey, product.name),
        now: parts.now(),
      });
      const judgement = { ...seen, credential: "connect", verdict, ...facts } as const;
      if (installation === undefined) return { judgement };
      const user = appUser(installation);
      return { judgement: { ...judgement, accountId: user.accountId }, user };
    }
    const [, bearer] = /^Bearer +(\S+)\s*$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    if (bearer === undefined) return { judgement: { ...seen, credential: "none", verdict: "accepted" } };
    const judged = parts.bearer(bearer, product.name, request.method);
    if ("refusal" in judged) {
      const judgement = { ...seen, credential: "bearer", verdict: judged.refusal } as const;
      return judged.response === undefined ? { judgement } : { judgement, response: judged.response };
    }
    const { user } = judged;
    const { accountId } = user;
    return { judgement: { ...seen, credential: "bearer", verdict: "accepted", accountId }, user };
  }
}

/** The account that an app acts as when it acts as itself. */
function appUser(installation: FakeInstallation): NonNullable<Call["user"]> {
  return {
    accountId: `5dd64082af96bc0efbe55103:${installation.appKey}`,
    accountType: "app",
    displayName: installation.appKey,
  };
}

function challenges(origin: string): string[] {
  const realm = encodeURIComponent(origin);
  return [`OAuth realm="${realm}"`, `JWT realm="${realm}"`];
}

async function readBody(request: WebRequest): Promise<{ body: string; contentType: string }> {
  return { body: await request.clone().text(), contentType: request.headers.get("content-type") ?? "" };
}
