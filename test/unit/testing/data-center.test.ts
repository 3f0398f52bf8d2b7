import { createHmac, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import {
  createFakeDataCenter,
  type DataCenterQuirks,
  type FakeDataCenter,
  type OAuth1ProblemName,
} from "../../../src/testing/index.ts";

const NOW = 1_800_000_000;
const BASE = "https://jira.example.com/jira";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = publicKey.export({ type: "spki", format: "pem" }).toString();
const clock = { now: NOW };

function site(quirks: DataCenterQuirks = {}): FakeDataCenter {
  return createFakeDataCenter({
    baseUrl: BASE,
    now: () => clock.now,
    quirks,
    consumers: [
      { consumerKey: "rsa", name: "Script & <friends>", signatureMethod: "RSA-SHA1", publicKey: PEM },
      { consumerKey: "rsa256", signatureMethod: "RSA-SHA256", publicKey: PEM.replaceAll(/-----.*-----|\n/g, "") },
      { consumerKey: "hmac", signatureMethod: "HMAC-SHA1", consumerSecret: "s&s", twoLeggedUser: "alan" },
      { consumerKey: "hmac256", signatureMethod: "HMAC-SHA256", consumerSecret: "" },
    ],
  });
}

beforeEach(() => {
  clock.now = NOW;
});

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

interface Signing {
  consumerKey?: string;
  method?: string;
  tokenSecret?: string;
  oauth?: Record<string, string | undefined>;
  init?: RequestInit;
  /** What is signed instead of the address. */
  signedUrl?: string;
}

/** Signs by hand with `node:crypto`; no form bodies. */
function signed(path: string, one: Signing = {}): Request {
  const consumerKey = one.consumerKey ?? "rsa";
  const methods: Record<string, string> = { rsa256: "RSA-SHA256", hmac: "HMAC-SHA1", hmac256: "HMAC-SHA256" };
  const signatureMethod = methods[consumerKey] ?? "RSA-SHA1";
  const oauth: Record<string, string | undefined> = {
    oauth_consumer_key: consumerKey,
    oauth_nonce: randomBytes(8).toString("hex"),
    oauth_signature_method: signatureMethod,
    oauth_timestamp: String(Math.floor(NOW)),
    oauth_version: "1.0",
    ...one.oauth,
  };
  const protocol = Object.entries(oauth).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const url = new URL(one.signedUrl ?? BASE + path);
  const all = [...protocol, ...url.searchParams].map(([name, value]) => [encode(name), encode(value)] as const);
  all.sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1));
  const normalized = all.map((pair) => pair.join("=")).join("&");
  const base = [one.method ?? "GET", url.origin + url.pathname, normalized].map(encode).join("&");
  const hash = signatureMethod.endsWith("256") ? "sha256" : "sha1";
  const hmacSecret = `${encode(consumerKey === "hmac" ? "s&s" : "")}&${encode(one.tokenSecret ?? "")}`;
  const signature = signatureMethod.startsWith("RSA")
    ? createSign(hash).update(base).sign(privateKey, "base64")
    : createHmac(hash, hmacSecret).update(base).digest("base64");
  const header = [...protocol, ["oauth_signature", signature] as const]
    .map(([n, v]) => `${n}="${encode(v)}"`)
    .join(", ");
  return new Request(BASE + path, {
    method: one.method ?? "GET",
    ...one.init,
    headers: { ...(one.init?.headers as Record<string, string>), authorization: `OAuth ${header}` },
  });
}

const TOKENS = "/plugins/servlet/oauth";

async function answer(response: Response | Promise<Response>): Promise<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(await (await response).text()));
}

async function requestToken(
  dc: FakeDataCenter,
  callback: string | undefined = "oob",
  consumerKey = "rsa",
): Promise<Record<string, string>> {
  return answer(
    dc.fetch(signed(`${TOKENS}/request-token`, { method: "POST", consumerKey, oauth: { oauth_callback: callback } })),
  );
}

function swap(dc: FakeDataCenter, token: string, verifier?: string, one: Signing = {}): Promise<Response> {
  const oauth = { oauth_token: token, oauth_verifier: verifier, ...one.oauth };
  return dc.fetch(signed(`${TOKENS}/access-token`, { method: "POST", ...one, oauth }));
}

