import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createConnectSigner } from "../../../src/connect/index.ts";
import { createSignedFetch } from "../../../src/fetch/index.ts";
import { createFakeHost } from "../../../src/testing/index.ts";
import type { RequestSigner } from "../../../src/types.ts";

const baseUrl = "https://example.atlassian.net/wiki";

interface Sent {
  url: string;
  method: string;
  count: string | null;
  body: string;
  type: string | null;
}

/** A signer that counts, and a fetch that answers what it is told and writes down what it got. */
function setUp(answers: (Response | Error)[] = [], retry?: RequestSigner["retry"]) {
  const sent: Sent[] = [];
  let count = 0;
  const sign: RequestSigner = async (request) => {
    const signed = new Request(request);
    signed.headers.set("authorization", `count ${++count}`);
    return signed;
  };
  if (retry !== undefined) sign.retry = retry;
  const fetch = async (request: Request) => {
    const { url, method, headers } = request;
    expect(request.redirect).toBe("manual");
    sent.push({ url, method, count: headers.get("authorization"), body: await request.text(), type: headers.get("content-type") });
    const answer = answers.shift() ?? new Response("done");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { sent, sign, fetch: createSignedFetch({ baseUrl, sign, fetch }) };
}

const broken = () => new ReadableStream({ start: (controller) => controller.error(new Error("broken")) });
const redirect = (status: number, location: string) => new Response("moved", { status, headers: { location } });
const stream = (text: string) => new Blob([text]).stream();
const streamed = (text: string): RequestInit => ({ method: "POST", body: stream(text), duplex: "half" }) as RequestInit;

describe("where it goes", () => {
  test.each([
    ["/rest/api/content", `${baseUrl}/rest/api/content`],
    ["rest/api/content", `${baseUrl}/rest/api/content`],
    ["?a=1", `${baseUrl}?a=1`],
    ["", baseUrl],
    ["//evil.example/x", `${baseUrl}//evil.example/x`],
    ["/a/../b", `${baseUrl}/b`],
    [`${baseUrl}/x?y=%7e#z`, `${baseUrl}/x?y=%7e#z`],
    [new URL(`${baseUrl}/x`), `${baseUrl}/x`],
    [new Request(`${baseUrl}/x`), `${baseUrl}/x`],
  ])("%s", async (input, url) => {
    const { fetch, sent } = setUp();
    expect(await (await fetch(input)).text()).toBe("done");
    expect(sent).toEqual([{ url, method: "GET", count: "count 1", body: "", type: null }]);
  });

  test.each([
    "https://evil.example/wiki/x",
    "https://example.atlassian.net/rest",
    "https://example.atlassian.net/wikis",
    "http://example.atlassian.net/wiki/x",
    "/../rest/api/3/myself",
    "/%2e%2e/rest",
    "javascript:alert(1)",
    "data:text/plain,x",
  ])("not to %s", async (input) => {
    const { fetch, sent } = setUp();
    await expect(fetch(input)).rejects.toMatchObject({ name: "OriginError", code: "ERR_ORIGIN_NOT_ALLOWED" });
    expect(sent).toEqual([]);
  });

  test("not where a signer points", async () => {
    const send = vi.fn();
    const sign: RequestSigner = async () => new Request("https://evil.example/");
    await expect(createSignedFetch({ baseUrl, sign, fetch: send })("/x")).rejects.toMatchObject({ code: "ERR_ORIGIN_NOT_ALLOWED" });
    expect(send).not.toHaveBeenCalled();
  });

  test("refuses what is no URL", async () => {
    const { fetch } = setUp();
    await expect(fetch("https://[")).rejects.toMatchObject({ message: '"input" must be a URL or a relative reference' });
    for (const input of [{}, null, undefined, 5]) {
      await expect(fetch(input as never)).rejects.toMatchObject({
        code: "ERR_INVALID_ARG_TYPE",
        message: '"input" must be a string, a URL or a Request',
      });
    }
  });

  test.each([
    [{ sign: undefined }, '"options.sign" must be a function'],
    [{ fetch: 1 }, '"options.fetch" must be a function'],
    [{ baseUrl: "http://example.com" }, '"options.baseUrl" must be an https URL'],
    [{ baseUrl: "https://example.com?x" }, '"options.baseUrl" must have neither query nor fragment'],
  ])("dies at start for %j", (wrong, message) => {
    const { sign } = setUp();
    expect(() => createSignedFetch(undefined as never)).toThrow('"options" must be an object');
    expect(() => createSignedFetch({ baseUrl, sign, ...wrong } as never)).toThrow(expect.objectContaining({ name: "TypeError", message }));
  });
});

describe("what it sends", () => {
  test("method, headers and body, of init and of a Request", async () => {
    const { fetch, sent } = setUp();
    const init = { method: "PUT", body: "text", headers: { "content-type": "text/x" } };
    await fetch("/a", init);
    await fetch(new Request(`${baseUrl}/b`, init));
    await fetch(new Request(`${baseUrl}/c`, init), { method: "DELETE", body: "other" });
    await fetch("/d", streamed("streamed"));
    expect(sent.map(({ method, body }) => `${method} ${body}`)).toEqual(["PUT text", "PUT text", "DELETE other", "POST streamed"]);
    expect(sent.map(({ type }) => type)).toEqual(["text/x", "text/x", "text/x", null]);
  });

  test("the caller's signal", async () => {
    const reason = new Error("enough");
    const fetch = createSignedFetch({
      baseUrl,
      sign: async (request) => new Request(request),
      fetch: (request) =>
        new Promise((_, reject) => {
          if (request.signal.aborted) reject(request.signal.reason);
          request.signal.addEventListener("abort", () => reject(request.signal.reason));
        }),
    });
    const controller = new AbortController();
    const pending = fetch("/x", { signal: controller.signal });
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });

  test("what fails underneath comes out as it is", async () => {
    const failure = new TypeError("fetch failed");
    await expect(setUp([failure]).fetch("/x")).rejects.toBe(failure);
  });
});

describe("redirects", () => {
  test("are followed inside the lock, each with a fresh signature", async () => {
    const { fetch, sent } = setUp([redirect(302, "/wiki/b?c=1"), redirect(301, "d")]);
    expect(await (await fetch("/a", { headers: { "x-mine": "1" } })).text()).toBe("done");
    expect(sent.map(({ url, count }) => `${url} ${count}`)).toEqual([
      `${baseUrl}/a count 1`,
      `${baseUrl}/b?c=1 count 2`,
      `${baseUrl}/d count 3`,
    ]);
  });

  test.each(["https://evil.example/wiki/x", "/rest", "//evil.example/wiki/x", "http://example.atlassian.net/wiki/x", "https://["])(
    "to %s are returned as they are",
    async (location) => {
      const { fetch, sent } = setUp([redirect(302, location)]);
      const response = await fetch("/a");
      expect(response.status).toBe(302);
      expect(response.headers.get("location")).toBe(location);
      await expect(response.text(), "unread").resolves.toBe("moved");
      expect(sent).toHaveLength(1);
    },
  );

  test.each([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [301, "PUT", "PUT", "text"],
    [307, "POST", "POST", "text"],
    [308, "PUT", "PUT", "text"],
  ])("%i turns %s into %s", async (status, method, becomes, body) => {
    const { fetch, sent } = setUp([redirect(status, "/wiki/b")]);
    const init: RequestInit = { body: "text", headers: { "content-type": "text/x" } };
    await fetch("/a", { ...init, method });
    expect(sent[1]).toMatchObject({ url: `${baseUrl}/b`, method: becomes, body, count: "count 2", type: body === "" ? null : "text/x" });
  });

  test("a HEAD stays one", async () => {
    const { fetch, sent } = setUp([redirect(303, "/wiki/b")]);
    await fetch("/a", { method: "HEAD" });
    expect(sent[1]).toMatchObject({ method: "HEAD" });
  });

  test("a stream is not sent twice", async () => {
    const { fetch, sent } = setUp([redirect(307, "/wiki/b"), redirect(303, "/wiki/c")]);
    expect((await fetch("/a", streamed("x"))).status).toBe(307);
    expect((await fetch("/a", streamed("x"))).status, "without its body it may go on").toBe(200);
    expect((await fetch(new Request(`${baseUrl}/a`, { method: "POST", body: "x" }))).status).toBe(200);
    expect(sent.map(({ method, body }) => `${method} ${body}`)).toEqual(["POST x", "POST x", "GET ", "POST x"]);
  });

  test("a Request's body is a stream: it may be one", async () => {
    const { fetch } = setUp([redirect(308, "/wiki/b")]);
    expect((await fetch(new Request(`${baseUrl}/a`, { method: "POST", body: "x" }))).status).toBe(308);
  });

  test("a body that breaks on its way does not hold up what comes next", async () => {
    const moved = new Response(broken(), { status: 302, headers: { location: "/wiki/b" } });
    const { fetch, sent } = setUp([moved]);
    expect(await (await fetch("/a")).text()).toBe("done");
    expect(sent).toHaveLength(2);
  });

  test("keep what else was asked for", async () => {
    const settings = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", keepalive: true } as const;
    const seen: object[] = [];
    const answers = [redirect(307, "/wiki/b"), redirect(303, "/wiki/c")];
    const send = (request: Request): Promise<Response> => {
      const { credentials, cache, referrerPolicy, keepalive } = request;
      seen.push({ credentials, cache, referrerPolicy, keepalive });
      return Promise.resolve(answers.shift() ?? new Response("done"));
    };
    const sign: RequestSigner = (request) => Promise.resolve(new Request(request));
    await createSignedFetch({ baseUrl, sign, fetch: send })("/a", { ...settings, method: "PUT", body: "x" });
    expect(seen).toEqual([settings, settings, settings]);
    answers.push(redirect(307, "/wiki/b"));
    await createSignedFetch({ baseUrl, sign, fetch: send })(new Request(`${baseUrl}/a`, settings));
    expect(seen.slice(3)).toEqual([settings, settings]);
  });

  test("to a URL with a password in it are returned as they are", async () => {
    const { fetch } = setUp([redirect(302, "https://user:s3cret@example.atlassian.net/wiki/b")]);
    expect((await fetch("/a")).status).toBe(302);
  });

  test("that are not shown, as in browsers, are refused where the caller forbids them", async () => {
    const opaque = (): Response => Object.defineProperties(new Response(null), { type: { value: "opaqueredirect" }, status: { value: 0 } });
    const { fetch } = setUp([opaque(), opaque(), opaque()]);
    expect((await fetch("/a")).type).toBe("opaqueredirect");
    expect((await fetch("/a", { redirect: "manual" })).type).toBe("opaqueredirect");
    await expect(fetch("/a", { redirect: "error" })).rejects.toThrow(TypeError);
  });

  test("end after twenty", async () => {
    const { fetch, sent } = setUp(Array.from({ length: 30 }, () => redirect(302, "/wiki/a")));
    expect((await fetch("/a")).status).toBe(302);
    expect(sent).toHaveLength(21);
  });

  test("the caller may forbid them, or do them by hand", async () => {
    const { fetch, sent } = setUp([redirect(302, "/wiki/b"), redirect(302, "/wiki/b")]);
    expect((await fetch("/a", { redirect: "manual" })).status).toBe(302);
    await expect(fetch("/a", { redirect: "error" })).rejects.toThrow(TypeError);
    expect(sent).toHaveLength(2);
  });

  test("304 and 300 are none", async () => {
    const { fetch } = setUp([new Response(null, { status: 304, headers: { location: "/wiki/b" } }), redirect(300, "/wiki/b")]);
    expect((await fetch("/a")).status).toBe(304);
    expect((await fetch("/a")).status).toBe(300);
  });
});

describe("retries", () => {
  const refused = () => new Response("x".repeat(10_000), { status: 401, headers: { "www-authenticate": "JWT" } });

  test("sign anew, once", async () => {
    const { fetch, sent } = setUp([refused(), refused()], async () => true);
    const response = await fetch("/a", { method: "POST", body: "text" });
    expect(response.status).toBe(401);
    expect(sent.map(({ count, body }) => `${count} ${body}`)).toEqual(["count 1 text", "count 2 text"]);
  });

  test("do not happen when the signer says no, and leave the response unread", async () => {
    let seen = "";
    const { fetch, sent } = setUp([refused()], async (response, request) => {
      expect(request.headers.get("authorization")).toBe("count 1");
      expect(response.headers.get("www-authenticate")).toBe("JWT");
      seen = await response.text();
      return false;
    });
    const response = await fetch("/a");
    expect(seen, "its first 4 KiB").toBe("x".repeat(4096));
    await expect(response.text()).resolves.toBe("x".repeat(10_000));
    expect(sent).toHaveLength(1);
  });

  test("tell the signer even when the body cannot be sent again", async () => {
    const retry = vi.fn(async () => true);
    const { fetch, sent } = setUp([refused()], retry);
    expect((await fetch("/a", streamed("x"))).status).toBe(401);
    expect(retry).toHaveBeenCalledOnce();
    expect(sent).toHaveLength(1);
  });

  test("are not asked for after success", async () => {
    const retry = vi.fn(async () => true);
    await setUp([new Response("fine")], retry).fetch("/a");
    expect(retry).not.toHaveBeenCalled();
  });

  test("an answer without a body has none to look at", async () => {
    const { fetch } = setUp([new Response(null, { status: 401 })], async (response) => (await response.text()) !== "");
    expect((await fetch("/a")).status).toBe(401);
  });

  test("a refusal whose body breaks is answered all the same", async () => {
    const { fetch, sent } = setUp([new Response(broken(), { status: 401 })], async () => true);
    expect(await (await fetch("/a")).text()).toBe("done");
    expect(sent).toHaveLength(2);
  });

  test.each([
    ["a reason beyond latin-1", { status: 403, statusText: "\u672a\u6388\u6743" }],
    ["a status that no copy can have", { status: 999, statusText: "" }],
  ])("leave alone %s", async (_, head) => {
    const odd = Object.defineProperties(new Response("odd", { status: 403 }), {
      status: { value: head.status },
      statusText: { value: head.statusText },
    });
    const response = await setUp([odd], async () => false).fetch("/a");
    expect([response.status, await response.text()]).toEqual([head.status, "odd"]);
  });

  test("a signer that fails fails the call", async () => {
    const failure = new Error("no");
    await expect(setUp([refused()], () => Promise.reject(failure)).fetch("/a")).rejects.toBe(failure);
  });

  test("mend a skewed clock against a host that shares no code", async () => {
    const host = createFakeHost();
    const { sharedSecret } = host.install({ appKey: "com.example.app", baseUrl: "https://app.example" });
    const options = { appKey: "com.example.app", sharedSecret, baseUrl: host.baseUrl };
    const sign = createConnectSigner({ ...options, now: () => Date.now() / 1000 - 3600 });
    const dated = async (request: Request) => {
      const response = new Response(...(await clone(host.fetch(request))));
      response.headers.set("date", new Date().toUTCString());
      return response;
    };
    const jira = createSignedFetch({ baseUrl: host.baseUrl, sign, fetch: dated });
    expect((await jira("/rest/api/3/myself")).status).toBe(200);
    expect(host.log.map(({ verdict }) => verdict === "accepted")).toEqual([false, true]);
  });
});

describe("where a Request has no body to see, as in Firefox", () => {
  const body = Object.getOwnPropertyDescriptor(Request.prototype, "body") as PropertyDescriptor;
  beforeAll(() => void Object.defineProperty(Request.prototype, "body", { configurable: true, value: undefined }));
  afterAll(() => void Object.defineProperty(Request.prototype, "body", body));

  test.each(["GET", "POST", "PUT"])("a redirect takes the body of a %s along", async (method) => {
    const { fetch, sent } = setUp([redirect(307, "/wiki/b")]);
    await fetch("/a", method === "GET" ? {} : { method, body: "text" });
    const text = method === "GET" ? "" : "text";
    expect(sent.map((one) => [one.method, one.body, one.count])).toEqual([
      [method, text, "count 1"],
      [method, text, "count 2"],
    ]);
  });

  test("the body of a Request is sent once, and the refusal is the caller's", async () => {
    const retry = vi.fn(async () => true);
    const { fetch, sent } = setUp([new Response("no", { status: 401 })], retry);
    const response = await fetch(new Request(`${baseUrl}/a`, { method: "POST", body: "text" }));
    expect([response.status, sent.length]).toEqual([401, 1]);
    expect(retry).toHaveBeenCalledOnce();
  });

  test("a Request that has none is sent again, and so is a body of its own", async () => {
    for (const init of [{}, { method: "POST", body: "text" }]) {
      const { fetch, sent } = setUp([new Response("no", { status: 401 })], async () => true);
      expect((await fetch(new Request(`${baseUrl}/a`), init)).status).toBe(200);
      expect(sent.map((one) => one.body)).toEqual(Array.from({ length: 2 }, () => init.body ?? ""));
    }
  });
});

async function clone(pending: Promise<Response>): Promise<[string, ResponseInit]> {
  const response = await pending;
  return [await response.text(), { status: response.status, headers: response.headers }];
}
