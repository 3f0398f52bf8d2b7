import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createFakeHost } from "../../../src/testing/index.ts";
import { claimsFor, handSigned, handVerified } from "./hand-signed.ts";

const NOW = 1_800_000_000;
const APP = { appKey: "com.example.app", baseUrl: "https://app.example.com/connect" };
const SITE = "https://example.atlassian.net";

function start(baseUrl: string = SITE) {
  const host = createFakeHost({ baseUrl, now: () => NOW });
  return { host, installation: host.install(APP) };
}

function call(path: string, token?: string, init: RequestInit = {}): Request {
  return new Request(SITE + path, { headers: token === undefined ? {} : { authorization: `JWT ${token}` }, ...init });
}

/** The last character of 32 bytes in base64url carries two unused bits: the next character decodes to the same MAC. */
function respelled(token: string): string {
  return token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1);
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("an app calls the product", () => {
  test("a signed call is accepted, and the log tells why", async () => {
    const { host, installation } = start();
    const token = handSigned(claimsFor(APP.appKey, "GET&/rest/api/3/myself&", NOW), installation.sharedSecret);

    const response = await host.fetch(call("/rest/api/3/myself", token));

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ accountType: "app", displayName: APP.appKey });
    expect(host.log).toEqual([
      {
        method: "GET",
        url: `${SITE}/rest/api/3/myself`,
        credential: "connect",
        verdict: "accepted",
        accountId: `5dd64082af96bc0efbe55103:${APP.appKey}`,
        canonicalRequest: "GET&/rest/api/3/myself&",
        qsh: sha256("GET&/rest/api/3/myself&"),
        claimedQsh: sha256("GET&/rest/api/3/myself&"),
      },
    ]);
  });

  test("a tampered query is refused without a word to the caller", async () => {
    const { host, installation } = start();
    const claims = claimsFor(APP.appKey, "GET&/rest/api/3/search&jql=project%20%3D%20DEMO", NOW);
    const token = handSigned(claims, installation.sharedSecret);

    const good = await host.fetch(call("/rest/api/3/search?jql=project+%3D+DEMO", token));
    const bad = await host.fetch(call("/rest/api/3/search?jql=project+%3D+SECRET", token));

    expect(good.status).toBe(200);
    expect(await good.json()).toMatchObject({ total: 2, issues: [{ key: "DEMO-1" }, { key: "DEMO-2" }] });
    expect(bad.status).toBe(401);
    expect(bad.headers.get("www-authenticate")).toContain('JWT realm="https%3A%2F%2Fexample.atlassian.net"');
    expect(await bad.json()).toEqual({
      message: "Client must be authenticated to access this resource.",
      "status-code": 401,
    });
    const computed = sha256("GET&/rest/api/3/search&jql=project%20%3D%20SECRET");
    expect(host.log.at(-1)?.verdict).toBe(
      `Expecting claim 'qsh' to have value '${computed}' but instead it has the value '${String(claims["qsh"])}'`,
    );
  });

  test.each([
    ["a token of another secret", {}, "0".repeat(64), "the signature does not match"],
    [
      "the clientKey as issuer",
      { iss: "clientKey" },
      undefined,
      "the issuer is not the key of an app that is installed here",
    ],
    ["no exp", { exp: undefined }, undefined, /'exp' and 'iat' are required/],
    ["no iat", { iat: undefined }, undefined, /'exp' and 'iat' are required/],
    ["exp as text", { exp: String(NOW) }, undefined, "Expecting claim 'exp' to be numeric but it is a string"],
    ["exp a little too long ago", { exp: NOW - 31 }, undefined, /^Expired at/],
    ["nbf a little too far ahead", { nbf: NOW + 31 }, undefined, /^Cannot be used before/],
    ["no qsh", { qsh: undefined }, undefined, "Claim 'qsh' is missing."],
    ["a context token", { qsh: "context-qsh" }, undefined, /has the value 'context-qsh'$/],
  ])("%s is refused", async (_name, change, secret, verdict) => {
    const { host, installation } = start();
    const claims = { ...claimsFor(APP.appKey, "GET&/rest/api/3/myself&", NOW), ...change };
    const token = handSigned(claims, secret ?? installation.sharedSecret);
    expect((await host.fetch(call("/rest/api/3/myself", token))).status).toBe(401);
    expect(host.log[0]?.verdict).toMatch(verdict);
  });

  test.each([
    ["exp 30 s ago", { exp: NOW - 30 }],
    ["nbf in 30 s", { nbf: NOW + 30 }],
    ["iat in the future", { iat: NOW + 600 }],
  ])("%s is accepted, as in Java", async (_name, change) => {
    const { host, installation } = start();
    const claims = { ...claimsFor(APP.appKey, "GET&/rest/api/3/myself&", NOW), ...change };
    const token = handSigned(claims, installation.sharedSecret);
    expect((await host.fetch(call("/rest/api/3/myself", token))).status).toBe(200);
  });

  test.each([
    [
      "another algorithm",
      (token: string) => `${Buffer.from('{"alg":"none"}').toString("base64url")}${token.slice(token.indexOf("."))}`,
    ],
    ["two segments", (token: string) => token.slice(0, token.lastIndexOf("."))],
    ["four segments", (token: string) => `${token}.x`],
    ["padding", (token: string) => `${token}=`],
    ["a signature spelled otherwise", respelled],
    ["an empty header", (token: string) => `e30${token.slice(token.indexOf("."))}`],
  ])("%s is refused", async (_name, break_) => {
    const { host, installation } = start();
    const token = handSigned(claimsFor(APP.appKey, "GET&/rest/api/3/myself&", NOW), installation.sharedSecret);
    expect((await host.fetch(call("/rest/api/3/myself", break_(token)))).status).toBe(401);
  });

  test("a good MAC under another alg is refused", async () => {
    const { host, installation } = start();
    const claims = claimsFor(APP.appKey, "GET&/rest/api/3/myself&", NOW);
    const token = handSigned(claims, installation.sharedSecret, { typ: "JWT", alg: "HS512" });
    expect((await host.fetch(call("/rest/api/3/myself", token))).status).toBe(401);
    expect(host.log[0]?.verdict).toBe("the algorithm is not HS256");
  });

  test("the token may come as ?jwt= or under a lower-case scheme", async () => {
    const { host, installation } = start();
    const claims = claimsFor(APP.appKey, "GET&/rest/api/2/issue/DEMO-1&expand=names", NOW);
    const token = handSigned(claims, installation.sharedSecret);
    const inQuery = await host.fetch(call(`/rest/api/2/issue/DEMO-1?jwt=${token}&expand=names`));
    const inHeader = await host.fetch(
      new Request(`${SITE}/rest/api/2/issue/DEMO-1?expand=names`, { headers: { authorization: `jwt   ${token}` } }),
    );
    expect([inQuery.status, inHeader.status]).toEqual([200, 200]);
  });

  test("a form body is part of what is signed", async () => {
    const { host, installation } = start();
    const claims = claimsFor(APP.appKey, "POST&/rest/api/3/search&a=1,2&jql=", NOW);
    const token = handSigned(claims, installation.sharedSecret);
    const request = new Request(`${SITE}/rest/api/3/search?a=2`, {
      method: "POST",
      headers: { authorization: `JWT ${token}` },
      body: new URLSearchParams({ jql: "", a: "1" }),
    });
    const response = await host.fetch(request);
    expect(host.log[0]?.verdict).toBe("accepted");
    expect(response.status).toBe(415); // the resource itself wants JSON
  });

  test("a thousand parameters and more are no trouble", async () => {
    const { host, installation } = start();
    const names = Array.from({ length: 1500 }, (_, i) => `p${String(i).padStart(4, "0")}`);
    const query = names.map((name) => `${name}=x`).join("&");
    const claims = claimsFor(APP.appKey, `GET&/rest/api/3/search&${query}`, NOW);
    const token = handSigned(claims, installation.sharedSecret);
    expect((await host.fetch(call(`/rest/api/3/search?${query}`, token))).status).toBe(200);
  });

  test("a context path is not part of what is signed", async () => {
    const { host, installation } = start("https://jira.example.com/jira");
    const token = handSigned(claimsFor(APP.appKey, "GET&/rest/api/2/myself&", NOW), installation.sharedSecret);
    const headers = { authorization: `JWT ${token}` };
    const inside = await host.fetch(new Request("https://jira.example.com/jira/rest/api/2/myself", { headers }));
    const outside = await host.fetch(new Request("https://jira.example.com/jirafoo/rest/api/2/myself", { headers }));
    expect([inside.status, outside.status]).toEqual([200, 404]);
  });

  test("Confluence lives beside Jira, with an install and a secret of its own", async () => {
    const { host, installation } = start();
    const wiki = host.install(APP, { product: "confluence" });
    expect(wiki.baseUrl).toBe(`${SITE}/wiki`);
    const claims = claimsFor(APP.appKey, "GET&/rest/api/content/65591&", NOW);
    const path = "/wiki/rest/api/content/65591";
    expect((await host.fetch(call(path, handSigned(claims, wiki.sharedSecret)))).status).toBe(200);
    expect((await host.fetch(call(path, handSigned(claims, installation.sharedSecret)))).status).toBe(401);
    const v2 = handSigned(claimsFor(APP.appKey, "GET&/api/v2/pages/65591&", NOW), wiki.sharedSecret);
    expect(await (await host.fetch(call("/wiki/api/v2/pages/65591", v2))).json()).toMatchObject({ title: "Welcome" });
  });

  test("only serverInfo is open to the anonymous", async () => {
    const { host } = start();
    expect(await (await host.fetch(call("/rest/api/3/serverInfo"))).json()).toMatchObject({ baseUrl: SITE });
    expect((await host.fetch(call("/rest/api/2/serverInfo"))).status).toBe(200);
    expect((await host.fetch(call("/rest/api/3/myself"))).status).toBe(401);
    expect((await host.fetch(call("/rest/api/3/issue/DEMO-1"))).status).toBe(401);
    expect((await host.fetch(call("/rest/api/3/nothing"))).status).toBe(401);
  });

  test("issues are created, read and found; mistakes get Jira's answers", async () => {
    const { host, installation } = start();
    const ask = async (method: string, path: string, query: string, body?: string): Promise<Response> => {
      const token = handSigned(claimsFor(APP.appKey, `${method}&${path}&${query}`, NOW), installation.sharedSecret);
      return host.fetch(
        call(path + (query === "" ? "" : `?${query}`), token, {
          method,
          headers: {
            authorization: `JWT ${token}`,
            ...(body === undefined ? {} : { "content-type": "application/json" }),
          },
          ...(body === undefined ? {} : { body }),
        }),
      );
    };
    const fields = { project: { key: "DEMO" }, issuetype: { name: "Bug" }, summary: "It is broken" };

    const made = await ask("POST", "/rest/api/3/issue", "", JSON.stringify({ fields }));
    expect([made.status, await made.json()]).toMatchObject([201, { key: "DEMO-3" }]);
    expect(await (await ask("GET", "/rest/api/3/issue/DEMO-3", "")).json()).toMatchObject({ key: "DEMO-3", fields });
    const found = await ask("POST", "/rest/api/3/search/jql", "", JSON.stringify({ jql: 'summary ~ "broken"' }));
    expect(await found.json()).toMatchObject({ isLast: true, issues: [{ key: "DEMO-3" }] });
    const first = await ask("GET", "/rest/api/3/search/jql", "jql=&maxResults=2");
    expect(await first.json()).toMatchObject({ isLast: false, nextPageToken: "2" });

    expect((await ask("POST", "/rest/api/3/issue", "", "{")).status).toBe(400);
    const bare = await ask("POST", "/rest/api/3/issue", "", "{}");
    expect([bare.status, await bare.json()]).toMatchObject([400, { errors: { issuetype: "Specify an issue type" } }]);
    expect((await ask("GET", "/rest/api/3/search", "jql=%2A")).status).toBe(400);
    expect((await ask("GET", "/rest/api/3/issue/DEMO-99", "")).status).toBe(404);
    expect((await ask("GET", "/rest/api/3/nothing", "")).status).toBe(404);
    const wrong = await ask("DELETE", "/rest/api/3/myself", "");
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET"]);
  });

  test("installing again makes a new secret and keeps the tenant", () => {
    const { host, installation } = start();
    const again = host.install(APP);
    expect(again.clientKey).toBe(installation.clientKey);
    expect(again.sharedSecret).not.toBe(installation.sharedSecret);
    expect(host.installations).toEqual([again]);
  });
});