async function dance(dc: FakeDataCenter, consumerKey = "rsa"): Promise<Record<string, string>> {
  const { oauth_token = "", oauth_token_secret = "" } = await requestToken(dc, "oob", consumerKey);
  const { verifier } = dc.approve(oauth_token);
  const response = await swap(dc, oauth_token, verifier, { consumerKey, tokenSecret: oauth_token_secret });
  expect(response.status).toBe(200);
  return answer(response);
}

function call(dc: FakeDataCenter, token: Record<string, string>, path: string, one: Signing = {}): Promise<Response> {
  const { oauth_token, oauth_token_secret = "" } = token;
  return dc.fetch(signed(path, { tokenSecret: oauth_token_secret, ...one, oauth: { oauth_token, ...one.oauth } }));
}

describe("the dance", () => {
  test.each(["rsa", "rsa256", "hmac", "hmac256"])("out of band, by a consumer of %s", async (consumerKey) => {
    const dc = site();
    const first = await requestToken(dc, "oob", consumerKey);
    expect(first).toEqual({
      oauth_token: expect.stringMatching(/^[\w-]{32}$/),
      oauth_token_secret: expect.stringMatching(/^[\w-]{32}$/),
      oauth_callback_confirmed: "true",
    });
    const token = await dance(dc, consumerKey);
    expect(token).toMatchObject({ oauth_expires_in: "157680000", oauth_authorization_expires_in: "160272000" });
    const response = await call(dc, token, "/rest/api/2/myself", { consumerKey });
    expect([response.status, response.headers.get("x-ausername")]).toEqual([200, "ada"]);
    expect(await response.json()).toMatchObject({ name: "ada", key: "JIRAUSER10100", displayName: "Ada Lovelace" });
    expect(dc.log.at(-1)).toMatchObject({ credential: "oauth1", verdict: "accepted", accountId: "ada" });
  });

  test("a person consents in a browser", async () => {
    const dc = site();
    const { oauth_token = "" } = await requestToken(dc, "https://app.example.com/cb?a=1");
    const page = await dc.fetch(new Request(`${BASE}${TOKENS}/authorize?oauth_token=${oauth_token}`));
    expect(await page.text()).toContain("<strong>Script &#38; &#60;friends&#62;</strong>");
    const body = new URLSearchParams({ oauth_token, user: "alan", approve: "Allow" });
    const sent = await dc.fetch(new Request(`${BASE}${TOKENS}/authorize`, { method: "POST", body }));
    const to = new URL(sent.headers.get("location") ?? "");
    expect([sent.status, to.origin + to.pathname, to.searchParams.get("a")]).toEqual([
      302,
      "https://app.example.com/cb",
      "1",
    ]);
    expect(to.searchParams.get("oauth_token")).toBe(oauth_token);
    const token = await answer(swap(dc, oauth_token, to.searchParams.get("oauth_verifier") ?? ""));
    expect((await call(dc, token, "/rest/api/2/myself")).headers.get("x-ausername")).toBe("alan");
  });

  test("the code is on the page, six letters and digits", async () => {
    const dc = site();
    const { oauth_token = "" } = await requestToken(dc);
    const body = new URLSearchParams({ oauth_token, approve: "Allow" });
    const page = await dc.fetch(new Request(`${BASE}${TOKENS}/authorize`, { method: "POST", body }));
    const [, verifier = ""] = /<strong id="verifier">([A-Za-z0-9]{6})<\/strong>/.exec(await page.text()) ?? [];
    expect((await swap(dc, oauth_token, verifier)).status).toBe(200);
  });

  test("a person refuses", async () => {
    const dc = site();
    const { oauth_token = "" } = await requestToken(dc, "https://app.example.com/cb");
    const body = new URLSearchParams({ oauth_token, deny: "Deny" });
    const sent = await dc.fetch(new Request(`${BASE}${TOKENS}/authorize`, { method: "POST", body }));
    expect(sent.headers.get("location")).toBe(
      `https://app.example.com/cb?oauth_token=${oauth_token}&oauth_verifier=denied`,
    );
    expect(await answer(swap(dc, oauth_token, "denied"))).toEqual({ oauth_problem: "permission_denied" });
    expect(dc.deny((await requestToken(dc))["oauth_token"] ?? "")).toEqual({ verifier: "denied" });
  });

  test("what a request token can meet", async () => {
    const dc = site();
    const problem = async (response: Promise<Response>): Promise<unknown> => [
      (await response).status,
      await answer(response),
    ];
    const { oauth_token = "" } = await requestToken(dc);
    expect(await problem(swap(dc, oauth_token, "early"))).toEqual([401, { oauth_problem: "permission_unknown" }]);
    const { verifier } = dc.approve(oauth_token);
    expect(() => dc.approve(oauth_token)).toThrow("token_used");
    const again = await dc.fetch(new Request(`${BASE}${TOKENS}/authorize?oauth_token=${oauth_token}`));
    expect(await answer(again)).toEqual({ oauth_problem: "token_used" });
    expect(await problem(swap(dc, oauth_token))).toEqual([
      400,
      { oauth_problem: "parameter_absent", oauth_parameters_absent: "oauth_verifier" },
    ]);
    expect(await problem(swap(dc, oauth_token, "wrong"))).toEqual([401, { oauth_problem: "token_rejected" }]);
    expect(await problem(swap(dc, oauth_token, verifier, { consumerKey: "hmac" }))).toEqual([
      401,
      { oauth_problem: "token_rejected" },
    ]);
    clock.now = NOW + 600;
    expect(await problem(swap(dc, oauth_token, verifier))).toEqual([401, { oauth_problem: "token_expired" }]);
    clock.now = NOW + 200;
    expect((await swap(dc, oauth_token, verifier)).status).toBe(200);
    expect(await problem(swap(dc, oauth_token, verifier))).toEqual([401, { oauth_problem: "token_rejected" }]);
  });

  test.each([
    ["no callback", undefined, "parameter_absent"],
    ["a relative callback", "/cb", "parameter_rejected"],
    ["another scheme", "javascript://x", "parameter_rejected"],
  ])("%s is refused", async (_name, callback, problem) => {
    const response = site().fetch(
      signed(`${TOKENS}/request-token`, { method: "POST", oauth: { oauth_callback: callback } }),
    );
    expect([(await response).status, (await answer(response))["oauth_problem"]]).toEqual([400, problem]);
  });

  test("token endpoints want POST", async () => {
    expect((await site().fetch(signed(`${TOKENS}/request-token`))).status).toBe(405);
  });
});

