import type { JsonObject } from "../types.ts";
import { jiraErrors, json } from "./answers.ts";
import { apiPattern, issueRoutes } from "./issue-routes.ts";
import type { Issues } from "./issues.ts";
import type { Route } from "./routes.ts";

/** An application of the site and its licence. */
export interface FakeLicense {
  /** Such as `jira-software`. */
  readonly key: string;
  readonly name: string;
  readonly activeUsers: number;
  readonly licensedUsers: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** What a new site has bought: a year from the given time. */
export function defaultLicenses(now: number): FakeLicense[] {
  const expiresAt = now + 365 * 86_400;
  return [
    { key: "jira-software", name: "Jira Software", activeUsers: 42, licensedUsers: 50, expiresAt },
    { key: "jira-servicedesk", name: "Jira Service Management", activeUsers: 3, licensedUsers: 10, expiresAt },
  ];
}

const VERSIONS = ["2"];

/** Jira Data Center's REST resources. */
export function dataCenterRoutes(
  baseUrl: string,
  issues: Issues,
  licenses: () => readonly FakeLicense[],
  now: () => number,
): Route[] {
  const api = apiPattern(VERSIONS);
  let attachments = 0;
  const application = ({ key, name, activeUsers, licensedUsers }: FakeLicense): JsonObject => ({
    key,
    name,
    version: "9.12.15",
    accessDetails: { activeUserCount: activeUsers, licensedUserCount: licensedUsers, userLimit: licensedUsers },
  });
  return [
    {
      method: "GET",
      path: new RegExp(`^${api}\\/serverInfo$`),
      anonymous: true,
      answer: () =>
        json(200, {
          baseUrl,
          version: "9.12.15",
          versionNumbers: [9, 12, 15],
          deploymentType: "Server",
          buildNumber: 9120015,
          serverTime: new Date(now() * 1000).toISOString(),
          serverTitle: "Jira",
        }),
    },
    {
      method: "GET",
      path: new RegExp(`^${api}\\/myself$`),
      answer: ({ user }) => {
        const { name = "", userKey = "", displayName = "", emailAddress = "" } = user ?? {};
        const self = `${baseUrl}/rest/api/2/user?username=${encodeURIComponent(name)}`;
        return json(200, { self, key: userKey, name, emailAddress, displayName, active: true, timeZone: "UTC" });
      },
    },
    {
      method: "GET",
      path: new RegExp(`^${api}\\/applicationrole$`),
      answer: () =>
        json(
          200,
          licenses().map(({ key, name, activeUsers, licensedUsers }) => ({
            key,
            name,
            numberOfSeats: licensedUsers,
            remainingSeats: licensedUsers - activeUsers,
            userCount: activeUsers,
            hasUnlimitedSeats: false,
          })),
        ),
    },
    {
      method: "GET",
      path: /^\/rest\/plugins\/applications\/1\.0\/installed$/,
      answer: () => json(200, licenses().map(application)),
    },
    {
      method: "GET",
      path: /^\/rest\/plugins\/applications\/1\.0\/installed\/([^/]+)(\/license)?$/,
      answer: (_call, key = "", license) => {
        const found = licenses().find((one) => one.key === key);
        if (found === undefined) return json(404, { message: `No application with key ${key} is installed` });
        if (license === undefined) return json(200, application(found));
        return json(200, {
          valid: found.expiresAt > now(),
          evaluation: false,
          licenseType: "COMMERCIAL",
          maximumNumberOfUsers: found.licensedUsers,
          expiryDate: found.expiresAt * 1000,
          expiryDateString: new Date(found.expiresAt * 1000).toISOString().slice(0, 10),
          active: true,
        });
      },
    },
    {
      method: "POST",
      path: new RegExp(`^${api}\\/issue\\/([^/]+)\\/attachments$`),
      answer: async ({ request }, key = "") => {
        if (request.headers.get("x-atlassian-token") !== "no-check") {
          return new Response("XSRF check failed", { status: 403, headers: { "content-type": "text/html" } });
        }
        if (issues.find(key) === undefined) return jiraErrors(404, ["Issue Does Not Exist"]);
        if (!/^multipart\/form-data\b/i.test(request.headers.get("content-type") ?? "")) {
          return json(415, { message: "HTTP 415 Unsupported Media Type", "status-code": 415 });
        }
        const files = (await request.clone().formData()).getAll("file").filter((one) => typeof one !== "string");
        return json(
          200,
          files.map(({ name, size, type }) => ({
            id: String(10_000 + attachments++),
            filename: name,
            size,
            mimeType: type,
          })),
        );
      },
    },
    ...issueRoutes(baseUrl, issues, VERSIONS),
  ];
}
