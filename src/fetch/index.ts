/**
 * `jwt-qsh/fetch`: a `fetch` that signs, for any signer.
 */
export { createSignedFetch } from "./signed-fetch.ts";
export type { SignedFetch, SignedFetchOptions } from "./signed-fetch.ts";
