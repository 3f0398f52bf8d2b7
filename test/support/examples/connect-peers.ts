import { request } from "./default.ts";

export { request } from "./default.ts";
export const baseUrl = "https://app.example.com";
/** The claims of a token that is for another request. */
export const claims = { qsh: "0".repeat(64), url: request.url };
