/** The adapters of Node in the real frameworks, over real sockets. */
import { afterEach, describe, expect, test } from "vitest";
import { memoryInstallations } from "../../../src/connect/installations.ts";
import { signConnectToken } from "../../../src/connect/token.ts";
import { createConnectVerifier } from "../../../src/connect/verifier.ts";
import type { AuthError } from "../../../src/errors.ts";
import { createFakeHost } from "../../../src/testing/host.ts";
import type { QueryParameters } from "../../../src/testing/app-calls.ts";
import type { WebRequest } from "../../../src/types.ts";
import { sendRaw } from "./raw-http.ts";
import type { RawAnswer } from "./raw-http.ts";
import { echo, frameworks } from "./servers.ts";
import type { App, Seen, Setup } from "./servers.ts";

const FORM = "Content-Type: application/x-www-form-urlencoded";
const ODD_PARAMETERS: QueryParameters = [
  ["a[]", "2"],
  ["a[]", "1"],
  ["b[c]", "d"],
  ["x", "2"],
  ["x", "1"],
  ["x", "2"],
  ["__proto__", "1"],
  ["constructor", "é 😀+%&=;,"],
  ["empty", ""],
];
const MANY_PARAMETERS: QueryParameters = Array.from({ length: 1100 }, (_, i) => [i.toString(36), "1"] as const);

let app: App | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** A product, an app that is installed in it, and a verifier of that app. */
function party(baseUrl: string, form = false) {
  const host = createFakeHost();
  const installation = host.install({ appKey: "com.example.app", baseUrl });
  const installations = memoryInstallations([installation]);
  const verify = createConnectVerifier({ appKey: "com.example.app", baseUrl, installations, accept: ["request"], form });
  /** A token of the tenant for a request that the host would not send. */
  const tokenFor = (method: string, path: string, body?: string): Promise<string> =>
    signConnectToken(
      { method, url: baseUrl + path, ...(body === undefined ? {} : { form: body }) },
      { appKey: installation.clientKey, sharedSecret: installation.sharedSecret, baseUrl },
    );
  return { host, clientKey: installation.clientKey, verify, tokenFor };
}

