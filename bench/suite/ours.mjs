/** The doors under test. Bundled twice: as they are, and where no native crypto can be reached. */
export { base64url, canonicalRequest, publicKey, qsh, secretKey, signJwt, verifyJwt } from "jwt-qsh";
export { createConnectVerifier, signConnectToken } from "jwt-qsh/connect";
export { signatureBaseString } from "jwt-qsh/oauth1";
export { signJwtSync, syncEngine, verifyJwtSync } from "jwt-qsh/sync";
