import type { WebRequest, WebResponse } from "../types.ts";
import { targetOf } from "./canonical.ts";
import { consentPage, verifierPage } from "./consent-page.ts";
import { percentEncode } from "./encoding.ts";
import type { Judgement } from "./judgement.ts";
import { type OAuth1Problem, oauth1Problem, problemResponse, statusOf } from "./oauth1-problem.ts";
import { type OAuth1Request, readOAuth1Request } from "./oauth1-request.ts";
import {
  ACCESS_TOKEN_LIFETIME,
  type FakeAccessToken,
  type FakeRequestToken,
  newVerifier,
  type OAuth1Store,
} from "./oauth1-store.ts";
import { absent, type DataCenterQuirks, REQUIRED, validateMessage } from "./oauth1-verifier.ts";
import type { FakeUser } from "./users.ts";

/** What a person decided on the consent page. */
export interface Consent {
  /** The short code for `oob`, or what the callback carries; `"denied"` when access was refused. */
  readonly verifier: string;
  /** Where the browser is sent; absent for `oob`. */
  readonly callbackUrl?: string;
}

export interface OAuth1ProviderParts {
  /** The site's base URL, with its context path. */
  readonly baseUrl: string;
  readonly store: OAuth1Store;
  readonly users: readonly FakeUser[];
  readonly quirks: DataCenterQuirks;
  readonly log: Judgement[];
  /** The server's clock, skew included, in seconds. */
  readonly now: () => number;
}

/** The three servlets of the dance. */
export interface OAuth1Provider {
  /** Answers below `/plugins/servlet/oauth/`; `undefined` for any other path. @param path below the context path */
  answer(path: string, request: WebRequest): Promise<WebResponse | undefined>;
  decide(token: string, user: string | undefined): Consent | OAuth1Problem;
}