describe.each(frameworks)("%s", (_name, startApp) => {
  const refused: AuthError[] = [];

  async function start<Identity>(setup: Setup<Identity>): Promise<number> {
    refused.length = 0;
    app = await startApp({ onRefusal: (error) => refused.push(error), ...setup });
    return app.port;
  }

  /** Sends what a product would send, as the proxy in front would pass it on. */
  function pass(port: number, request: WebRequest, stripped = "", lines: string[] = []): Promise<RawAnswer> {
    const target = request.url.replace(/^https:\/\/[^/]+/, "").slice(stripped.length);
    return sendRaw(port, [`${request.method} ${target} HTTP/1.1`, ...lines]);
  }

  test.each([
    ["at the root", "https://app.example.com", "https://app.example.com", {}, ""],
    ["under a sub-path", "https://app.example.com/jira/app", "https://app.example.com", { mount: "/jira/app" }, ""],
    ["behind a proxy that strips a prefix", "https://app.example.com/pre/fix", "https://app.example.com/pre/fix/", {}, "/pre/fix"],
    ["both", "https://app.example.com/pre/app", "https://app.example.com/pre", { mount: "/app" }, "/pre"],
  ])("an iframe load %s", async (_where, baseUrl, publicUrl, rest, stripped) => {
    const { host, clientKey, verify } = party(baseUrl);
    const port = await start({ verify, publicUrl, ...rest });
    for (const params of [{ issue: "DEMO-1" }, ODD_PARAMETERS, MANY_PARAMETERS] as QueryParameters[]) {
      const answer = await pass(port, await host.iframeRequest({ path: "/panel/a%20b", params, user: "user-1" }), stripped);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body)).toMatchObject({
        identity: { kind: "request", clientKey, accountId: "user-1" },
        placed: true,
      });
    }
    expect(refused).toEqual([]);
  });

  test("a query that was tampered with, and no token at all, are the same 401", async () => {
    const { host, verify } = party("https://app.example.com");
    const port = await start({ verify, publicUrl: "https://app.example.com" });
    const good = await host.iframeRequest({ path: "/panel", params: ODD_PARAMETERS });
    const answers = [
      await sendRaw(port, [`GET ${good.url.slice("https://app.example.com".length)}&x=3 HTTP/1.1`]),
      await sendRaw(port, ["GET /panel HTTP/1.1"]),
    ];
    for (const { status, headers, body } of answers) {
      expect(status).toBe(401);
      expect(headers).toContain("\r\ncontent-type: application/problem+json");
      expect(headers).toContain('\r\nwww-authenticate: jwt error="invalid_token", bearer error="invalid_token"');
      expect(headers).toContain("\r\ncache-control: no-store");
      expect(JSON.parse(body)).toEqual({ type: "about:blank", title: "Unauthorized", status: 401, error: "invalid_token" });
    }
    expect(refused.map(({ code }) => code)).toEqual(["ERR_QSH_MISMATCH", "ERR_TOKEN_MISSING"]);
  });

  test("a webhook whose body was parsed before is verified, for its token binds no body", async () => {
    const { verify, tokenFor } = party("https://app.example.com");
    const port = await start({ verify, publicUrl: "https://app.example.com", parser: "first" });
    const head = ["POST /hook?a=1 HTTP/1.1", `Authorization: JWT ${await tokenFor("POST", "/hook?a=1")}`];
    const answer = await sendRaw(port, [...head, "Content-Type: application/json"], '{"event":"created"}');
    expect(answer.status).toBe(200);
    expect((JSON.parse(answer.body) as Seen).body).toEqual({ event: "created" });
  });

  test("a verifier that needs no body leaves it to the parser that comes next", async () => {
    const clones = async (request: WebRequest): Promise<{ ok: true }> => {
      request.clone();
      return { ok: true };
    };
    const port = await start({ verify: clones, publicUrl: "https://app.example.com", parser: "after" });
    const answer = await sendRaw(port, ["POST /hook HTTP/1.1", "Content-Type: application/json"], '{"event":"created"}');
    expect(JSON.parse(answer.body)).toEqual({ identity: { ok: true }, placed: true, body: { event: "created" } });
  });

  describe("a form that the token binds", () => {
    const body = "b%5Bc%5D=1&a=2&a=1&a=2";

    test("fails closed when a parser consumed it", async () => {
      const { verify, tokenFor } = party("https://app.example.com", true);
      const port = await start({ verify, publicUrl: "https://app.example.com", parser: "first" });
      const head = ["POST /form HTTP/1.1", FORM, `Authorization: JWT ${await tokenFor("POST", "/form", body)}`];
      const answer = await sendRaw(port, head, body);
      expect(answer.status).toBe(500);
      expect(JSON.parse(answer.body)).toEqual({
        caught: '"request.body" must not be read before the request is verified',
      });
    });

    test("is verified when the parser kept it as it came", async () => {
      const { verify, tokenFor } = party("https://app.example.com", true);
      const port = await start({ verify, publicUrl: "https://app.example.com", parser: "keeping" });
      const authorization = `Authorization: JWT ${await tokenFor("POST", "/form", body)}`;
      const head = ["POST /form HTTP/1.1", FORM, authorization];
      expect((await sendRaw(port, head, body)).status).toBe(200);
      expect((await sendRaw(port, head, `${body}&a=3`)).status).toBe(401);
    });
  });

  describe("a target as nobody's fetch would send it", () => {
    test.each([
      ["absolute-form", "http://evil.example/panel"],
      ["absolute-form of the app itself", "https://app.example.com/panel"],
      ["a dot segment", "/admin/../panel"],
      ["a dot segment that is encoded", "/admin/%2e%2E/panel"],
      ["a dot segment at the end", "/panel/."],
      ["a backslash", "/admin\\..\\panel"],
      ["a fragment", "/panel#/admin"],
    ])("%s is refused", async (_what, target) => {
      const { verify, tokenFor } = party("https://app.example.com");
      const port = await start({ verify, publicUrl: "https://app.example.com" });
      // With a token that is good for what a URL parser reads in it.
      const token = await tokenFor("GET", new URL(target, "https://app.example.com").pathname);
      const answer = await sendRaw(port, [`GET ${target} HTTP/1.1`, `Authorization: JWT ${token}`]);
      expect(answer.status).toBe(401);
      expect(refused).toMatchObject([{ code: "ERR_QSH_MISMATCH", message: "request target is not one that can be signed" }]);
    });

    test("two slashes are a path, and name no host", async () => {
      const port = await start({ verify: echo, publicUrl: "https://app.example.com" });
      const answer = await sendRaw(port, ["GET //evil.example/x?a=1 HTTP/1.1"]);
      expect(JSON.parse(answer.body)).toMatchObject({ identity: { url: "https://app.example.com//evil.example/x?a=1" } });
    });

    test("two slashes are what the token binds: it is good for neither half", async () => {
      const { clientKey, verify, tokenFor } = party("https://app.example.com");
      const port = await start({ verify, publicUrl: "https://app.example.com" });
      const send = async (target: string, token: string) =>
        sendRaw(port, [`GET ${target} HTTP/1.1`, `Authorization: JWT ${token}`]);
      const answer = await send("//evil/x", await tokenFor("GET", "//evil/x"));
      expect(JSON.parse(answer.body)).toMatchObject({ identity: { kind: "request", clientKey } });
      for (const path of ["/x", "/evil/x", "/"]) {
        expect((await send("//evil/x", await tokenFor("GET", path))).status).toBe(401);
      }
      expect(refused.map(({ code }) => code)).toEqual(["ERR_QSH_MISMATCH", "ERR_QSH_MISMATCH", "ERR_QSH_MISMATCH"]);
    });

    test("a header that was sent twice stays two", async () => {
      const { verify, tokenFor } = party("https://app.example.com");
      const port = await start({ verify, publicUrl: "https://app.example.com" });
      const line = `Authorization: JWT ${await tokenFor("GET", "/panel")}`;
      expect((await sendRaw(port, ["GET /panel HTTP/1.1", line])).status).toBe(200);
      expect((await sendRaw(port, ["GET /panel HTTP/1.1", line, line])).status).toBe(401);
      expect(refused.map(({ code }) => code)).toEqual(["ERR_TOKEN_AMBIGUOUS"]);
    });
  });

  test("an error that is no refusal is the framework's", async () => {
    const verify = (): Promise<never> => Promise.reject(new Error("a bug"));
    const port = await start({ verify, publicUrl: "https://app.example.com" });
    const answer = await sendRaw(port, ["GET /panel HTTP/1.1"]);
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toEqual({ caught: "a bug" });
    expect(refused).toEqual([]);
  });
});

// Not Fastify: it parses what its early hooks leave alone, and would wait for what is gone.
test.each(frameworks.filter(([name]) => name !== "Fastify"))("%s: a form that nobody read before is read from the stream", async (_name, startApp) => {
  const body = "b%5Bc%5D=1&a=2&a=1&a=2";
  const { verify, tokenFor } = party("https://app.example.com", true);
  app = await startApp({ verify, publicUrl: "https://app.example.com" });
  const head = ["POST /form HTTP/1.1", FORM, `Authorization: JWT ${await tokenFor("POST", "/form", body)}`];
  expect((await sendRaw(app.port, head, body)).status).toBe(200);
});
