// Acting as a user: a fetch whose access tokens renew themselves.
import { createSignedFetch } from "jwt-qsh/fetch";
import { createBearerSigner, createUserTokenSource } from "jwt-qsh/oauth2";

export function asUser(installation, accountId, { fetch, now } = {}) {
  const source = createUserTokenSource({ installation, accountId, scopes: ["READ"], fetch, now });
  return createSignedFetch({ baseUrl: installation.baseUrl, sign: createBearerSigner(source), fetch });
}

export async function whoAndWhat(jira, wiki) {
  const { displayName } = await (await jira("/rest/api/3/myself")).json();
  const { title } = await (await wiki("/rest/api/content/65591")).json();
  return `${displayName} reads "${title}"`;
}
