import type { JsonObject, JsonValue, WebResponse } from "../types.ts";
import { jiraErrors, json } from "./answers.ts";
import type { FakeIssue, Issues } from "./issues.ts";
import { type Call, jsonBody, type Route } from "./routes.ts";

/**
 * The issue resources, which Cloud and Data Center share.
 *
 * @param versions of the API; the last one names itself in links
 */
export function issueRoutes(baseUrl: string, issues: Issues, versions: readonly string[]): Route[] {
  const api = apiPattern(versions);
  const root = `${baseUrl}/rest/api/${versions.at(-1) ?? "latest"}`;
  const show = (issue: FakeIssue): JsonObject => ({
    id: issue.id,
    key: issue.key,
    self: `${root}/issue/${issue.id}`,
    fields: issue.fields,
  });

  const search = (call: Call, ask: (name: string) => JsonValue | undefined): WebResponse => {
    const jql = ask("jql") ?? "";
    const [start, size] = [Number(ask("startAt") ?? ask("nextPageToken") ?? 0), Number(ask("maxResults") ?? 50)];
    if (typeof jql !== "string" || !Number.isInteger(start) || start < 0 || !Number.isInteger(size) || size < 0) {
      return jiraErrors(400, ["Invalid request payload. Refer to the REST API documentation and try again."]);
    }
    const found = issues.search(jql);
    if (!Array.isArray(found)) return jiraErrors(400, [found.message]);
    const page = found.slice(start, start + size).map(show);
    const next = start + page.length;
    if (!call.path.endsWith("/jql")) {
      return json(200, { startAt: start, maxResults: size, total: found.length, issues: page });
    }
    const isLast = next >= found.length;
    return json(200, { issues: page, isLast, ...(isLast ? {} : { nextPageToken: String(next) }) });
  };

  return [
    {
      method: "POST",
      path: new RegExp(`^${api}\\/issue$`),
      answer: (call) => {
        const body = jsonBody(call);
        if (body instanceof Response) return body;
        const { fields } = body as { fields?: JsonObject };
        const made = issues.create(fields ?? {});
        if ("errors" in made) return jiraErrors(400, [], made.errors);
        return json(201, { id: made.id, key: made.key, self: `${root}/issue/${made.id}` });
      },
    },
    {
      method: "GET",
      path: new RegExp(`^${api}\\/issue\\/([^/]+)$`),
      answer: (_call, key = "") => {
        const issue = issues.find(key);
        if (issue !== undefined) return json(200, show(issue));
        return jiraErrors(404, ["Issue does not exist or you do not have permission to see it."]);
      },
    },
    {
      method: "GET",
      path: new RegExp(`^${api}\\/search(?:\\/jql)?$`),
      answer: (call) => search(call, (name) => call.query.get(name)),
    },
    {
      method: "POST",
      path: new RegExp(`^${api}\\/search(?:\\/jql)?$`),
      answer: (call) => {
        const body = jsonBody(call);
        return body instanceof Response ? body : search(call, (name) => (body as JsonObject)[name]);
      },
    },
  ];
}

/** The start of a resource's path, as the source of a regular expression. */
export function apiPattern(versions: readonly string[]): string {
  return `\\/rest\\/api\\/(?:latest|${versions.join("|")})`;
}
