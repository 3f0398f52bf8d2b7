import type { JsonValue, WebResponse } from "../types.ts";

/** A JSON answer. */
export function json(status: number, body: JsonValue, headers: Record<string, string> = {}): WebResponse {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json;charset=UTF-8", ...headers },
  });
}

/** An answer of Jira's error collection. */
export function jiraErrors(
  status: number,
  messages: readonly string[],
  errors: Record<string, string> = {},
): WebResponse {
  return json(status, { errorMessages: messages, errors });
}

/** The bare refusal that every unauthenticated call gets, whatever was wrong with it. */
export function unauthorized(challenges: readonly string[]): WebResponse {
  const response = json(401, {
    message: "Client must be authenticated to access this resource.",
    "status-code": 401,
  });
  for (const challenge of challenges) response.headers.append("www-authenticate", challenge);
  return response;
}
