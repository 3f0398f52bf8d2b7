import { jiraErrors, json } from "./answers.ts";
import { apiPattern, issueRoutes } from "./issue-routes.ts";
import type { Issues } from "./issues.ts";
import type { Route } from "./routes.ts";

const VERSIONS = ["2", "3"];

/** Jira Cloud's REST resources: `serverInfo`, `myself`, issues and search, in api/2 and api/3. */
export function jiraRoutes(baseUrl: string, issues: Issues, now: () => number): Route[] {
  const api = apiPattern(VERSIONS);
  return [
    {
      method: "GET",
      path: new RegExp(`^${api}\\/serverInfo$`),
      anonymous: true,
      answer: () =>
        json(200, {
          baseUrl,
          version: "1001.0.0-SNAPSHOT",
          deploymentType: "Cloud",
          serverTime: new Date(now() * 1000).toISOString(),
          serverTitle: "Jira",
        }),
    },
    {
      method: "GET",
      path: new RegExp(`^${api}\\/myself$`),
      answer: ({ user }) => {
        if (user === undefined) return jiraErrors(401, ["You are not authenticated."]);
        const { accountId, accountType, displayName, emailAddress } = user;
        const self = `${baseUrl}/rest/api/3/user?accountId=${encodeURIComponent(accountId)}`;
        return json(200, { self, accountId, accountType, displayName, active: true, emailAddress: emailAddress ?? "" });
      },
    },
    ...issueRoutes(baseUrl, issues, VERSIONS),
  ];
}