describe("calls", () => {
  test("without all six parameters a call is anonymous, and serverInfo does not mind", async () => {
    const dc = site();
    const { oauth_token = "" } = await dance(dc);
    const info = await dc.fetch(signed("/rest/api/2/serverInfo", { oauth: { oauth_token, oauth_nonce: undefined } }));
    expect([info.status, info.headers.get("x-ausername")]).toEqual([200, "anonymous"]);
    expect(dc.log.at(-1)?.credential).toBe("none");
    const myself = await dc.fetch(signed("/rest/api/2/myself"));
    expect([myself.status, myself.headers.get("www-authenticate")]).toEqual([
      401,
      'OAuth realm="https%3A%2F%2Fjira.example.com%2Fjira"',
    ]);
  });

  test("a token that expired, was revoked, or is another consumer's", async () => {
    const dc = site();
    const token = await dance(dc);
    const other = await call(dc, token, "/rest/api/2/myself", { consumerKey: "hmac" });
    expect(await answer(other)).toEqual({ oauth_problem: "token_rejected" });
    clock.now = NOW + 157_680_000;
    expect(await answer(call(dc, token, "/rest/api/2/myself"))).toEqual({ oauth_problem: "token_expired" });
    clock.now = NOW;
    dc.revoke(token["oauth_token"] ?? "");
    expect(await answer(call(dc, token, "/rest/api/2/myself"))).toEqual({ oauth_problem: "token_revoked" });
    expect(dc.accessTokens()).toEqual([]);
  });

  test("a consumer that is gone", async () => {
    const dc = site();
    const token = await dance(dc);
    dc.removeConsumer("rsa");
    expect(await answer(call(dc, token, "/rest/api/2/myself"))).toEqual({ oauth_problem: "consumer_key_unknown" });
  });

  test("two-legged calls run as the consumer's user, where it has one", async () => {
    const dc = site();
    const two = { consumerKey: "hmac", oauth: { oauth_token: "" } };
    expect((await dc.fetch(signed("/rest/api/2/myself", two))).headers.get("x-ausername")).toBe("alan");
    const none = await dc.fetch(signed("/rest/api/2/myself", { oauth: { oauth_token: "" } }));
    expect(await answer(none)).toEqual({ oauth_problem: "token_rejected" });
  });

  test("licences, seats and search", async () => {
    const dc = site();
    const token = await dance(dc);
    const get = async (path: string): Promise<unknown> => (await call(dc, token, path)).json();
    const installed = "/rest/plugins/applications/1.0/installed";
    expect(await get(`${installed}/jira-software`)).toMatchObject({
      accessDetails: { activeUserCount: 42, licensedUserCount: 50 },
    });
    expect(await get(`${installed}/jira-software/license`)).toMatchObject({
      valid: true,
      expiryDate: (NOW + 365 * 86_400) * 1000,
    });
    expect(await get(installed)).toHaveLength(2);
    expect(await get("/rest/api/2/applicationrole")).toMatchObject([{ numberOfSeats: 50, remainingSeats: 8 }, {}]);
    expect((await call(dc, token, `${installed}/nothing`)).status).toBe(404);
    expect(await get("/rest/api/2/search?jql=project+%3D+DEMO&maxResults=1")).toMatchObject({ total: 2, issues: [{}] });
    expect((await call(dc, token, "/rest/api/3/myself")).status).toBe(404);
  });

  test("an issue with an attachment", async () => {
    const dc = site();
    const token = await dance(dc);
    const fields = { project: { key: "DEMO" }, issuetype: { name: "Task" }, summary: "With a file" };
    const json = { headers: { "content-type": "application/json" }, body: JSON.stringify({ fields }) };
    const made = await call(dc, token, "/rest/api/2/issue", { method: "POST", init: json });
    expect(await made.json()).toMatchObject({ key: "DEMO-3", self: `${BASE}/rest/api/2/issue/10002` });
    const form = new FormData();
    form.set("file", new File(["hello"], "ü.txt", { type: "text/plain" }));
    const path = "/rest/api/2/issue/DEMO-3/attachments";
    const bare = await call(dc, token, path, { method: "POST", init: { body: form } });
    expect(bare.status).toBe(403);
    const init = { body: form, headers: { "x-atlassian-token": "no-check" } };
    const attached = await call(dc, token, path, { method: "POST", init });
    expect(await attached.json()).toMatchObject([{ filename: "ü.txt", size: 5 }]);
  });

  test("a wiki serves pages", async () => {
    const wiki = createFakeDataCenter({ product: "confluence", baseUrl: "https://wiki.example.com" });
    expect(
      await (await wiki.fetch(new Request("https://wiki.example.com/rest/api/user/current"))).json(),
    ).toMatchObject({
      type: "anonymous",
    });
    expect((await wiki.fetch(new Request("https://wiki.example.com/rest/api/content/65591"))).status).toBe(401);
  });
});

