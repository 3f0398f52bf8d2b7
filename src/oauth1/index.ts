/**
 * OAuth 1.0a (RFC 5849) with RSA-SHA1, for Jira and Confluence Data Center and other servers: the dance, the signer,
 * the verifier, and what the two sides' base strings differ in.
 *
 * @module jwt-qsh/oauth1
 */
export { generateKeyPair } from "../crypto/keypair.ts";
export type { KeyPair, KeyPairOptions } from "../crypto/keypair.ts";
export { isAuthError, KeyError, OAuth1Error, OriginError, UnsupportedError } from "../errors.ts";
export { signatureBaseString } from "./base-string.ts";
export type { BaseStringRequest } from "./base-string.ts";
export { createOAuth1Consumer } from "./consumer.ts";
export type { CallOptions, OAuth1Consumer, OAuth1ConsumerOptions, OAuth1Endpoints } from "./consumer.ts";
export { explainBaseString } from "./explain.ts";
export type { BaseStringDifference, BaseStringExplanation } from "./explain.ts";
export { readOAuth1Problem } from "./problem.ts";
export type { OAuth1Options, OAuth1Token } from "./settings.ts";
export { oauth1Signature } from "./signature.ts";
export type { ConsumerProof, SignatureMethod, SignatureOptions } from "./signature.ts";
export { createOAuth1Signer } from "./signer.ts";
export type { OAuth1SignerOptions } from "./signer.ts";
export type { AccessToken, RequestToken } from "./token-response.ts";
export { verifyOAuth1Request } from "./verify.ts";
export type { ConsumerRecord, OAuth1Identity, TokenRecord, VerifyOAuth1Options } from "./verify.ts";
