/** What the examples of `jwt-qsh/browser` take for granted: a page of the app, within a product that hands out tokens. */
import { secretKey, signJwt } from "jwt-qsh";

const key = secretKey("k".repeat(32));

export const AP = {
  context: {
    getToken: (): Promise<string> =>
      signJwt({ iss: "tenant", qsh: "context-qsh", context: { user: { accountId: "5b10a2844c20165700ede21g" } } }, key, { lifetime: 900 }),
  },
};

Object.defineProperty(globalThis, "location", { value: { origin: "https://app.example.com" } });
globalThis.fetch = () => Promise.resolve(Response.json([]));