describe("quirks", () => {
  test("a wrong proxy is told by the base string that the server echoes", async () => {
    const dc = site({ proxyMisconfigured: { scheme: "http", port: 8080 } });
    const said = await requestToken(dc);
    expect(said["oauth_problem"]).toBe("signature_invalid");
    expect(said["oauth_signature_base_string"]).toMatch(/^POST&http%3A%2F%2Fjira\.example\.com%3A8080%2Fjira%2F/);
    const through = signed(`${TOKENS}/request-token`, {
      method: "POST",
      oauth: { oauth_callback: "oob" },
      signedUrl: `http://jira.example.com:8080/jira${TOKENS}/request-token`,
    });
    expect((await dc.fetch(through)).status).toBe(200);
  });
  test("a server may say nothing of its base string, or answer with a page", async () => {
    const quiet = site({ noEchoBaseString: true, proxyMisconfigured: { scheme: "http" } });
    expect(await requestToken(quiet)).not.toHaveProperty("oauth_signature_base_string");
    const page = await site({ htmlErrorPage: true }).fetch(signed(`${TOKENS}/request-token`, { method: "POST" }));
    expect([page.status, page.headers.get("content-type")]).toEqual([400, "text/html"]);
  });
  test("a decoded path", async () => {
    const path = "/rest/api/2/issue/a%20b";
    const token = { oauth_token: "", oauth_token_secret: "" };
    const spaced = { consumerKey: "hmac", signedUrl: `${BASE}${path}` };
    expect((await call(site(), token, path, spaced)).status).toBe(404);
    expect((await call(site({ decodedPath: true }), token, path, spaced)).status).toBe(401);
  });
  test("the flow before revision A", async () => {
    const dc = site({ allowOAuth10WithoutVerifier: true });
    const response = await dc.fetch(signed(`${TOKENS}/request-token`, { method: "POST" }));
    const token = await answer(response);
    expect(token).not.toHaveProperty("oauth_callback_confirmed");
    dc.approve(token["oauth_token"] ?? "");
    expect((await swap(dc, token["oauth_token"] ?? "")).status).toBe(200);
  });
  test("renewal, until the session is over", async () => {
    const token = await dance(site());
    expect(token["oauth_session_handle"]).toHaveLength(32);
    const dc = site({ renewal: true });
    const first = await dance(dc);
    const renew = (): Promise<Response> =>
      swap(dc, first["oauth_token"] ?? "", undefined, {
        oauth: { oauth_session_handle: first["oauth_session_handle"] },
      });
    clock.now = NOW + 160_272_000;
    expect(await answer(renew())).toEqual({ oauth_problem: "permission_denied" });
    clock.now = NOW + 100;
    const second = await answer(renew());
    expect(second["oauth_authorization_expires_in"]).toBe(String(160_272_000 - 100));
    expect((await call(dc, second, "/rest/api/2/myself")).status).toBe(200);
    expect(await answer(renew())).toEqual({ oauth_problem: "token_rejected" });
    const plain = site();
    const held = await dance(plain);
    const refused = swap(plain, held["oauth_token"] ?? "", undefined, {
      oauth: { oauth_session_handle: held["oauth_session_handle"] },
    });
    expect(await answer(refused)).toEqual({ oauth_problem: "token_rejected" });
  });
  test("a clock that is off", async () => {
    const said = await requestToken(site({ skewSeconds: 1000 }));
    expect(said).toEqual({
      oauth_problem: "timestamp_refused",
      oauth_acceptable_timestamps: `${NOW + 700}-${NOW + 1300}`,
    });
  });
  test("a line feed at the end, and a login page", async () => {
    const response = await site({ trailingNewline: true }).fetch(
      signed(`${TOKENS}/request-token`, { method: "POST", oauth: { oauth_callback: "oob" } }),
    );
    expect(await response.text()).toMatch(/oauth_callback_confirmed=true\n$/);
    const login = await site({ redirectToLogin302: true }).fetch(new Request(`${BASE}/rest/api/2/myself`));
    expect([login.status, login.headers.get("location")]).toEqual([
      302,
      `${BASE}/login.jsp?os_destination=%2Frest%2Fapi%2F2%2Fmyself`,
    ]);
  });
  test("form bodies of PUT count, or not", async () => {
    const put = { method: "PUT", consumerKey: "hmac", init: { body: new URLSearchParams({ a: "1" }) } };
    const token = { oauth_token: "", oauth_token_secret: "" };
    const strict = await answer(call(site(), token, "/rest/api/2/issue", put));
    expect(strict["oauth_problem"]).toBe("signature_invalid");
    expect((await call(site({ formBodyPostOnly: true }), token, "/rest/api/2/issue", put)).status).toBe(405);
  });
});

