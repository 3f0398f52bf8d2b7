/**
 * What is loaded with the first fetched key. It names one function, so that a bundler which loads nothing later still
 * leaves out what private keys need.
 */
export { publicKey } from "../crypto/rsa-keys.ts";
