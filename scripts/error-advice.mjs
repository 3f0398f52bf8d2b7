/** Code by code, what brings it about and what to do: the part of docs/errors.md that no source says. */
export const advice = {
  ERR_TOKEN_MISSING: {
    cause:
      "There is no `Authorization` header with the scheme of the verifier (`JWT` for Connect, `Bearer` for Forge), and no `jwt` parameter. A proxy may have taken the header off; a Connect token in a form counts only with `form: true`; a context token client runs outside of a product.",
    remedy: "Look at the request as it arrives. If the route is open to everybody, do not put a verifier before it.",
  },
  ERR_TOKEN_AMBIGUOUS: {
    cause:
      "A header and a `jwt` parameter, two `jwt` parameters, a header with two values, or a Connect and a Forge credential at once. Which of them counts would be a guess.",
    remedy: "Send one. Most often a page passes on its own URL, `?jwt=` and all, and sets the header too.",
  },
  ERR_TOKEN_TOO_LARGE: {
    cause: "The token has more than 16384 characters, or than `maxTokenLength`.",
    remedy: "No product sends such a token. For tokens of your own raise `maxTokenLength`, up to 65536.",
  },
  ERR_TOKEN_MALFORMED: {
    cause:
      "The text is no compact JWT: it is cut off, quoted, padded, encrypted, in another alphabet, or its JSON holds a member twice.",
    remedy: "Look at it with `npx jwt-qsh decode`. Pass the token alone, without the scheme and without quotes.",
  },
  ERR_TOKEN_ALGORITHM: {
    cause:
      "`alg` is another one than that of the key: an install signed with the shared secret, a context token at an install endpoint, a token of another issuer, or an attack.",
    remedy:
      "Use the verifier for what arrives: `createLifecycleVerifier` for installs (RS256), `createConnectVerifier` for the rest (HS256), `createForgeVerifier` for Forge. An app whose installs are not signed needs `\"apiMigrations\": { \"signed-install\": true }` in its descriptor.",
  },
  ERR_TOKEN_HEADER: {
    cause: "The header brings its own key or rules (`jwk`, `jku`, `x5c`, `crit`, `b64`, `zip`, ...), or another `typ`.",
    remedy: "No product sends one. For tokens of your own with another type, say so with `typ`.",
  },
  ERR_TOKEN_KIND: {
    cause:
      "The token is good, and of a kind that the route does not take: a context token where a request token is asked for, a session token, or a token that the app itself made for the product.",
    remedy:
      "Add the kind to `accept` where the route may take it. A context token says who looks at a page, and is bound to no URL: decide there yourself what the user may do.",
  },
  ERR_TOKEN_SIGNATURE: {
    cause:
      "Another secret or key made the signature: the app was installed anew and the store has the old secret, staging and production share a store, the secret was trimmed or base64-decoded, or somebody changed the token.",
    remedy:
      "Explain the token with `npx jwt-qsh explain --secret-file`, which tries the usual disfigurements of a secret. Keep the previous secret for a while: `createLifecycleHandler` does.",
  },
  ERR_TOKEN_EXPIRED: {
    cause:
      "`exp` is past by more than the leeway: a page was open for long, a link was kept, or this machine's clock is ahead. With `maxAge`, `iat` is too far back.",
    remedy:
      "Get a new token: a page by `createContextTokenClient`, which does so in time. Set the clock; `npx jwt-qsh doctor` compares it with the site's.",
  },
  ERR_TOKEN_NOT_YET_VALID: {
    cause: "`nbf` or `iat` is in the future by more than the leeway: the issuer's clock is ahead, or this machine's is behind.",
    remedy: "Set the clock. A little more `leeway` helps where it cannot be set; 300 seconds is the most.",
  },
  ERR_TOKEN_REPLAYED: {
    cause: "The `replayGuard` has seen this very token: the caller tried again with it, or somebody recorded it.",
    remedy: "Sign anew for every try; `createSignedFetch` does. A browser that reloads an iframe's URL sends the same token.",
  },
  ERR_CLAIM_MISSING: {
    cause: "A claim that is always asked for (`exp`, and `iss` where there are tenants), or that an option asks for, is not there. `error.claim` names it.",
    remedy: "Have the issuer set it. `requireExp: false` lifts `exp` alone, and only in `verifyJwt` and `verifyJwtSync`.",
  },
  ERR_CLAIM_INVALID: {
    cause: "A claim is of the wrong type or out of range: a time in milliseconds or as text, a list of no strings, a lifetime over the limit.",
    remedy: "Times are seconds since the epoch, as numbers. `error.claim` names the claim.",
  },
  ERR_CLAIM_MISMATCH: {
    cause:
      "`iss`, `aud` or `sub` is not what was asked for, to the letter; in an install, the body is about another tenant or app; in a Forge call, the token is for another app.",
    remedy:
      "Compare with `npx jwt-qsh decode`. For installs, `baseUrl` must be that of the descriptor, which is the audience; give a list while an app moves. `appId` must be that of the manifest.",
  },
  ERR_QSH_MISSING: {
    cause: "A tenant's token has no `qsh`. No product leaves it out.",
    remedy: "Sign with `createConnectSigner` or `signConnectToken`. Pages of the app itself get a session token, which has none.",
  },
  ERR_QSH_MISMATCH: {
    cause:
      "The two sides canonicalize differently, or the token is for another request: a proxy changed the path, the base URL's path is left on or cut twice, a parameter was added after signing, a form's pairs are missing, `+` was encoded twice.",
    remedy:
      "On the server `await error.explain()`, or `npx jwt-qsh explain`: both name the mistake. Sign what goes on the wire; verify the URL as it came in.",
  },
  ERR_INSTALLATION_UNKNOWN: {
    cause:
      "The store has no tenant with the token's `iss`, or has it as `enabled: false`: the install never arrived, the store was emptied, or the app looks into another environment's.",
    remedy: "Install the app anew on the site. Outside it looks the same as a wrong signature, on purpose.",
  },
  ERR_INSTALLATION_LOOKUP: {
    cause: "The store of tenants or the replay guard threw, hung for longer than `timeout`, or answered nonsense.",
    remedy: "Look at the store. Its own error is not passed on, for it may hold a secret: log it in the store.",
  },
  ERR_LIFECYCLE_BODY: {
    cause:
      "The body is no JSON object, is over 65536 bytes, names another event than the endpoint takes, or, for `installed`, lacks a usable `sharedSecret` or an https `baseUrl`.",
    remedy: "Make sure that nothing reads or parses the body before, and that the endpoint takes the event (`accept`).",
  },
  ERR_KEY_ID: {
    cause: "The token names no key, or with a `kid` that could lead elsewhere. Nothing was fetched.",
    remedy: "No product sends such a token; answer with the 401.",
  },
  ERR_KEY_NOT_FOUND: {
    cause: "No key server has a key of that name: another environment signed (staging), or the `kid` is made up.",
    remedy: "Set `environment`, or `keyServers` and `jwksUrl`, to where the app really is.",
  },
  ERR_KEY_FETCH: {
    cause: "The key server could not be reached in time, redirected, or did not answer with a key.",
    remedy: "Let the app reach the key servers. The product tries again; keys that were fetched before go on working.",
  },
  ERR_KEY_RATE_LIMIT: {
    cause: "More keys were asked for than `maxKeyFetches` in a minute: somebody sends made-up names, or verifiers are made per request.",
    remedy: "Make the verifier once, and keep it. Keys that are known cost nothing.",
  },
  ERR_KEY_INVALID: {
    cause:
      "A secret is empty, too short, or key material of another kind; an RSA key is cut off, too small, of the wrong half, or needs a passphrase. `error.remote` says whether it came from a key server or a store.",
    remedy: "The message and `error.hint` say which. `allowShortSecret: true` lifts the length of a secret, and weakens it.",
  },
  ERR_EXCHANGE_REJECTED: {
    cause:
      "The authorization server said no. `error.problem` is its word: `invalid_grant` for a user or a site that it does not know, `invalid_scope`, `invalid_client`.",
    remedy:
      "Check `oauthClientId`, the account id, and the scopes `ACT_AS_USER` and others in the descriptor. After a 429 or a 503 a token source asks for no token for a while: `error.retryAfter` says for how many seconds.",
  },
  ERR_EXCHANGE_MALFORMED: {
    cause: "The answer is no token response (RFC 6749 section 5.1): HTML, too large, without a token, or of another type.",
    remedy: "Check `authorizationServer`; a proxy's page is the usual reason.",
  },
  ERR_EXCHANGE_UNREACHABLE: {
    cause: "No answer within `timeout`.",
    remedy: "Try again later. While a token is still good, a token source goes on with it.",
  },
  ERR_OAUTH1_PROBLEM: {
    cause: "The server named an `oauth_problem`. It is at `error.problem`, its advice at `error.advice`.",
    remedy:
      "`error.hint` says what the word means. For `signature_invalid`, `explainBaseString` and `npx jwt-qsh explain --problem` compare the two base strings.",
  },
  ERR_OAUTH1_RESPONSE: {
    cause: "The answer of the dance is no token: a login page, a redirect, HTML of a proxy, or nothing at all.",
    remedy: "Check `baseUrl`, context path included, and that the application link exists.",
  },
  ERR_ORIGIN_NOT_ALLOWED: {
    cause: "A URL outside the origin and path of `baseUrl` was to be signed. Nothing was sent.",
    remedy: "Use a signed `fetch` for each site. Pages of results may link to another host: follow the path alone.",
  },
  ERR_UNSUPPORTED_RUNTIME: {
    cause: "The engine lacks what the call needs; `error.feature` names it. Most often it is a page on plain http, which has no `crypto.subtle`.",
    remedy: "Serve the page by https. HS256 and the query string hash work everywhere: see [runtimes](runtimes.md).",
  },
};
