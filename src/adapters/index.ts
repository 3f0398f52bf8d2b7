/**
 * `jwt-qsh/adapters`: verifiers before handlers of fetch requests, and the answer to a request that is refused.
 *
 * @module jwt-qsh/adapters
 */
export { toResponse } from "../respond.ts";
export { anyVerifier } from "./any.ts";
export type { AnyVerifiers } from "./any.ts";
export { withVerifier } from "./fetch.ts";
export type { RefusalOptions } from "./gate.ts";
