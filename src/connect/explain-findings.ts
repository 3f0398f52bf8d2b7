/**
 * What can be wrong with a token besides its hash, in words. Every text is constant.
 */

/** What {@link explainToken} can find. */
export type TokenFindingCode =
  | "token-malformed"
  | "token-wrapped"
  | "header-refused"
  | "algorithm-none"
  | "algorithm-unexpected"
  | "algorithm-not-signed-install"
  | "signature-valid"
  | "signature-invalid"
  | "signature-not-checked"
  | "secret-unusable"
  | "secret-short"
  | "secret-has-line-break"
  | "secret-signed-with-line-break"
  | "secret-base64-decoded"
  | "secret-hex-decoded"
  | "secret-base64-encoded"
  | "secret-quoted"
  | "secret-empty"
  | "secret-is-client-key"
  | "secret-is-app-key"
  | "claim-malformed"
  | "expired"
  | "not-yet-valid"
  | "expires-soon"
  | "expiry-missing"
  | "issued-at-missing"
  | "times-in-milliseconds"
  | "lifetime-long"
  | "lifetime-none"
  | "issuer-missing"
  | "issuer-is-client-key"
  | "issuer-is-app-key"
  | "issuer-unexpected"
  | "issuer-differs-in-case"
  | "audience-missing"
  | "audience-unexpected"
  | "audience-differs-in-slash"
  | "context-token-not-accepted"
  | "session-token-not-accepted"
  | "request-token-not-accepted"
  | "lifecycle-token-not-accepted"
  | "forge-token"
  | "qsh-missing"
  | "qsh-valid"
  | "qsh-valid-decoded"
  | "qsh-mismatch"
  | "qsh-not-checked";

/** How bad a finding is: an `error` gets the token refused. */
export type FindingLevel = "error" | "warning" | "info";

interface FindingText {
  readonly level: FindingLevel;
  readonly message: string;
  readonly fix?: string;
  readonly claim?: string;
}

