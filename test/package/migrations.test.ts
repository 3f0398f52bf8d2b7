/**
 * What the pages for those who come from elsewhere claim of the peers, where the peer is at hand: that their half of
 * the same program runs and does the same, and that every export of theirs has a row.
 */
import { existsSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { transform } from "esbuild";
import express from "express";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { memoryInstallations } from "../../src/connect/index.ts";
import { problems } from "../../src/oauth1/problem.ts";
import { createFakeHost } from "../../src/testing/index.ts";
import { codeBlocks, codeSpans } from "../support/markdown.ts";
import { projectPath } from "../support/project.ts";

const page = (name: string): string => readFileSync(projectPath(`docs/${name}.md`), "utf8");

/** The text between a heading and the next one of its rank. */
function under(text: string, heading: string): string {
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`there is no heading "${heading}"`);
  const [part = ""] = text.slice(start + heading.length + 2).split(/^## /m);
  return part;
}

/** What stands in backticks in the first column of the tables. */
function firstColumn(text: string): string[] {
  const rows = text.split("\n").filter((line) => line.startsWith("| "));
  return rows.flatMap((row) => codeSpans(row.split("|")[1] ?? ""));
}

const PEER = "atlassian-jwt";
const isHere = existsSync(projectPath(`bench/compare/node_modules/${PEER}`)) || process.env["CI"] !== undefined;

const absence = isHere ? "" : " (not installed: npm ci --prefix bench/compare)";

describe.skipIf(!isHere)(`atlassian-jwt for npm${absence}`, () => {
  const text = page("from-atlassian-jwt");
  const require = createRequire(projectPath("bench/compare/package.json"));

  test("every export has a row, and every row is of an export", () => {
    const named = firstColumn(under(text, "## Every export")).map((span) => /^\w+/.exec(span)?.[0]);
    const prose = new Set(["await", "noVerify"]);
    const exported = Object.keys(require(PEER) as object);
    expect(new Set(named.filter((name) => !prose.has(name ?? "")))).toEqual(new Set(exported));
  });

  test("its half of the same program does what ours does", async () => {
    const host = createFakeHost();
    const accountId = "5b10a2844c20165700ede21g";
    const installation = host.install({ appKey: "com.example.app", baseUrl: "https://app.example.com" });
    const tenants = new Map([[installation.clientKey, installation]]);
    const fetch = (url: string, init: RequestInit): Promise<Response> => host.fetch(new Request(url, init));
    const block = codeBlocks(text).find(({ language }) => language === "cjs");
    // oxlint-disable-next-line typescript/no-implied-eval -- a block of our own page
    const program = new Function("require", "tenants", "fetch", `${block?.code}\nreturn { search, whoLoads };`) as (
      ...given: unknown[]
    ) => { search(tenant: object): Promise<Response>; whoLoads(request: object): string };
    const { search, whoLoads } = program(require, tenants, fetch);

    expect((await search(installation)).status).toBe(200);
    expect(host.log.at(-1)).toMatchObject({ credential: "connect", verdict: "accepted" });

    const load = new URL((await host.iframeRequest({ path: "/page", user: accountId })).url);
    const asExpress = (url: URL): object => ({
      method: "GET",
      originalUrl: url.pathname + url.search,
      query: Object.fromEntries(url.searchParams),
    });
    expect(whoLoads(asExpress(load))).toBe(accountId);
    load.searchParams.set("more", "1");
    expect(() => whoLoads(asExpress(load))).toThrow("another request");
  });

  test("it does what the page says that it does", () => {
    const jwt = require(PEER) as Record<string, (...given: unknown[]) => unknown>;
    const canonical = (url: string, base?: string): unknown =>
      jwt["createCanonicalRequest"]?.(jwt["fromMethodAndUrl"]?.("GET", url), false, base);
    const token = jwt["encodeSymmetric"]?.({ iss: "a", exp: 1, canary: "c" }, "a short secret") as string;
    const [header, payload] = token.split(".");

    expect(jwt["decodeSymmetric"]?.(token, "a short secret", "HS256")).toEqual({ iss: "a", exp: 1, canary: "c" });
    expect(() => jwt["decodeSymmetric"]?.(token, "another", "HS256")).toThrow(`${header}.${payload}`);
    expect(() => jwt["decodeSymmetric"]?.("a.b.c", "another", "HS256")).toThrow(SyntaxError);
    expect(() => jwt["decodeSymmetric"]?.(token, null, true)).toThrow();
    expect(canonical("/a?aB=1&a%5B=2")).toBe("GET&/a&aB=1&a%5B=2");
    expect(canonical("/a?__proto__=1")).toBe("GET&/a&");
    expect(canonical("https://example.com/it's")).toBe("GET&/it%27s&");
    expect(canonical("/jiraffe", "https://example.com/jira")).toBe("GET&/ffe&");
    const many = Array.from({ length: 1001 }, (_, index) => `p${String(index).padStart(4, "0")}=1`).join("&");
    expect(canonical(`/a?${many}`)).not.toContain("p1000");
    expect(jwt["createCanonicalRequest"]?.({ method: "GET", pathname: "/a", query: { a: { b: "1" } } })).toBe(
      "GET&/a&a=%5Bobject%20Object%5D",
    );
    const query = { a: ["2", "1"] };
    jwt["createCanonicalRequest"]?.({ method: "GET", pathname: "/a", query });
    expect(query.a).toEqual(["1", "2"]);
  });
});

describe("atlassian-connect-express", () => {
  const text = page("from-atlassian-connect-express");
  const baseUrl = "https://app.example.com";
  const host = createFakeHost();
  const { accountId } = host.users[0] as { accountId: string };
  const installations = memoryInstallations();
  let server: Server;

  /** Asks the app, which is on this machine, under the name that it has for others. */
  async function send(request: Request): Promise<Response> {
    const { port } = server.address() as AddressInfo;
    const body = request.method === "POST" ? await request.text() : undefined;
    const init = { method: request.method, headers: request.headers, ...(body !== undefined && { body }) };
    return networkFetch(request.url.replace(baseUrl, `http://127.0.0.1:${port}`), init);
  }
  const networkFetch = globalThis.fetch;

  beforeAll(async () => {
    vi.stubGlobal("fetch", (input: string | URL | Request, init?: RequestInit) => host.fetch(new Request(input, init)));
    vi.spyOn(console, "log").mockImplementation(() => undefined);
    const app = express();
    const block = codeBlocks(text).find(({ language, code }) => language === "ts" && code.includes("app.post("));
    const { code } = await transform(block?.code ?? "", { loader: "ts", format: "esm" });
    const body = code.replaceAll(/^import (\{[^}]*\}) from ("[^"]+");$/gm, "const $1 = await load($2);");
    const names = ["load", "express", "app", "installations", "descriptor"];
    const load = (name: string): Promise<unknown> => import(`../../dist/${name.slice("jwt-qsh/".length)}.js`);
    // oxlint-disable-next-line typescript/no-implied-eval -- a block of our own page
    const program = new Function(...names, `return (async () => {${body}})();`);
    const descriptor = { key: "com.example.app", baseUrl };
    await (program as (...given: unknown[]) => Promise<void>)(load, express, app, installations, descriptor);
    server = await new Promise((resolve) => {
      const listening = app.listen(0, "127.0.0.1", () => resolve(listening));
    });
  });
  afterAll(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    server.closeAllConnections();
    server.close();
  });

  test("our half of the same app serves, signs, acts as the user, and refuses", async () => {
    await host.installSigned({ appKey: "com.example.app", baseUrl, fetch: send });
    const descriptor = await send(new Request(`${baseUrl}/atlassian-connect.json`));
    expect(await descriptor.json()).toMatchObject({ key: "com.example.app" });

    const load = await host.iframeRequest({ path: "/panel", user: accountId });
    const html = await (await send(load)).text();
    const [, token] = /content="([^"]+)"/.exec(html) ?? [];
    const ask = (path: string, credential: string): Promise<Response> =>
      send(new Request(baseUrl + path, { headers: { authorization: `JWT ${credential}` } }));

    expect(await (await ask("/api/issue", token ?? "")).json()).toMatchObject({ key: "DEMO-1" });
    expect(host.log.at(-1)).toMatchObject({ credential: "connect", verdict: "accepted" });
    expect(await (await ask("/api/me", token ?? "")).json()).toMatchObject({ accountId });
    expect(host.log.at(-1)).toMatchObject({ credential: "bearer", verdict: "accepted" });
    const event = await host.webhookRequest({ path: "/webhook", body: { issue: { key: "DEMO-1" } } });
    expect((await send(event)).status).toBe(204);

    // What ACE's checkValidToken lets in: the token of the page's own URL.
    expect((await ask("/api/issue", new URL(load.url).searchParams.get("jwt") ?? "")).status).toBe(401);
    expect((await ask("/panel", token ?? "")).status).toBe(401);
    expect((await send(await host.lifecycleRequest("installed", { forgery: "no-token" }))).status).toBe(401);
    expect((await send(await host.lifecycleRequest("uninstalled"))).status).toBe(204);
    expect((await ask("/api/issue", token ?? "")).status).toBe(401);
  });

  test("ACE's half is a program", async () => {
    const block = codeBlocks(text).find(({ language }) => language === "cjs");
    await transform(block?.code ?? "", { loader: "js", format: "cjs" });
    expect(block?.code).toContain("addon.checkValidToken()");
  });
});

test("atlassian_jwt of Python: every name of the package and its url_utils has a row", () => {
  const rows = firstColumn(under(page("from-atlassian-jwt-python"), "## Every export"));
  expect(rows.map((span) => span.split("(")[0])).toEqual([
    "encode_token",
    "Authenticator",
    "Authenticator.get_shared_secret",
    "Authenticator.authenticate",
    "DecodeError",
    "url_utils.hash_url",
    "url_utils.canonicalize_request",
    "url_utils.parse_query_params",
  ]);
});

test("Data Center: every problem has a row with its status and its hint", () => {
  const lines = under(page("data-center"), "## Problems").split("\n").filter((line) => line.startsWith("| `"));
  const named = lines.filter((line) => /^\| `[a-z_]+` \| \d{3} \|/.test(line));
  const rows = named.map((line) => line.split("|").map((cell) => cell.trim().replaceAll(/[`"]/g, "")));
  const said = rows.map(([, name, status, hint]) => ({ name, status: Number(status), hint }));
  const meant = Object.entries(problems).map(([name, { status, hint }]) => {
    return { name, status, hint: hint.replaceAll('"', "") };
  });
  expect(said).toEqual(meant);
});