describe("the product calls the app", () => {
  test("an iframe page load", async () => {
    const { host, installation } = start();
    const user = host.users[0]?.accountId ?? "";
    const request = await host.iframeRequest({ path: "/page/", params: { issue: "DEMO-1", jwt: "not counted" }, user });

    const url = new URL(request.url);
    expect(request.method).toBe("GET");
    expect(url.origin + url.pathname).toBe("https://app.example.com/connect/page/");
    expect(url.searchParams.get("xdm_e")).toBe(SITE);
    expect([...url.searchParams.keys()]).toEqual([
      "issue",
      "jwt",
      "xdm_e",
      "xdm_c",
      "cp",
      "xdm_deprecated_addon_key_do_not_use",
      "lic",
      "cv",
      "jwt",
    ]);
    const { header, claims } = handVerified(url.searchParams.getAll("jwt").at(-1) ?? "", installation.sharedSecret);
    expect(header).toEqual({ typ: "JWT", alg: "HS256" });
    expect(claims).toEqual({
      iss: installation.clientKey,
      sub: user,
      iat: NOW,
      exp: NOW + 180,
      context: { user: { accountId: user } },
      qsh: sha256(
        "GET&/page&cp=&cv=1001.0.0-SNAPSHOT&issue=DEMO-1&lic=none&xdm_c=channel-com.example.app__general-page" +
          "&xdm_deprecated_addon_key_do_not_use=com.example.app&xdm_e=https%3A%2F%2Fexample.atlassian.net",
      ),
    });
  });

  test("a webhook, whose percent-decoded path is signed", async () => {
    const { host, installation } = start();
    const request = await host.webhookRequest({
      path: "/hook/a%2Fb%26c//",
      query: [
        ["user_id", "ada"],
        ["user_id", "Ada"],
      ],
      body: { webhookEvent: "jira:issue_updated" },
    });

    expect(request.url).toBe("https://app.example.com/connect/hook/a%2Fb%26c//?user_id=ada&user_id=Ada");
    expect(await request.json()).toEqual({ webhookEvent: "jira:issue_updated" });
    const [, token = ""] = (request.headers.get("authorization") ?? "").split("JWT ");
    expect(handVerified(token, installation.sharedSecret).claims["qsh"]).toBe(
      sha256("POST&/hook/a/b%26c&user_id=Ada,ada"),
    );
  });

  test("sends what it built to the app", async () => {
    const host = createFakeHost({ now: () => NOW });
    host.install({ ...APP, fetch: async (request) => new Response(request.url) });
    const response = await host.send(await host.webhookRequest({ path: "/hook", body: "{}" }));
    expect(await response.text()).toBe("https://app.example.com/connect/hook");
    await expect(host.send(new Request("https://app.example.com/connected"))).rejects.toThrow(TypeError);
  });
});

describe("wrong use", () => {
  test.each(["example.atlassian.net", "ftp://example.atlassian.net", "https://x.example/?a"])(
    "no site at %s",
    (baseUrl) => {
      expect(() => createFakeHost({ baseUrl })).toThrow(TypeError);
    },
  );
  test("calls before an install", async () => {
    await expect(createFakeHost().iframeRequest()).rejects.toThrow("no app is installed: call install first");
  });
  test("an origin that nobody serves is a network error", async () => {
    await expect(createFakeHost().fetch(new Request("https://other.example"))).rejects.toThrow(TypeError);
  });
  test("a product that the site does not have", () => {
    const host = createFakeHost({ baseUrl: "https://example.atlassian.net/wiki" });
    expect(host.install(APP).productType).toBe("confluence");
    expect(() => host.install(APP, { product: "jira" })).toThrow(TypeError);
  });
});
