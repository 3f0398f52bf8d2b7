import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Hono } from "hono";
import { describe, expect, test, vi } from "vitest";
import { honoMiddleware } from "../../../src/adapters/hono.ts";
import { nodeHandler } from "../../../src/adapters/node.ts";
import type { RequestIdentity } from "../../../src/connect/identity.ts";
import { memoryInstallations } from "../../../src/connect/installations.ts";
import { signConnectToken } from "../../../src/connect/token.ts";
import { createConnectVerifier } from "../../../src/connect/verifier.ts";
import type { QueryParameters } from "../../../src/testing/app-calls.ts";
import { createFakeHost } from "../../../src/testing/host.ts";
import { badType, badValue, failure } from "../../support/failure.ts";
import { sendRaw } from "./raw-http.ts";

const FORM = "b%5Bc%5D=1&a=2&a=1&a=2";

function party(baseUrl: string, form = false) {
  const host = createFakeHost();
  const installation = host.install({ appKey: "com.example.app", baseUrl });
  const installations = memoryInstallations([installation]);
  const verify = createConnectVerifier({ appKey: "com.example.app", baseUrl, installations, accept: ["request"], form });
  const onRefusal = vi.fn();
  const connect = honoMiddleware(verify, { onRefusal });
  const app = new Hono<{ Variables: { identity: RequestIdentity } }>();
  app.onError((error, c) => c.json({ caught: error.message }, 500));

  /** A token of the tenant. */
  function tokenFor(request: { method: string; url: string; form?: string }): Promise<string> {
    const { clientKey: appKey, sharedSecret } = installation;
    return signConnectToken(request, { appKey, sharedSecret, baseUrl });
  }

  /** A form post of the tenant, with a good token. */
  async function formPost(body = FORM): Promise<Request> {
    const url = `${baseUrl}/form`;
    const token = await tokenFor({ method: "POST", url, form: FORM });
    const headers = { authorization: `JWT ${token}`, "content-type": "application/x-www-form-urlencoded" };
    return new Request(url, { method: "POST", headers, body });
  }
  return { host, app, connect, onRefusal, tokenFor, formPost, clientKey: installation.clientKey };
}

