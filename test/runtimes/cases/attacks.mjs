/** The attack corpus, as far as it is about one token and one key, or about one answer of a token endpoint. */
import * as core from "../../../dist/index.js";
import { createOAuth1Consumer } from "../../../dist/oauth1.js";
import { createUserTokenSource } from "../../../dist/oauth2.js";
import * as sync from "../../../dist/sync.js";
import { equal, oneOf, settled, truth } from "./verdict.mjs";

/** The kinds of the corpus, by our codes. */
export const ATTACK_CODES = {
  token_missing: ["ERR_TOKEN_MISSING"],
  token_ambiguous: ["ERR_TOKEN_AMBIGUOUS"],
  token_too_large: ["ERR_TOKEN_TOO_LARGE"],
  malformed_token: ["ERR_TOKEN_MALFORMED"],
  unsupported_algorithm: ["ERR_TOKEN_ALGORITHM"],
  wrong_token_type: ["ERR_TOKEN_ALGORITHM"],
  unsupported_header: ["ERR_TOKEN_HEADER"],
  context_token_not_allowed: ["ERR_TOKEN_KIND"],
  replayed: ["ERR_TOKEN_REPLAYED"],
  invalid_kid: ["ERR_KEY_ID"],
  invalid_key: ["ERR_KEY_INVALID"],
  key_not_found: ["ERR_KEY_NOT_FOUND"],
  key_fetch_failed: ["ERR_KEY_FETCH"],
  rate_limited: ["ERR_KEY_RATE_LIMIT"],
  invalid_signature: ["ERR_TOKEN_SIGNATURE"],
  missing_claim: ["ERR_CLAIM_MISSING"],
  invalid_claim: ["ERR_CLAIM_INVALID"],
  expired: ["ERR_TOKEN_EXPIRED"],
  not_yet_valid: ["ERR_TOKEN_NOT_YET_VALID"],
  issuer_mismatch: ["ERR_CLAIM_MISMATCH"],
  audience_mismatch: ["ERR_CLAIM_MISMATCH"],
  tenant_mismatch: ["ERR_CLAIM_MISMATCH"],
  qsh_missing: ["ERR_QSH_MISSING"],
  qsh_mismatch: ["ERR_QSH_MISMATCH"],
  invalid_request: ["ERR_LIFECYCLE_BODY"],
  invalid_response: ["ERR_EXCHANGE_MALFORMED"],
  token_request_failed: ["ERR_EXCHANGE_REJECTED"],
  invalid_option: ["ERR_INVALID_ARG_TYPE", "ERR_INVALID_ARG_VALUE"],
};

const OPTIONS = {
  leewaySec: "leeway",
  requireExp: "requireExp",
  issuer: "issuer",
  audience: "audience",
  subject: "subject",
  typ: "typ",
  maxTokenAgeSec: "maxAge",
  maxLifetimeSec: "maxLifetime",
  maxTokenChars: "maxTokenLength",
};
/** These attack an `algorithms` option, which we do not have. */
const NO_SUCH_OPTION = new Set(["A093", "A094"]);

/** The marks of the corpus: `{"$num"}` for a number that JSON lacks, `{"repeat"}` for a long run. */
export function numberOf(value) {
  return typeof value === "object" && value !== null && "$num" in value ? Number(value.$num) : value;
}
export function textOf(part) {
  return typeof part === "string" ? part : part.repeat[0].repeat(part.repeat[1]);
}

/** Everything that a log shows of an error, and of what caused it. */
export function tellsOf(error) {
  if (typeof error !== "object" || error === null) return String(error);
  const { message, stack, cause } = error;
  // A stack has line breaks of its own, which are what some cases forbid.
  const own = [message, stack?.split("\n").join(""), String(error), JSON.stringify(error)].join(" ");
  return cause === undefined ? own : `${own} ${tellsOf(cause)}`;
}

