/**
 * The app's page within a product: it gets its token from the page around it, sends it to its own server, and does what
 * cryptography a page may do. It writes what came of it into the document.
 */
import { publicKey, secretKey, signJwt, verifyJwt } from "../../../src/index.ts";
import { createContextTokenClient } from "../../../src/browser/index.ts";
import type { ContextHost } from "../../../src/browser/index.ts";

declare const AP: ContextHost;
interface Setup {
  readonly pem: string;
  readonly rs256: string;
  readonly hs256: string;
  readonly secret: string;
}

async function outcome(task: () => Promise<unknown>): Promise<unknown> {
  try {
    return await task();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

async function run(): Promise<Record<string, unknown>> {
  const setup = (await (await fetch("/setup")).json()) as Setup;
  // This test's origin is http on a name of its own, where a browser has no WebCrypto.
  const client = createContextTokenClient(AP, { unsafeHttp: true });
  const together = await Promise.all([client.token(), client.token(), client.token()]);
  const key = secretKey(setup.secret);
  return {
    isSecureContext,
    hasSubtle: globalThis.crypto.subtle !== undefined,
    sameToken: new Set(together).size === 1,
    user: (await client.claims()).context?.user?.accountId,
    server: await (await client.fetch("/whoami?x=1")).json(),
    // The first answer is 401: a fresh token is fetched, and the request is sent once more.
    again: await (await client.fetch("/expired-once")).json(),
    elsewhere: await outcome(() => client.fetch("http://elsewhere.test/")),
    rs256: await outcome(async () => (await verifyJwt(setup.rs256, publicKey(setup.pem), { audience: "page" })).claims.iss),
    hs256: await outcome(async () => (await verifyJwt(setup.hs256, key)).claims.iss),
    signed: await signJwt({ iss: "page", iat: 1, exp: 2 }, key),
  };
}

run().then(
  (result) => (document.body.textContent = JSON.stringify(result)),
  (error: unknown) => (document.body.textContent = JSON.stringify({ failed: String(error) })),
);