describe("every problem, on demand", () => {
  const STATUS: Record<OAuth1ProblemName, number> = {
    parameter_absent: 400,
    parameter_rejected: 400,
    version_rejected: 400,
    timestamp_refused: 400,
    signature_method_rejected: 400,
    signature_invalid: 401,
    consumer_key_unknown: 401,
    consumer_key_rejected: 401,
    consumer_key_refused: 503,
    nonce_used: 401,
    token_used: 401,
    token_expired: 401,
    token_revoked: 401,
    token_rejected: 401,
    permission_unknown: 401,
    permission_denied: 401,
    additional_authorization_required: 401,
    user_refused: 503,
  };
  test.each(Object.entries(STATUS) as [OAuth1ProblemName, number][])("%s is a %i", async (problem, status) => {
    const dc = site();
    dc.complain(problem, { parameters: [["oauth_problem_advice", 'call "someone"']] });
    const response = dc.fetch(signed(`${TOKENS}/request-token`, { method: "POST", oauth: { oauth_callback: "oob" } }));
    expect([(await response).status, await answer(response)]).toEqual([
      status,
      { oauth_problem: problem, oauth_problem_advice: 'call "someone"' },
    ]);
    expect(await requestToken(dc)).toHaveProperty("oauth_token");
  });
});

test.each([
  ["a base URL", { baseUrl: "jira.example.com" }],
  ["a public key", { consumers: [{ consumerKey: "x", signatureMethod: "RSA-SHA1" as const, publicKey: "no key" }] }],
])("%s that is none dies at once", (_name, options) => {
  expect(() => createFakeDataCenter(options)).toThrow(TypeError);
});
