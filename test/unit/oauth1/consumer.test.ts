import { describe, expect, it, vi } from "vitest";
import { createOAuth1Consumer } from "../../../src/oauth1/index.ts";
import type { OAuth1Consumer, OAuth1ConsumerOptions } from "../../../src/oauth1/index.ts";
import { makePair } from "./keys.ts";

const { privatePem } = makePair();
const NOW = 1_763_760_000;
const requestToken = { token: "RT/1", tokenSecret: "rts" };
const form = "application/x-www-form-urlencoded;charset=UTF-8";

interface Scene {
  consumer: OAuth1Consumer;
  sent: Request[];
}

/** A consumer before a server that answers with these, in order. */
function scene(answers: (Response | Error)[], options: Partial<OAuth1ConsumerOptions> = {}): Scene {
  const sent: Request[] = [];
  const consumer = createOAuth1Consumer({
    baseUrl: "https://jira.example.com/jira/",
    consumerKey: "consumer",
    privateKey: privatePem,
    now: () => NOW,
    fetch: (request) => {
      sent.push(request);
      const answer = answers.shift() ?? expect.fail("the server was asked once too often");
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    ...options,
  });
  return { consumer, sent };
}

const read = (request: Request | undefined, name: string): string | undefined => {
  const value = new RegExp(`${name}="([^"]*)"`).exec(request?.headers.get("authorization") ?? "")?.[1];
  return value === undefined ? undefined : decodeURIComponent(value);
};

describe("the dance", () => {
  it("asks for a request token with a callback and without a token", async () => {
    const { consumer, sent } = scene([
      new Response("oauth_token=RT%2F1&oauth_token_secret=rts&oauth_callback_confirmed=true\n"),
    ]);
    expect(await consumer.requestToken({ callback: "http://localhost:8765/cb?x=1" })).toEqual(requestToken);
    const [request] = sent;
    expect(request?.method).toBe("POST");
    expect(request?.url).toBe("https://jira.example.com/jira/plugins/servlet/oauth/request-token");
    expect(await request?.text()).toBe("");
    expect(read(request, "oauth_callback")).toBe("http://localhost:8765/cb?x=1");
    expect(read(request, "oauth_token")).toBeUndefined();
    expect(read(request, "oauth_signature_method")).toBe("RSA-SHA1");
    expect(request?.redirect).toBe("manual");
  });

  it("makes the authorize URL below the context path", () => {
    expect(scene([]).consumer.authorizeUrl(requestToken)).toBe(
      "https://jira.example.com/jira/plugins/servlet/oauth/authorize?oauth_token=RT%2F1",
    );
  });

  it("asks for an access token with token and verifier", async () => {
    const body =
      "oauth_token=AT&oauth_token_secret=ats&oauth_expires_in=157680000&oauth_session_handle=H&oauth_authorization_expires_in=160272000";
    const { consumer, sent } = scene([new Response(body)]);
    expect(await consumer.accessToken(requestToken, "Ab3xYz")).toEqual({
      token: "AT",
      tokenSecret: "ats",
      expiresAt: NOW + 157_680_000,
      sessionHandle: "H",
      sessionExpiresAt: NOW + 160_272_000,
    });
    expect(sent[0]?.url).toBe("https://jira.example.com/jira/plugins/servlet/oauth/access-token");
    expect(read(sent[0], "oauth_token")).toBe("RT/1");
    expect(read(sent[0], "oauth_verifier")).toBe("Ab3xYz");
    expect(read(sent[0], "oauth_callback")).toBeUndefined();
  });

  it("takes an answer that says nothing of lifetimes", async () => {
    const { consumer } = scene([new Response("oauth_token=AT&oauth_token_secret=ats")]);
    expect(await consumer.accessToken(requestToken, "v")).toEqual({ token: "AT", tokenSecret: "ats" });
  });

  it("renews with the session handle", async () => {
    const { consumer, sent } = scene([new Response("oauth_token=AT2&oauth_token_secret=s2")]);
    expect(await consumer.renew({ token: "AT", tokenSecret: "ats", sessionHandle: "H" })).toEqual({
      token: "AT2",
      tokenSecret: "s2",
    });
    expect(read(sent[0], "oauth_session_handle")).toBe("H");
    expect(read(sent[0], "oauth_token")).toBe("AT");
    await expect(consumer.renew({ token: "AT", tokenSecret: "ats" })).rejects.toThrow(
      '"accessToken.sessionHandle" must be a string',
    );
  });

  it("makes a signer that knows what the dance has learnt of the clock", async () => {
    const skewed = new Response("oauth_problem=timestamp_refused&oauth_acceptable_timestamps=1763759100-1763759700", {
      status: 400,
    });
    const { consumer, sent } = scene([
      skewed,
      new Response("oauth_token=a&oauth_token_secret=b&oauth_callback_confirmed=true"),
    ]);
    await consumer.requestToken({ callback: "oob" });
    expect(sent.map((request) => read(request, "oauth_timestamp"))).toEqual(["1763760000", "1763759400"]);
    expect(read(sent[0], "oauth_nonce")).not.toBe(read(sent[1], "oauth_nonce"));
    const signed = await consumer.signer({ token: "AT" })(new Request("https://jira.example.com/jira/rest"));
    expect(read(signed, "oauth_timestamp")).toBe("1763759400");
  });

  it("asks a second time once, and no third time", async () => {
    const skewed = (window: string): Response =>
      new Response(`oauth_problem=timestamp_refused&oauth_acceptable_timestamps=${window}`, { status: 400 });
    const { consumer, sent } = scene([skewed("1763759100-1763759700"), skewed("1763760100-1763760700")]);
    await expect(consumer.requestToken({ callback: "oob" })).rejects.toMatchObject({ problem: "timestamp_refused" });
    expect(sent).toHaveLength(2);
  });

  it("goes where it is told for other servers", async () => {
    const endpoints = {
      requestToken: "/oauth/request_token",
      authorize: "/oauth/authorize",
      accessToken: "/oauth/access_token",
    };
    const { consumer, sent } = scene(
      [new Response("oauth_token=a&oauth_token_secret=b&oauth_callback_confirmed=true")],
      {
        baseUrl: "https://api.example.com",
        endpoints,
      },
    );
    await consumer.requestToken({ callback: "oob" });
    expect(sent[0]?.url).toBe("https://api.example.com/oauth/request_token");
    expect(consumer.authorizeUrl({ token: "a" })).toBe("https://api.example.com/oauth/authorize?oauth_token=a");
  });
});

describe("parseCallback", () => {
  const { consumer } = scene([]);

  it.each([
    "http://localhost:8765/cb?oauth_token=RT%2F1&oauth_verifier=Ab3xYz",
    "/cb?oauth_verifier=Ab3xYz&x=1&x=2&oauth_token=RT%2F1#top",
    new URL("http://localhost/?oauth_token=RT%2F1&oauth_verifier=Ab3xYz"),
  ])("reads %s", (url) => {
    expect(consumer.parseCallback(url, requestToken)).toEqual({ verifier: "Ab3xYz" });
  });

  it.each([
    ["?oauth_token=RT%2F2&oauth_verifier=v", "ERR_OAUTH1_RESPONSE", "callback is for another request token"],
    ["?oauth_verifier=v", "ERR_OAUTH1_RESPONSE", "callback is for another request token"],
    ["", "ERR_OAUTH1_RESPONSE", "callback is for another request token"],
    ["?oauth_token=RT%2F1", "ERR_OAUTH1_RESPONSE", 'callback lacks "oauth_verifier"'],
    [
      "?oauth_token=RT%2F1&oauth_verifier=a&oauth_verifier=b",
      "ERR_OAUTH1_RESPONSE",
      "callback holds a parameter twice",
    ],
    ["?oauth_token=RT%2F1&oauth_verifier=denied", "ERR_OAUTH1_PROBLEM", '"oauth_problem" is permission_denied'],
    ["?oauth_problem=user_refused", "ERR_OAUTH1_PROBLEM", '"oauth_problem" is user_refused'],
  ])("refuses %s", (query, code, message) => {
    const parse = (): unknown => consumer.parseCallback(`http://localhost/cb${query}`, requestToken);
    expect(parse).toThrow(expect.objectContaining({ name: "OAuth1Error", code, message }) as Error);
  });
});

describe("what goes wrong", () => {
  const ask = (answers: (Response | Error)[], options?: Partial<OAuth1ConsumerOptions>): Promise<unknown> =>
    scene(answers, options).consumer.requestToken({ callback: "oob" });

  it("is a problem when the server says so", async () => {
    const body = "oauth_problem=consumer_key_unknown&oauth_problem_advice=who%20are%20you";
    await expect(ask([new Response(body, { status: 401, headers: { "content-type": form } })])).rejects.toMatchObject({
      name: "OAuth1Error",
      code: "ERR_OAUTH1_PROBLEM",
      status: 401,
      problem: "consumer_key_unknown",
      advice: "who are you",
      message: '"oauth_problem" is consumer_key_unknown',
      hint: "the server has no incoming link with this consumer key, or it is another server",
    });
  });

  const page = "<html><title>Log in</title></html>";
  it.each<[string, Response | Error, string, number]>([
    ["a page", new Response(page), "token answer is no form", 0],
    ["nothing", new Response(" \n"), "token answer is no form", 0],
    [
      "no token",
      new Response("oauth_token_secret=s&oauth_callback_confirmed=true"),
      'token answer lacks "oauth_token"',
      0,
    ],
    [
      "an empty token",
      new Response("oauth_token=&oauth_token_secret=s&oauth_callback_confirmed=true"),
      'token answer lacks "oauth_token"',
      0,
    ],
    [
      "no secret",
      new Response("oauth_token=t&oauth_callback_confirmed=true"),
      'token answer lacks "oauth_token_secret"',
      0,
    ],
    [
      "a callback that is not confirmed",
      new Response("oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=false"),
      'token answer lacks "oauth_callback_confirmed=true"',
      0,
    ],
    [
      "a redirect",
      new Response(null, { status: 302, headers: { location: "/login" } }),
      "token endpoint answered with a redirect, which is not followed",
      302,
    ],
    ["404", new Response(page, { status: 404 }), "token endpoint refused without saying why", 404],
    ["500", new Response(page, { status: 500 }), "token endpoint refused without saying why", 500],
    ["too much", new Response("x".repeat(70_000)), "token answer is too large", 200],
    ["no network", new TypeError("connect ECONNREFUSED 10.0.0.1"), "token endpoint could not be reached", 0],
  ])("is a bad response: %s", async (_, answer, message, status) => {
    await expect(ask([answer])).rejects.toMatchObject({
      name: "OAuth1Error",
      code: "ERR_OAUTH1_RESPONSE",
      message,
      status,
    });
  });

  it("is a bad response when nobody answers in time", async () => {
    const fetch = (): Promise<Response> => new Promise(() => {});
    await expect(ask([], { fetch, timeout: 0.05 })).rejects.toMatchObject({
      message: "token endpoint did not answer in time",
      status: 0,
    });
  });

  it("is a bad lifetime", async () => {
    const { consumer } = scene([new Response("oauth_token=AT&oauth_token_secret=ats&oauth_expires_in=soon")]);
    await expect(consumer.accessToken(requestToken, "v")).rejects.toMatchObject({
      message: '"oauth_expires_in" of the token answer is no number of seconds',
    });
  });

  it("is the caller's abort, with its reason", async () => {
    const reason = new Error("enough");
    const fetch = vi.fn(() => new Promise<Response>(() => {}));
    const controller = new AbortController();
    const { consumer } = scene([], { fetch });
    const asked = consumer.requestToken({ callback: "oob", signal: controller.signal });
    setTimeout(() => controller.abort(reason), 10);
    await expect(asked).rejects.toBe(reason);
  });

  it("is a refusal that was typed in: nothing is asked of the server", async () => {
    await expect(scene([]).consumer.accessToken(requestToken, "denied")).rejects.toMatchObject({
      problem: "permission_denied",
    });
  });

  it.each(["", "oob2", "/cb", "ftp://x/", "https://", "javascript:alert(1)", undefined])(
    "is a callback of %s",
    async (callback) => {
      await expect(scene([]).consumer.requestToken({ callback: callback as string })).rejects.toMatchObject({
        code: "ERR_INVALID_ARG_VALUE",
        message: '"options.callback" must be "oob" or an absolute http or https URL',
      });
    },
  );

  it("is a verifier that is none", async () => {
    await expect(scene([]).consumer.accessToken(requestToken, "")).rejects.toThrow('"verifier" must not be empty');
    await expect(scene([]).consumer.accessToken(requestToken, 1 as never)).rejects.toThrow(
      '"verifier" must be a string',
    );
  });

  it.each([
    [{ timeout: 0 }, '"options.timeout" must be a number of seconds up to 600'],
    [{ timeout: Number.NaN }, '"options.timeout" must be a number of seconds up to 600'],
    [
      { endpoints: { authorize: "authorize" } },
      '"options.endpoints.authorize" must be a path that starts with a slash',
    ],
    [
      { endpoints: { requestToken: "/../../x" } },
      '"options.endpoints.requestToken" must be a path that starts with a slash',
    ],
    [
      { endpoints: { requestToken: "/x?y=1" } },
      '"options.endpoints.requestToken" must be a path that starts with a slash',
    ],
    [{ endpoints: { accessToken: 1 as never } }, '"options.endpoints.accessToken" must be a string'],
    [{ fetch: {} as never }, '"options.fetch" must be a function'],
  ])("dies at the door with %j", (options, message) => {
    expect(() => scene([], options)).toThrow(message);
  });
});
