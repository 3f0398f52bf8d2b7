import type { FetchLike, JsonObject, WebRequest, WebResponse } from "../types.ts";
import { unauthorized } from "./answers.ts";
import { targetOf } from "./canonical.ts";
import { confluenceRoutes, defaultPages } from "./confluence.ts";
import { dataCenterRoutes, defaultLicenses, type FakeLicense } from "./data-center-routes.ts";
import { percentDecode, percentEncode } from "./encoding.ts";
import { createIssues, defaultIssues } from "./issues.ts";
import type { Judgement } from "./judgement.ts";
import { createNetwork, type NetworkControls } from "./network.ts";
import { type OAuth1Problem, oauth1Problem, type OAuth1ProblemName, problemResponse } from "./oauth1-problem.ts";
import { type Consent, createOAuth1Provider } from "./oauth1-provider.ts";
import { type OAuth1Request, type Pair, readOAuth1Request } from "./oauth1-request.ts";
import { spkiOf } from "./oauth1-signature.ts";
import { createOAuth1Store, type FakeAccessToken, type FakeConsumer, type FakeRequestToken } from "./oauth1-store.ts";
import { type DataCenterQuirks, type OAuth1Finding, REQUIRED, validateMessage } from "./oauth1-verifier.ts";
import { type Call, findRoute, queryOf, type Route } from "./routes.ts";
import { defaultUsers, type FakeUser } from "./users.ts";

/** How the fake Data Center site is set up. */
export interface FakeDataCenterOptions {
  /** The site, with its context path: `https://jira.example.com` if absent. */
  readonly baseUrl?: string;
  /** `"jira"` if absent. */
  readonly product?: "jira" | "confluence";
  /** The incoming application links. */
  readonly consumers?: readonly FakeConsumer[];
  readonly users?: readonly FakeUser[];
  /** Tokens from earlier dances. */
  readonly accessTokens?: readonly FakeAccessToken[];
  readonly requestTokens?: readonly FakeRequestToken[];
  readonly licenses?: readonly FakeLicense[];
  /** The `fields` of the issues that are there at the start. */
  readonly issues?: readonly JsonObject[];
  readonly quirks?: DataCenterQuirks;
  /** The clock, in seconds since the epoch. */
  readonly now?: () => number;
}

/** A Jira or Confluence Data Center site that verifies OAuth 1.0a with code of its own. */
export interface FakeDataCenter extends NetworkControls {
  /** The site's base URL, without a trailing slash. */
  readonly baseUrl: string;
  /** Answers a request as the site would. */
  readonly fetch: FetchLike;
  readonly users: readonly FakeUser[];
  /** Every call that was judged, in order, with the base string as the server computed it. */
  readonly log: readonly Judgement[];
  /** The tokens that calls can be made with now. */
  readonly accessTokens: () => readonly FakeAccessToken[];
  /** Adds an incoming application link, or replaces the one with that key. */
  addConsumer(consumer: FakeConsumer): void;
  removeConsumer(consumerKey: string): void;
  /**
   * Consents to a request token in a person's stead.
   *
   * @param user the login name; the first user if absent
   * @throws {Error} when the token cannot be approved; the message is the `oauth_problem`
   */
  approve(requestToken: string, user?: string): Consent;
  /** Refuses a request token in a person's stead. @throws {Error} when there is nothing to refuse */
  deny(requestToken: string): Consent;
  /** Takes an access token back. */
  revoke(accessToken: string): void;
  /** Makes the next signed requests fail with this problem, whatever they say. */
  complain(
    problem: OAuth1ProblemName,
    options?: { readonly times?: number; readonly parameters?: readonly Pair[] },
  ): void;
}

/** Without all of these the filter looks away, and the call is anonymous. */
const SIX: readonly string[] = [...REQUIRED, "oauth_token"];

/**
 * Creates a Data Center site that is an OAuth 1.0a provider: request token, consent page, access token, and signed REST
 * calls, each judged by a parser and `crypto.subtle` of its own.
 *
 * Use it to try the dance, or a script that lives on its tokens, without a Data Center installation.
 *
 * @example
 * ```ts
 * import { createFakeDataCenter } from "jwt-qsh/testing";
 *
 * const site = createFakeDataCenter({
 *   consumers: [{ consumerKey: "my-script", signatureMethod: "HMAC-SHA1", consumerSecret: "a long secret" }],
 * });
 * const response = await site.fetch(new Request("https://jira.example.com/rest/api/2/serverInfo"));
 * console.log(response.headers.get("x-ausername")); // "anonymous"
 * ```
 *
 * @throws {TypeError} when `options.baseUrl` is not an absolute http or https URL, or a consumer's key is no public key
 */
