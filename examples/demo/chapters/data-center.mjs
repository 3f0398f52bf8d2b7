// OAuth 1.0a with a Data Center site: the dance, and the licences.
import { createSignedFetch } from "jwt-qsh/fetch";
import { createOAuth1Consumer, generateKeyPair } from "jwt-qsh/oauth1";
import { createFakeDataCenter } from "jwt-qsh/testing";
import { serve } from "../serve.mjs";
import { fact, title } from "../terminal.mjs";

export async function dataCenter({ judge }) {
  title("7. A Data Center site, by OAuth 1.0a");
  const { privateKey, publicKey } = await generateKeyPair({ modulusLength: 2048 });
  let site;
  const { origin: baseUrl, close } = await serve((origin) => {
    site = createFakeDataCenter({
      baseUrl: origin,
      consumers: [{ consumerKey: "demo", signatureMethod: "RSA-SHA1", publicKey }],
    });
    return site.fetch;
  });
  try {
    const consumer = createOAuth1Consumer({ baseUrl, consumerKey: "demo", privateKey });
    const requestToken = await consumer.requestToken({ callback: "oob" });
    fact("go to", consumer.authorizeUrl(requestToken));
    const { verifier } = site.approve(requestToken.token);
    fact("approved", `verifier ${verifier}`);
    const accessToken = await consumer.accessToken(requestToken, verifier);
    const jira = createSignedFetch({ baseUrl, sign: consumer.signer(accessToken) });
    const me = await jira("/rest/api/2/myself");
    judge("site says", me.ok, true, `${me.status}, ${(await me.json()).displayName}`);

    site.revoke(accessToken.token);
    fact("then", "the token is revoked");
    const refused = await jira("/rest/api/2/myself");
    judge("site says", refused.ok, false, `${refused.status}, ${site.log.at(-1).verdict}`);
  } finally {
    close();
  }
}
