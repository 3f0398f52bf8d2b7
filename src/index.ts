/**
 * jwt-qsh: JWTs with a query string hash, signed, verified and explained on WebCrypto.
 *
 * @module jwt-qsh
 */
export { secretKey } from "./crypto/keys.ts";
export type { SecretKey, SecretKeyOptions } from "./crypto/keys.ts";
export { privateKey, publicKey } from "./crypto/rsa-keys.ts";
export type { PrivateKey, PrivateKeyOptions, PublicKey } from "./crypto/rsa-keys.ts";
export type { HmacAlgorithm, HmacName, RsaAlgorithm } from "./crypto/algorithms.ts";
export type { MacEngine } from "./crypto/engine.ts";
export { base64url } from "./encoding/base64url.ts";
export type { Base64Url } from "./encoding/base64url.ts";
export {
  AuthError,
  ClaimError,
  ExchangeError,
  InstallationError,
  isAuthError,
  KeyError,
  OAuth1Error,
  OriginError,
  QshError,
  TokenError,
  UnsupportedError,
} from "./errors.ts";
export type {
  ArgumentError,
  AuthErrorCode,
  AuthErrorOptions,
  ClaimErrorCode,
  ExchangeErrorCode,
  ExchangeErrorFacts,
  InstallationErrorCode,
  KeyErrorCode,
  KeyErrorOptions,
  OAuth1ErrorCode,
  OAuth1ErrorFacts,
  QshErrorCode,
  QshErrorFacts,
  TokenErrorCode,
} from "./errors.ts";
export type { JwsHeader } from "./jws/compact.ts";
export type { ClaimRules, JwtClaims, Unverified } from "./jwt/claims.ts";
export { decodeJwt } from "./jwt/decode.ts";
export type { DecodedJwt } from "./jwt/decode.ts";
export type { VerifyOptions } from "./jwt/options.ts";
export { signJwt } from "./jwt/sign.ts";
export type { SignOptions } from "./jwt/sign.ts";
export { verifyJwt } from "./jwt/verify.ts";
export type { KeyResolver, VerifiedJwt } from "./jwt/verify.ts";
export { CanonicalRequestBuilder } from "./qsh/builder.ts";
export { canonicalParts, canonicalRequest } from "./qsh/canonical.ts";
export { explainQsh } from "./qsh/explain.ts";
export type { ExplainQshOptions, QshCause, QshCauseCode, QshDiff, QshExplanation, QshPeers } from "./qsh/explain.ts";
export { qsh } from "./qsh/hash.ts";
export type { QshOptions, QshRequest } from "./qsh/request.ts";
export type * from "./types.ts";
