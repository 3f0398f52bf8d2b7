export { request } from "./connect-lifecycle.ts";