/** Holds a refusal to tell nothing that the case forbids. */
export function tellsNothing(error, secrets = []) {
  const told = tellsOf(error);
  for (const secret of secrets) truth(!told.includes(secret), "the error keeps what it must keep");
}

export function attackCases({ attacks }, { add, has }) {
  for (const attack of attacks.cases.filter(({ op, id }) => op === "jwt.verify" && !NO_SUCH_OPTION.has(id))) {
    const material = typeof attack.key === "string" ? attacks.keys[attack.key] : attack.key;
    const isSecret = material.type === "secret";
    const key = () => (isSecret ? core.secretKey(secretOf(material)) : core.publicKey(material.pem));
    const options = { now: () => attack.options.now };
    for (const [name, ours] of Object.entries(OPTIONS)) {
      if (name in attack.options) options[ours] = numberOf(attack.options[name]);
    }
    const token = () => attack.input.tokenParts?.map(textOf).join("") ?? attack.input.token;
    const { result, kind, mustNotContain } = attack.expect;
    const allowed = result === "accept" ? ["ok"] : ATTACK_CODES[kind];
    const judge = ({ error }, what, isSupported) => {
      oneOf(error?.code ?? "ok", allowed, what, isSupported);
      tellsNothing(error, mustNotContain);
    };
    add(`${attack.id}: ${attack.name}`, async () => {
      judge(await settled(() => core.verifyJwt(token(), key(), options)), "verifyJwt", has("crypto.subtle") || isSecret);
      if (!isSecret) return;
      judge(await settled(() => sync.verifyJwtSync(token(), key(), options)), "verifyJwtSync", true);
    });
  }
}

function secretOf({ value, bytesHex }) {
  if (bytesHex === undefined) return value;
  return Uint8Array.from((bytesHex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
}

/** A hostile token endpoint before a token source, and before the OAuth 1.0a consumer. */
export function answerAttackCases({ attacks, oauth1 }, { add, has }) {
  const cases = (op) => attacks.cases.filter((one) => one.op === op);
  for (const { id, name, input, options, expect: want } of cases("bearer.exchange")) {
    add(
      `${id}: ${name}`,
      async () => {
        const asked = [];
        const fetch = async (request) => {
          asked.push(request.url);
          const route = input.server.routes.find(({ url }) => url === request.url);
          if (route === undefined) throw new TypeError("fetch failed");
          return new Response(route.body, { status: route.status, headers: route.headers });
        };
        const { tenant: installation, userAccountId: accountId } = input;
        const source = createUserTokenSource({ installation, accountId, fetch, now: () => options.now });
        const { value, error } = await settled(() => source.getToken());
        equal(asked, [options.tokenEndpoint], "who was asked");
        oneOf(error?.code ?? "ok", want.result === "accept" ? ["ok"] : ATTACK_CODES[want.kind], "getToken", true);
        if (value !== undefined) equal(value.expiresAt, want.expiresAt, "expiresAt");
        tellsNothing(error, [...(want.mustNotContain ?? []), installation.sharedSecret]);
      },
      "Request",
      "AbortController",
      "setTimeout",
    );
  }
  for (const { id, name, input, expect: want } of cases("oauth1.parseTokenResponse")) {
    add(
      `${id}: ${name}`,
      async () => {
        const consumer = createOAuth1Consumer({
          baseUrl: "https://jira.example.com",
          consumerKey: "c",
          privateKey: oauth1.keys.a2048.private_pem,
          nonce: () => "once",
          fetch: async () => new Response(input.body),
        });
        const { value, error } = await settled(() => consumer.requestToken({ callback: "oob" }));
        const allowed = want.result === "accept" ? ["ok"] : ["ERR_OAUTH1_RESPONSE"];
        oneOf(error?.code ?? "ok", allowed, "requestToken", has("crypto.subtle"));
        if (value !== undefined) equal(value, { token: "abc", tokenSecret: "s/x" }, "the token");
      },
      "Request",
      "AbortController",
      "setTimeout",
    );
  }
}