/** The words for each finding. */
export const findingTexts: Readonly<Record<TokenFindingCode, FindingText>> = {
  "token-malformed": {
    level: "error",
    message: "this is no token: three base64url segments of JSON are needed",
    fix: "copy the token whole, from the first eyJ to the end of the third segment",
  },
  "token-wrapped": {
    level: "warning",
    message: "the token came with a scheme, quotes or white space around it, which were removed",
    fix: 'the header is "Authorization: JWT <token>"; the parameter is jwt=<token>',
  },
  "header-refused": { level: "error", message: "the header has a parameter that is not accepted", fix: "leave typ at JWT; send no crit, jwk, jku or x5u" },
  "algorithm-none": { level: "error", message: "the token is not signed: its algorithm is none", fix: "sign it with HS256" },
  "algorithm-unexpected": {
    level: "error",
    message: "the algorithm is not the one that this kind of token has",
    fix: "requests, context and session tokens are HS256; installed and uninstalled are RS256",
  },
  "algorithm-not-signed-install": {
    level: "error",
    message: "the lifecycle token is HS256, as before signed installs",
    fix: 'add "apiMigrations": {"signed-install": true} to the descriptor',
  },
  "signature-valid": { level: "info", message: "the signature verifies" },
  "signature-invalid": {
    level: "error",
    message: "the signature does not verify with this secret or key",
    fix: "use the secret of this tenant's latest install; after a new install the old secret is void",
  },
  "signature-not-checked": { level: "info", message: "the signature was not checked: no secret or key was given that fits it" },
  "secret-unusable": { level: "error", message: "the secret cannot be used as a key", fix: "give the sharedSecret of the install, verbatim" },
  "secret-short": {
    level: "warning",
    message: "the secret is shorter than 32 bytes",
    fix: 'a real shared secret is longer; vectors and tests may say "allowShortSecret: true"',
  },
  "secret-has-line-break": {
    level: "error",
    message: "the given secret has white space at an end; without it the signature verifies",
    fix: "remove the line break: a secret read from a file often has one",
  },
  "secret-signed-with-line-break": {
    level: "error",
    message: "the token was signed with a line break at the end of the secret",
    fix: "trim the secret where the token is signed",
  },
  "secret-base64-decoded": {
    level: "error",
    message: "the token was signed with the base64-decoded secret",
    fix: "use the secret as text where the token is signed: its characters are the key",
  },
  "secret-hex-decoded": {
    level: "error",
    message: "the token was signed with the hex-decoded secret",
    fix: "use the secret as text where the token is signed: its characters are the key",
  },
  "secret-base64-encoded": {
    level: "error",
    message: "the token was signed with the base64 of the secret",
    fix: "use the secret as text where the token is signed: its characters are the key",
  },
  "secret-quoted": {
    level: "error",
    message: "the quotes around a secret were taken for a part of it",
    fix: "remove the quotes: env files and shells often leave them in",
  },
  "secret-empty": { level: "error", message: "the token was signed with an empty secret", fix: "check that the secret is set where the token is signed" },
  "secret-is-client-key": {
    level: "error",
    message: "the token was signed with the clientKey in place of the secret",
    fix: "sign with the sharedSecret of the install",
  },
  "secret-is-app-key": {
    level: "error",
    message: "the token was signed with the app key in place of the secret",
    fix: "sign with the sharedSecret of the install",
  },
  "claim-malformed": { level: "error", message: "a registered claim has the wrong type", fix: "iss and sub are text, exp, iat and nbf are numbers of seconds" },
  expired: { level: "error", message: "the token has expired", fix: "sign a new one for each request; if it is fresh, one of the clocks is wrong", claim: "exp" },
  "not-yet-valid": {
    level: "error",
    message: "the token is from the future: the clock that made it is ahead of this one",
    fix: "set both clocks by NTP",
    claim: "iat",
  },
  "expires-soon": { level: "warning", message: "the token has expired, but within the leeway", claim: "exp" },
  "expiry-missing": { level: "error", message: "the token never expires", fix: "set exp: iat plus 180 is usual", claim: "exp" },
  "issued-at-missing": { level: "warning", message: "the token does not say when it was issued; products require it", fix: "set iat", claim: "iat" },
  "times-in-milliseconds": {
    level: "error",
    message: "times are in milliseconds",
    fix: "write seconds: Math.floor(Date.now() / 1000)",
    claim: "exp",
  },
  "lifetime-long": { level: "warning", message: "the token is good for more than an hour", fix: "let it live 180 seconds, as is usual", claim: "exp" },
  "lifetime-none": { level: "error", message: "the token expires before it is issued", fix: "set exp after iat", claim: "exp" },
  "issuer-missing": { level: "error", message: "the token does not say who issued it", fix: "set iss", claim: "iss" },
  "issuer-is-client-key": {
    level: "error",
    message: "the issuer is the tenant's clientKey where the app key belongs",
    fix: "set iss to the key of the app's descriptor: a token that an app sends is issued by the app",
    claim: "iss",
  },
  "issuer-is-app-key": {
    level: "error",
    message: "the issuer is the app itself, where the tenant's clientKey belongs",
    fix: "what a product sends is issued by its clientKey; this token is one that the app made",
    claim: "iss",
  },
  "issuer-unexpected": {
    level: "error",
    message: "the issuer is not the expected one",
    fix: "compare with the clientKey of the install (from a product) or the app key of the descriptor (from an app)",
    claim: "iss",
  },
  "issuer-differs-in-case": { level: "error", message: "the issuer differs in letter case or white space alone", fix: "use the key verbatim", claim: "iss" },
  "audience-missing": { level: "error", message: "the token does not say whom it is for", fix: "set aud", claim: "aud" },
  "audience-unexpected": {
    level: "error",
    message: "the token is for another audience",
    fix: "an install is for the app's baseUrl; a session token is for one clientKey",
    claim: "aud",
  },
  "audience-differs-in-slash": {
    level: "warning",
    message: "the audience differs from the base URL in a trailing slash alone",
    claim: "aud",
  },
  "context-token-not-accepted": {
    level: "error",
    message: "this is a context token, which the route does not accept",
    fix: 'add "context" to accept where the route decides for itself what the user may do',
    claim: "qsh",
  },
  "session-token-not-accepted": {
    level: "error",
    message: "this is a session token of the app, which the route does not accept",
    fix: 'add "session" to accept, or send the token of the product',
  },
  "request-token-not-accepted": {
    level: "error",
    message: "this token is bound to a request, which the route does not accept",
    fix: 'add "request" to accept, or send a context token',
  },
  "lifecycle-token-not-accepted": {
    level: "error",
    message: "this is a lifecycle token",
    fix: "verify it with createLifecycleVerifier",
  },
  "forge-token": { level: "error", message: "this is a Forge invocation token", fix: "verify it with createForgeVerifier of jwt-qsh/forge" },
  "qsh-missing": { level: "error", message: "the token is bound to no request", fix: "set qsh to the query string hash of the request", claim: "qsh" },
  "qsh-valid": { level: "info", message: "the query string hash is that of this request", claim: "qsh" },
  "qsh-valid-decoded": {
    level: "info",
    message: "the query string hash is that of the percent-decoded path, as products sign it when they call an app",
    claim: "qsh",
  },
  "qsh-mismatch": {
    level: "error",
    message: "the query string hash is not that of this request",
    fix: "see the explanation of the hash",
    claim: "qsh",
  },
  "qsh-not-checked": { level: "info", message: "the query string hash was not checked: no request was given", claim: "qsh" },
};
