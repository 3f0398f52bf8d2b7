import type { Awaitable, JsonObject, WebRequest, WebResponse } from "../types.ts";
import { formPairs } from "./canonical.ts";
import { jiraErrors, json } from "./answers.ts";
import { isJsonObject, parseJson } from "./json.ts";
import type { FakeUser } from "./users.ts";

/** One authenticated (or anonymous) call, as a resource sees it. */
export interface Call {
  readonly request: WebRequest;
  readonly method: string;
  readonly url: string;
  /** The path below the product's context path, percent-decoded. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly contentType: string;
  readonly body: string;
  /** Who calls; absent on an anonymous call. */
  readonly user?: FakeUser & { readonly accountType: string };
}

/** One resource of a product's REST API. */
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  /** Answered without a credential too. */
  readonly anonymous?: boolean;
  answer(call: Call, ...groups: string[]): Awaitable<WebResponse>;
}

/** The first value of each query parameter. */
export function queryOf(query: string): ReadonlyMap<string, string> {
  return new Map(formPairs(query).reverse());
}

/** Finds the resource: a route, or the answer of a product that has none. */
export function findRoute(routes: readonly Route[], call: Call): { route: Route; groups: string[] } | WebResponse {
  const allowed: string[] = [];
  for (const route of routes) {
    const match = route.path.exec(call.path);
    if (match === null) continue;
    if (route.method === call.method) return { route, groups: match.slice(1) };
    allowed.push(route.method);
  }
  if (allowed.length === 0) return json(404, { message: `null for uri: ${call.url}`, "status-code": 404 });
  return json(405, { message: "HTTP 405 Method Not Allowed", "status-code": 405 }, { allow: allowed.join(", ") });
}

/** The call's JSON body, or Jira's answer to a body that is none. */
export function jsonBody(call: Call): JsonObject | WebResponse {
  if (!/^application\/json\b/i.test(call.contentType)) {
    return json(415, { message: "HTTP 415 Unsupported Media Type", "status-code": 415 });
  }
  const body = parseJson(call.body);
  if (isJsonObject(body)) return body;
  return jiraErrors(400, ["There was an error parsing JSON. Check that your request body is valid."]);
}
