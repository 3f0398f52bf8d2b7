// The app acts as a user: the JWT bearer grant, and a token that renews itself.
import { createSignedFetch } from "jwt-qsh/fetch";
import { createBearerSigner, createUserTokenSource } from "jwt-qsh/oauth2";
import { fact, title } from "../terminal.mjs";

export async function asUser({ host, siteUrl: baseUrl, judge }, installation) {
  title("6. The app acts as a user");
  const { accountId } = host.users[0];
  const authorizationServer = host.endpoints.authorizationServer;
  const source = createUserTokenSource({ installation, accountId, scopes: ["read"], authorizationServer });
  const jira = createSignedFetch({ baseUrl, sign: createBearerSigner(source) });

  const calls = await Promise.all(Array.from({ length: 50 }, () => jira("/rest/api/3/myself")));
  const me = await calls[0].json();
  fact("requests", `${calls.length} at once`);
  judge("site says", calls.every(({ ok }) => ok), true, `200, ${me.displayName}`);
  judge("exchanges", host.exchanges.length === 1, true, `${host.exchanges.length}, ${host.exchanges.at(-1).verdict}`);

  host.revokeAccessTokens();
  fact("then", "every access token is revoked");
  const again = await jira("/rest/api/3/myself");
  judge("site says", again.ok, true, `${again.status}, after one more exchange (${host.exchanges.length} in all)`);
}