export function createFakeDataCenter(options: FakeDataCenterOptions = {}): FakeDataCenter {
  const baseUrl = (options.baseUrl ?? "https://jira.example.com").replace(/\/+$/, "");
  if (!/^https?:\/\/[^/?#]+(?:\/[^?#]*)?$/.test(baseUrl)) {
    throw new TypeError('"options.baseUrl" must be an absolute http or https URL without query and fragment');
  }
  const { origin, pathname } = new URL(baseUrl);
  const contextPath = pathname === "/" ? "" : pathname;
  const quirks = options.quirks ?? {};
  const clock = options.now ?? ((): number => Date.now() / 1000);
  const now = (): number => clock() + (quirks.skewSeconds ?? 0);
  const users = options.users ?? defaultUsers();
  const log: Judgement[] = [];
  const complaints: OAuth1Problem[] = [];
  const store = createOAuth1Store();
  const addConsumer = (consumer: FakeConsumer): void => {
    if (consumer.signatureMethod.startsWith("RSA")) spkiOf(consumer.publicKey ?? "");
    store.consumers.set(consumer.consumerKey, consumer);
  };
  for (const consumer of options.consumers ?? []) addConsumer(consumer);
  for (const token of options.accessTokens ?? []) store.accessTokens.set(token.token, { ...token });
  for (const token of options.requestTokens ?? []) store.requestTokens.set(token.token, { ...token });

  const routes: Route[] =
    options.product === "confluence"
      ? confluenceRoutes(baseUrl, defaultPages())
      : dataCenterRoutes(
          baseUrl,
          createIssues(options.issues ?? defaultIssues()),
          () => options.licenses ?? defaultLicenses(now()),
          now,
        );
  const provider = createOAuth1Provider({ baseUrl, store, users, quirks, log, now });

  const answer = async (request: WebRequest): Promise<WebResponse> => {
    const target = targetOf(request.url);
    if (target.path !== contextPath && !target.path.startsWith(`${contextPath}/`)) {
      return new Response("<html><body>404</body></html>", { status: 404, headers: { "content-type": "text/html" } });
    }
    const path = target.path.slice(contextPath.length);
    const oauth = await readOAuth1Request(request, quirks);
    const complaint = oauth.get("oauth_signature") === undefined ? undefined : complaints.shift();
    if (complaint !== undefined) return refuse(request, complaint);
    const servlet = await provider.answer(path, request);
    if (servlet !== undefined) return servlet;

    let user: FakeUser | undefined;
    if (SIX.every((name) => oauth.get(name) !== undefined)) {
      const found = await judge(request, oauth);
      if (found.problem !== undefined) return refuse(request, found.problem, found);
      user = found.user;
      write(request, "oauth1", "accepted", found, user);
    } else {
      write(request, "none", "accepted", {});
    }
    const response = await serve(request, path, target.query, user);
    response.headers.set("x-ausername", user?.name ?? "anonymous");
    return response;
  };

  /** Token, then message, in the order of the facts. */
  async function judge(request: WebRequest, oauth: OAuth1Request): Promise<OAuth1Finding & { user?: FakeUser }> {
    const [token, consumerKey] = [oauth.get("oauth_token") ?? "", oauth.get("oauth_consumer_key") ?? ""];
    const held = store.accessTokens.get(token);
    const twoLegged = token === "" ? store.consumers.get(consumerKey)?.twoLeggedUser : undefined;
    const user = users.find(({ name }) => name === (held?.user ?? twoLegged));
    if (user === undefined || (held !== undefined && held.consumerKey !== consumerKey)) {
      return { problem: oauth1Problem("token_rejected") };
    }
    if (held?.revoked === true) return { problem: oauth1Problem("token_revoked") };
    if (held !== undefined && held.expiresAt <= now()) return { problem: oauth1Problem("token_expired") };
    const finding = await validateMessage(request, oauth, held?.secret ?? "", store, quirks, now());
    return finding.problem === undefined ? { ...finding, user } : finding;
  }

  async function serve(request: WebRequest, path: string, query: string, user?: FakeUser): Promise<WebResponse> {
    const call: Call = {
      request,
      method: request.method,
      url: request.url,
      path: percentDecode(path) ?? "",
      query: queryOf(query),
      contentType: request.headers.get("content-type") ?? "",
      body: await request.clone().text(),
      ...(user === undefined ? {} : { user: { ...user, accountType: "atlassian" } }),
    };
    const found = findRoute(routes, call);
    if (user === undefined && (found instanceof Response || found.route.anonymous !== true)) {
      if (quirks.redirectToLogin302 !== true) return unauthorized([`OAuth realm="${percentEncode(baseUrl)}"`]);
      const location = `${baseUrl}/login.jsp?os_destination=${percentEncode(path)}`;
      return new Response(null, { status: 302, headers: { location } });
    }
    return found instanceof Response ? found : found.route.answer(call, ...found.groups);
  }

  function refuse(request: WebRequest, problem: OAuth1Problem, finding: OAuth1Finding = {}): WebResponse {
    write(request, "oauth1", problem.problem, finding);
    return problemResponse(problem, baseUrl);
  }

  function write(
    { method, url }: WebRequest,
    credential: "oauth1" | "none",
    verdict: string,
    { baseString }: OAuth1Finding,
    user?: FakeUser,
  ): void {
    const facts = baseString === undefined ? {} : { baseString };
    const who = user === undefined ? {} : { accountId: user.name ?? "" };
    log.push(Object.freeze({ method, url, credential, verdict, ...facts, ...who }));
  }

  const decide = (token: string, user: string | undefined): Consent => {
    const decision = provider.decide(token, user);
    if ("problem" in decision) throw new Error(decision.problem);
    return decision;
  };

  return Object.freeze({
    ...createNetwork([{ prefix: `${origin}/`, answer }]),
    baseUrl,
    users,
    log,
    accessTokens: () => [...store.accessTokens.values()].filter(({ revoked }) => revoked !== true),
    addConsumer,
    removeConsumer: (consumerKey: string) => void store.consumers.delete(consumerKey),
    approve: (token: string, user = users[0]?.name ?? "") => decide(token, user),
    deny: (token: string) => decide(token, undefined),
    revoke: (token: string) => {
      const held = store.accessTokens.get(token);
      if (held !== undefined) held.revoked = true;
    },
    complain: (
      problem: OAuth1ProblemName,
      { times = 1, parameters = [] }: Parameters<FakeDataCenter["complain"]>[1] = {},
    ) => {
      for (let i = 0; i < times; i++) complaints.push(oauth1Problem(problem, ...parameters));
    },
  });
}
