/** The vectors of the JWT bearer grant: assertions, token requests, and a server's answers. */
import { decodeJwt, secretKey } from "../../../dist/index.js";
import { buildTokenRequest, buildUserAssertion, createUserTokenSource, parseTokenResponse } from "../../../dist/oauth2.js";
import { verifyJwtSync } from "../../../dist/sync.js";
import { equal, settled, truth } from "./verdict.mjs";

const CODES = {
  token_endpoint_error: "ERR_EXCHANGE_REJECTED",
  token_response_invalid: "ERR_EXCHANGE_MALFORMED",
  token_response_too_large: "ERR_EXCHANGE_MALFORMED",
  token_request_failed: "ERR_EXCHANGE_UNREACHABLE",
};
const LONG_SECRET = "a-shared-secret-of-at-least-32-bytes";

function grantOf({ baseUrl, accountId, userKey, oauthClientId, sharedSecret }) {
  return {
    installation: { baseUrl, oauthClientId, sharedSecret },
    ...(accountId !== undefined && { accountId }),
    ...(userKey !== undefined && { userKey }),
    allowShortSecret: true,
  };
}

export function oauth2Cases({ oauth2 }, { add }) {
  for (const { id, input, go, npm, expect: want } of oauth2.assertions) {
    const { authServer: authorizationServer } = input;
    const scopes = input.scopes === null ? {} : { scopes: input.scopes };
    if (want.reject !== undefined) {
      add(
        `${id} is refused`,
        async () => {
          const { error } = await settled(() => createUserTokenSource({ ...grantOf(input), ...scopes }));
          truth(String(error?.code).startsWith("ERR_INVALID_ARG_"), "at the door");
        },
        "URL",
      );
      continue;
    }
    const now = () => input.nowMs / 1000;
    add(
      `${id}: the assertion`,
      async () => {
        const assertion = await buildUserAssertion({ ...grantOf(input), authorizationServer, now });
        const { header, claims } = decodeJwt(assertion);
        equal(sorted(header), sorted(want.header), "header");
        equal(sorted(claims), sorted(want.claims), "claims");
        const key = secretKey(input.sharedSecret, { allowShortSecret: true });
        for (const one of [assertion, go?.assertion, npm?.assertion].filter((each) => each !== undefined)) {
          const verified = verifyJwtSync(one, key, { audience: authorizationServer, now });
          equal(verified.claims.sub, want.claims.sub, "the subject");
        }
      },
      "URL",
    );
    add(
      `${id}: the request`,
      async () => {
        const request = buildTokenRequest("header.payload.signature", { authorizationServer, ...scopes });
        equal([request.method, request.url, request.redirect], ["POST", want.tokenUrl, "manual"], "the request");
        const body = await request.text();
        equal(body, want.bodyTemplate.replace("{assertion}", "header.payload.signature"), "the body");
      },
      "URL",
      "Request",
    );
  }
  answerCases(oauth2, add);
}

/** By name: the order of members is no part of what is said. */
function sorted(object) {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}

function answerCases({ responses }, add) {
  for (const { id, nowMs, response: given, expect: want } of responses) {
    const now = () => nowMs / 1000;
    const answer = () => {
      const body = given.status === 304 ? null : given.body.padEnd(given.padTo ?? 0, given.padWith);
      return new Response(body, { status: given.status, headers: given.headers });
    };
    const judge = ({ value, error }, what) => {
      const lifetimes = { default: 300, max: 86_400 };
      const expiresAt = now() + (lifetimes[want.expiresIn] ?? want.expiresIn ?? 0);
      if (want.ok) return equal([value?.accessToken, value?.expiresAt], [want.accessToken, expiresAt], what);
      equal(error?.code, CODES[want.code ?? want.error ?? "token_request_failed"], what);
      if (want.status !== undefined) equal(error.status, want.status, "status");
      if (want.oauthError !== undefined) truth(error.problem.startsWith(want.oauthError), "problem");
      equal(error.retryAfter, want.retryAfterMs === undefined ? undefined : want.retryAfterMs / 1000, "retryAfter");
    };
    const needs = ["Request", "URL", "ReadableStream", "AbortController", "setTimeout"];
    if (given.networkError === undefined) {
      add(`${id}: parsed`, async () => judge(await settled(() => parseTokenResponse(answer(), { now })), "parse"), ...needs);
    }
    add(
      `${id}: a token source`,
      async () => {
        let asked = 0;
        const fetch = async () => {
          asked++;
          if (given.networkError !== undefined) throw new TypeError("fetch failed");
          return answer();
        };
        const installation = { baseUrl: "https://example.atlassian.net", oauthClientId: "client", sharedSecret: LONG_SECRET };
        const source = createUserTokenSource({ installation, accountId: "user", fetch, now });
        judge(await settled(() => source.getToken()), "getToken");
        equal(asked, want.clockRetry === true ? 2 : 1, "token requests");
        if (!want.ok) return;
        await source.getToken();
        equal(asked, want.cache === true ? 1 : 2, "token requests in the end");
      },
      ...needs,
    );
  }
}