describe("honoMiddleware", () => {
  const many: QueryParameters = Array.from({ length: 1100 }, (_, i) => [i.toString(36), "1"] as const);
  const odd: QueryParameters = [["a[]", "2"], ["a[]", "1"], ["b[c]", "d"], ["x", "2"], ["x", "1"], ["__proto__", "1"]];

  test.each([
    ["at the root", "https://app.example.com", "", ""],
    ["under a sub-path", "https://app.example.com/jira/app", "/jira/app", ""],
    ["behind a proxy that strips a prefix", "https://app.example.com/prefix", "", "/prefix"],
  ])("an iframe load %s", async (_where, baseUrl, mount, stripped) => {
    const { host, app, connect, clientKey } = party(baseUrl);
    const sub = new Hono<{ Variables: { identity: RequestIdentity } }>();
    sub.use(connect);
    sub.get("*", (c) => c.json({ identity: connect.identity(c), placed: c.get("identity") === connect.identity(c) }));
    app.route(mount === "" ? "/" : mount, sub);
    for (const params of [odd, many]) {
      const { url } = await host.iframeRequest({ path: "/panel", params });
      const response = await app.request(url.replace(`app.example.com${stripped}/`, "app.example.com/"));
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ identity: { kind: "request", clientKey }, placed: true });
    }
  });

  test("a request that is refused is answered, and told of", async () => {
    const { app, connect, onRefusal } = party("https://app.example.com");
    app.get("/panel", connect, (c) => c.text("never"));
    const response = await app.request("https://app.example.com/panel");
    expect([response.status, response.headers.get("content-type")]).toEqual([401, "application/problem+json"]);
    expect(await response.json()).toEqual({ type: "about:blank", title: "Unauthorized", status: 401, error: "invalid_token" });
    expect(onRefusal.mock.calls).toMatchObject([[{ code: "ERR_TOKEN_MISSING" }, expect.anything()]]);
  });

  test("a form that the token binds stays usable", async () => {
    const { app, connect, formPost } = party("https://app.example.com", true);
    app.post("/form", connect, async (c) => c.text(await c.req.text()));
    expect(await (await app.request(await formPost())).text()).toBe(FORM);
    expect((await app.request(await formPost(`${FORM}&a=3`))).status).toBe(401);
  });

  test.each<[string, (request: { text(): Promise<unknown>; arrayBuffer(): Promise<unknown> }) => Promise<unknown>]>([
    ["as text", (request) => request.text()],
    ["as bytes", (request) => request.arrayBuffer()],
  ])("a form that was read before %s is found again", async (_how, read) => {
    const { app, connect, formPost } = party("https://app.example.com", true);
    app.use(async (c, next) => {
      await read(c.req);
      await next();
    });
    app.post("/form", connect, (c) => c.text("hello"));
    expect((await app.request(await formPost())).status).toBe(200);
    expect((await app.request(await formPost(`${FORM}&a=3`))).status).toBe(401);
  });

  test.each<[string, (c: { req: { raw: Request; formData(): Promise<unknown> } }) => Promise<unknown>]>([
    ["as a form", (c) => c.req.formData()],
    ["past Hono", (c) => c.req.raw.text()],
  ])("a form that was read before %s fails closed", async (_how, read) => {
    const { app, connect, formPost, onRefusal } = party("https://app.example.com", true);
    app.use(async (c, next) => {
      await read(c);
      await next();
    });
    app.post("/form", connect, (c) => c.text("never"));
    const response = await app.request(await formPost());
    expect(await response.json()).toEqual({ caught: '"request.body" must not be read before the request is verified' });
    expect(onRefusal).not.toHaveBeenCalled();
  });

  test("two slashes are what the token binds: it is good for neither half", async () => {
    const { app, connect, tokenFor, onRefusal } = party("https://app.example.com");
    app.get("*", connect, (c) => c.text("hello"));
    const url = "https://app.example.com//evil/x";
    const status = async (signed: string) => {
      const authorization = `JWT ${await tokenFor({ method: "GET", url: signed })}`;
      return (await app.request(new Request(url, { headers: { authorization } }))).status;
    };
    expect(await status(url)).toBe(200);
    expect(await status("https://app.example.com/x")).toBe(401);
    expect(await status("https://app.example.com/evil/x")).toBe(401);
    expect(onRefusal.mock.calls).toMatchObject([[{ code: "ERR_QSH_MISMATCH" }, {}], [{ code: "ERR_QSH_MISMATCH" }, {}]]);
  });

  test.each([
    ["of another host", "http://evil/x"],
    ["of the app itself", "https://app.example.com/panel"],
  ])("in Node an absolute-form target %s does not reach it", async (_whose, target) => {
    const { app, connect, tokenFor } = party("https://app.example.com");
    const handler = vi.fn((c: { text(text: string): Response }) => c.text("hello"));
    app.get("*", connect, handler);
    const listener = nodeHandler((request) => app.fetch(request as Request), { publicUrl: "https://app.example.com" });
    const server = createServer(listener as RequestListener);
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const { pathname } = new URL(target);
      const line = `Authorization: JWT ${await tokenFor({ method: "GET", url: `https://app.example.com${pathname}` })}`;
      expect((await sendRaw(port, [`GET ${pathname} HTTP/1.1`, line])).body).toContain("hello");
      handler.mockClear();
      expect((await sendRaw(port, [`GET ${target} HTTP/1.1`, line])).status).toBe(401);
      expect(handler).not.toHaveBeenCalled();
    } finally {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    }
  });

  test("what has not passed has no identity", async () => {
    const { app, connect } = party("https://app.example.com");
    app.get("/open", (c) => c.json(connect.identity(c)));
    expect(await (await app.request("https://app.example.com/open")).json()).toEqual({
      caught: '"carrier" must have passed this middleware',
    });
    expect(failure(() => connect.identity({}))).toEqual(badValue('"carrier" must have passed this middleware'));
  });

  test("refused at the door: no verifier", () => {
    expect(failure(() => honoMiddleware(undefined as never))).toEqual(badType('"verifier" must be a function'));
  });
});
