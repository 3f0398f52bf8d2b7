import type { JsonObject } from "../types.ts";
import { isJsonObject } from "./json.ts";

/** An issue, as REST shows it. */
export interface FakeIssue {
  readonly id: string;
  readonly key: string;
  readonly fields: JsonObject;
}

/** The issues of a site, in memory. */
export interface Issues {
  /** By key (in any case) or id. */
  find(idOrKey: string): FakeIssue | undefined;
  /** Answers the issue, or the fields that are wrong, as Jira words it. */
  create(fields: JsonObject): FakeIssue | { readonly errors: Record<string, string> };
  /** Answers the issues that match, or what is wrong with the query. */
  search(jql: string): FakeIssue[] | { readonly message: string };
}

const CLAUSE = /^\s*([A-Za-z]+)\s*(=|!=|~)\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))\s*$/;

export function createIssues(seed: readonly JsonObject[]): Issues {
  const issues: FakeIssue[] = [];
  const create: Issues["create"] = (fields) => {
    const { project, summary, issuetype } = fields;
    const errors: Record<string, string> = {};
    if (!isJsonObject(project) || typeof project["key"] !== "string")
      errors["project"] = "Specify a valid project ID or key";
    if (typeof summary !== "string" || summary === "") errors["summary"] = "You must specify a summary of the issue.";
    if (!isJsonObject(issuetype)) errors["issuetype"] = "Specify an issue type";
    if (Object.keys(errors).length > 0) return { errors };
    const key = isJsonObject(project) ? String(project["key"]) : "";
    const number = issues.filter((one) => one.key.startsWith(`${key}-`)).length + 1;
    const issue: FakeIssue = { id: String(10_000 + issues.length), key: `${key}-${number}`, fields };
    issues.push(issue);
    return issue;
  };
  for (const fields of seed) create(fields);
  return {
    create,
    find: (idOrKey) => issues.find((one) => one.id === idOrKey || one.key === idOrKey.toUpperCase()),
    search(jql) {
      const query = jql.replace(/\border\s+by\b.*$/i, "").trim();
      let found = [...issues];
      for (const clause of query === "" ? [] : query.split(/\s+and\s+/i)) {
        const [, field = "", operator = "", ...values] = CLAUSE.exec(clause) ?? [];
        const value = values.find((one) => one !== undefined) ?? "";
        const read = FIELDS[field.toLowerCase()];
        if (read === undefined) return { message: `Error in the JQL Query: '${clause.trim()}' is not understood.` };
        found = found.filter((issue) => {
          const [actual, wanted] = [read(issue).toLowerCase(), value.toLowerCase()];
          return operator === "~" ? actual.includes(wanted) : (actual === wanted) === (operator === "=");
        });
      }
      return found;
    },
  };
}

/** The small part of JQL that is spoken here: these fields, `=`, `!=`, `~`, AND. */
const FIELDS: Readonly<Record<string, (issue: FakeIssue) => string>> = {
  key: (issue) => issue.key,
  project: (issue) => issue.key.split("-", 1)[0] ?? "",
  summary: (issue) => String(issue.fields["summary"]),
};

/** What a new site holds. */
export function defaultIssues(): JsonObject[] {
  return ["Sign the first request", "Café: naïve & (quoted) ~ text*"].map((summary) => ({
    project: { key: "DEMO" },
    issuetype: { name: "Task" },
    summary,
  }));
}
