import { qsh } from "jwt-qsh";

/** The claims of a token whose signer left the base path on. */
export const claims = { qsh: qsh({ method: "GET", url: "/wiki/rest/api?a=b+c" }) };