export function createOAuth1Provider(parts: OAuth1ProviderParts): OAuth1Provider {
  const { baseUrl, store, quirks, log } = parts;

  const requestToken = async (request: WebRequest, oauth: OAuth1Request): Promise<WebResponse> => {
    const consumerKey = oauth.get("oauth_consumer_key") ?? "";
    const callback = oauth.get("oauth_callback");
    const wanted = quirks.allowOAuth10WithoutVerifier === true ? REQUIRED : [...REQUIRED, "oauth_callback"];
    const missing = absent(oauth, wanted);
    if (missing !== undefined) return judged(request, { problem: missing });
    if (!store.consumers.has(consumerKey)) return judged(request, { problem: oauth1Problem("consumer_key_unknown") });
    const finding = await validateMessage(request, oauth, "", store, quirks, parts.now());
    if (finding.problem !== undefined) return judged(request, finding);
    if (callback !== undefined && callback !== "oob" && !/^https?:\/\/[^/?#]+/i.test(callback)) {
      const advice = "As per OAuth spec version 1.0 Revision A Section 6.1, the oauth_callback must be oob or absolute";
      const rejected = ["oauth_parameters_rejected", "oauth_callback"] as const;
      return judged(request, {
        problem: oauth1Problem("parameter_rejected", rejected, ["oauth_problem_advice", advice]),
      });
    }
    const made = store.newRequestToken(consumerKey, callback, parts.now());
    const confirmed = callback === undefined ? {} : { oauth_callback_confirmed: "true" };
    const body = { oauth_token: made.token, oauth_token_secret: made.secret, ...confirmed };
    return judged(request, finding, body);
  };

  const accessToken = async (request: WebRequest, oauth: OAuth1Request): Promise<WebResponse> => {
    const missing = absent(oauth, [...REQUIRED, "oauth_token"]);
    if (missing !== undefined) return judged(request, { problem: missing });
    const held = store.requestTokens.get(oauth.get("oauth_token") ?? "");
    const renewed = store.accessTokens.get(oauth.get("oauth_token") ?? "");
    const problem = held === undefined ? checkRenewal(oauth, renewed) : checkExchange(oauth, held);
    if (problem !== undefined) return judged(request, { problem });
    const secret = (held ?? renewed)?.secret ?? "";
    const finding = await validateMessage(request, oauth, secret, store, quirks, parts.now());
    if (finding.problem !== undefined) return judged(request, finding);

    const [consumerKey, user] = [oauth.get("oauth_consumer_key") ?? "", (held ?? renewed)?.user ?? ""];
    const made = store.newAccessToken(consumerKey, user, parts.now(), renewed?.sessionExpiresAt);
    store.requestTokens.delete(held?.token ?? "");
    store.accessTokens.delete(renewed?.token ?? "");
    return judged(request, finding, {
      oauth_token: made.token,
      oauth_token_secret: made.secret,
      oauth_expires_in: String(ACCESS_TOKEN_LIFETIME),
      oauth_session_handle: made.sessionHandle,
      oauth_authorization_expires_in: String(Math.floor(made.sessionExpiresAt - parts.now())),
    });
  };

  function checkExchange(oauth: OAuth1Request, held: FakeRequestToken): OAuth1Problem | undefined {
    if (held.expiresAt <= parts.now()) return oauth1Problem("token_expired");
    if (held.state === "pending") return oauth1Problem("permission_unknown");
    if (held.state === "denied") return oauth1Problem("permission_denied");
    if (held.consumerKey !== oauth.get("oauth_consumer_key")) return oauth1Problem("token_rejected");
    if (held.callback === undefined) return undefined;
    const verifier = oauth.get("oauth_verifier");
    if (verifier === undefined) return absent(oauth, ["oauth_verifier"]);
    return verifier === held.verifier ? undefined : oauth1Problem("token_rejected");
  }

  function checkRenewal(oauth: OAuth1Request, held: FakeAccessToken | undefined): OAuth1Problem | undefined {
    if (held === undefined || held.revoked === true || quirks.renewal !== true) return oauth1Problem("token_rejected");
    if (held.consumerKey !== oauth.get("oauth_consumer_key")) return oauth1Problem("token_rejected");
    const missing = absent(oauth, ["oauth_session_handle"]);
    if (missing !== undefined) return missing;
    if (held.sessionHandle !== oauth.get("oauth_session_handle")) return oauth1Problem("token_rejected");
    return held.sessionExpiresAt <= parts.now() ? oauth1Problem("permission_denied") : undefined;
  }

  /** Writes the log, and the answer. */
  function judged(
    request: WebRequest,
    { problem, baseString }: { readonly problem?: OAuth1Problem; readonly baseString?: string },
    body: Readonly<Record<string, string>> = {},
  ): WebResponse {
    const facts = baseString === undefined ? {} : { baseString };
    const { method, url } = request;
    log.push(Object.freeze({ method, url, credential: "oauth1", verdict: problem?.problem ?? "accepted", ...facts }));
    if (problem === undefined) {
      const text = Object.entries(body)
        .map((pair) => pair.map(percentEncode).join("="))
        .join("&");
      const headers = { "content-type": "text/plain;charset=UTF-8" };
      return new Response(quirks.trailingNewline === true ? `${text}\n` : text, { headers });
    }
    if (quirks.htmlErrorPage !== true) return problemResponse(problem, baseUrl);
    const page = "<html><head><title>Oops - an error has occurred</title></head><body>OAuth</body></html>";
    return new Response(page, { status: statusOf(problem.problem), headers: { "content-type": "text/html" } });
  }

  const decide: OAuth1Provider["decide"] = (token, user) => {
    const held = store.requestTokens.get(token);
    if (held === undefined) return oauth1Problem("token_rejected");
    if (held.expiresAt <= parts.now()) return oauth1Problem("token_expired");
    if (held.state !== "pending") return oauth1Problem("token_used");
    const verifier = user === undefined ? "denied" : newVerifier();
    held.state = user === undefined ? "denied" : "approved";
    if (user !== undefined) Object.assign(held, { verifier, user });
    if (held.callback === undefined || held.callback === "oob") return { verifier };
    const parameters = `oauth_token=${percentEncode(token)}&oauth_verifier=${percentEncode(verifier)}`;
    return { verifier, callbackUrl: `${held.callback}${held.callback.includes("?") ? "&" : "?"}${parameters}` };
  };

  const authorize = async (request: WebRequest): Promise<WebResponse> => {
    const isPost = request.method === "POST";
    const fields = new URLSearchParams(isPost ? await request.clone().text() : targetOf(request.url).query);
    const held = store.requestTokens.get(fields.get("oauth_token") ?? "");
    if (held === undefined) return problemResponse(oauth1Problem("token_rejected"), baseUrl);
    if (!isPost) {
      if (held.expiresAt <= parts.now()) return problemResponse(oauth1Problem("token_expired"), baseUrl);
      if (held.state !== "pending") return problemResponse(oauth1Problem("token_used"), baseUrl);
      const { name, consumerKey } = store.consumers.get(held.consumerKey) ?? { consumerKey: held.consumerKey };
      return consentPage(held.token, name ?? consumerKey, parts.users);
    }
    const decision = decide(
      held.token,
      fields.has("approve") ? (fields.get("user") ?? parts.users[0]?.name) : undefined,
    );
    if ("problem" in decision) return problemResponse(decision, baseUrl);
    if (decision.callbackUrl === undefined) return verifierPage(decision.verifier);
    return new Response(null, { status: 302, headers: { location: decision.callbackUrl } });
  };

  return {
    decide,
    async answer(path, request) {
      const [, servlet] = /^\/plugins\/servlet\/oauth\/([a-z-]+)\/?$/.exec(path) ?? [];
      if (servlet === "authorize") return authorize(request);
      if (servlet !== "request-token" && servlet !== "access-token") return undefined;
      if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
      const oauth = await readOAuth1Request(request, quirks);
      return servlet === "request-token" ? requestToken(request, oauth) : accessToken(request, oauth);
    },
  };
}
