import type { JsonObject } from "../types.ts";
import { json } from "./answers.ts";
import type { Route } from "./routes.ts";

/** A page of the wiki. */
export interface FakePage {
  readonly id: string;
  readonly title: string;
  /** In storage format. */
  readonly body: string;
}

/** What a new wiki holds. */
export function defaultPages(): FakePage[] {
  return [{ id: "65591", title: "Welcome", body: "<p>Hello from a fake wiki</p>" }];
}

const NOT_FOUND: JsonObject = { errors: [{ status: 404, code: "NOT_FOUND", title: "Not Found", detail: null }] };

/** Confluence's REST resources: content by id, pages by id (v2), the current user. */
export function confluenceRoutes(baseUrl: string, pages: readonly FakePage[]): Route[] {
  return [
    {
      method: "GET",
      path: /^\/rest\/api\/content\/([^/]+)$/,
      answer: (_call, id = "") => {
        const page = pages.find((one) => one.id === id);
        if (page === undefined) {
          const exception = "com.atlassian.confluence.api.service.exceptions.NotFoundException";
          const message = `${exception}: No content found with id: ${id}`;
          return json(404, { statusCode: 404, message });
        }
        const body = { storage: { value: page.body, representation: "storage" } };
        const links = { base: baseUrl, webui: `/pages/${page.id}` };
        return json(200, { id: page.id, type: "page", status: "current", title: page.title, body, _links: links });
      },
    },
    {
      method: "GET",
      path: /^\/api\/v2\/pages\/([^/]+)$/,
      answer: (_call, id = "") => {
        const page = pages.find((one) => one.id === id);
        if (page === undefined) return json(404, NOT_FOUND);
        const body = { storage: { value: page.body, representation: "storage" } };
        return json(200, { id: page.id, status: "current", title: page.title, body, _links: { base: baseUrl } });
      },
    },
    {
      method: "GET",
      path: /^\/rest\/api\/user\/current$/,
      anonymous: true,
      answer: ({ user }) =>
        user === undefined
          ? json(200, { type: "anonymous", displayName: "Anonymous" })
          : json(200, { type: "known", accountId: user.accountId, displayName: user.displayName }),
    },
  ];
}
