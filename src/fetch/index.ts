/**
 * `jwt-qsh/fetch`: a `fetch` that signs, for any signer.
 *
 * @module jwt-qsh/fetch
 */
export { createSignedFetch } from "./signed-fetch.ts";
export type { SignedFetch, SignedFetchOptions } from "./signed-fetch.ts";
