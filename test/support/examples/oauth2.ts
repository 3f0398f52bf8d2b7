/** A user's access token, and the stores of three platforms. */
import { buildUserAssertion, createUserTokenSource } from "jwt-qsh/oauth2";
import { installation } from "./default.ts";

const accountId = "5b10a2844c20165700ede21g";
const tenant = { ...installation, oauthClientId: "client-id" };

export const source = createUserTokenSource({ installation: tenant, accountId });
export const assertion: string = await buildUserAssertion({ installation: tenant, accountId });

/** The bindings of a Worker: no example calls them. */
export const env = {
  TOKENS: {
    get: () => Promise.resolve(null),
    put: () => Promise.resolve(),
    delete: () => Promise.resolve(),
  },
};
