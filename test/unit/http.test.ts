import { describe, expect, test, vi } from "vitest";
import { boundedFetch } from "../../src/bounded-fetch.ts";
import { basePathOf, fetchOrGlobal, isWithin, readBaseUrl, readCapped, readUrl } from "../../src/http.ts";

describe("readUrl", () => {
  test.each([
    "https://example.atlassian.net/wiki",
    "http://localhost:8080/",
    "http://app.localhost/",
    "http://127.0.0.1:1/x",
    "http://127.8.8.8/",
    "http://[::1]:3000/",
  ])("takes %s", (url) => {
    expect(readUrl(url, '"u"').href).toBe(new URL(url).href);
    expect(readUrl(new URL(url), '"u"').href).toBe(new URL(url).href);
  });

  test.each([
    ["http://example.com/", "must be an https URL"],
    ["http://localhost.evil.example/", "must be an https URL"],
    ["http://127.0.0.1.evil.example/", "must be an https URL"],
    ["http://10.0.0.1/", "must be an https URL"],
    ["ftp://localhost/", "must be an https URL"],
    ["javascript:alert(1)", "must be an https URL"],
    ["/wiki", "must be an absolute URL"],
    ["", "must be an absolute URL"],
    ["https://user:secret@example.com/", "must not hold a user name or password"],
    ["https://user@example.com/", "must not hold a user name or password"],
  ])("refuses %s", (url, rule) => {
    expect(() => readUrl(url, '"options.baseUrl"')).toThrow(
      expect.objectContaining({ name: "TypeError", code: "ERR_INVALID_ARG_VALUE", message: `"options.baseUrl" ${rule}` }),
    );
  });

  test.each([undefined, null, 7, {}])("refuses %s, which is no URL at all", (value) => {
    expect(() => readUrl(value, '"u"')).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE", message: '"u" must be a string or a URL' }),
    );
  });

  test("does not blame the URL where the engine has none of its own", () => {
    vi.stubGlobal("URL", undefined);
    try {
      expect(() => readUrl("https://example.com", '"u"')).toThrow(
        expect.objectContaining({ name: "UnsupportedError", code: "ERR_UNSUPPORTED_RUNTIME", feature: "URL" }),
      );
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test("takes http elsewhere when told so, and by an own member alone", () => {
    expect(readUrl("http://example.com/", '"u"', { unsafeHttp: true }).protocol).toBe("http:");
    expect(() => readUrl("http://example.com/", '"u"', Object.create({ unsafeHttp: true }))).toThrow("https");
    expect(() => readUrl("ftp://example.com/", '"u"', { unsafeHttp: true })).toThrow("https");
  });

  test("a base has neither query nor fragment", () => {
    for (const url of ["https://a.example/?x=1", "https://a.example/#x"]) {
      expect(() => readBaseUrl(url, '"u"')).toThrow('"u" must have neither query nor fragment');
    }
  });
});

describe("isWithin", () => {
  const base = new URL("https://a.example/wiki/");
  test("knows the path of a base", () => {
    expect(basePathOf(base)).toBe("/wiki");
    expect(basePathOf(new URL("https://a.example"))).toBe("");
  });
  test.each(["https://a.example/wiki", "https://a.example/wiki/", "https://a.example/wiki/x?y", "https://a.example:443/wiki/x"])(
    "%s is",
    (url) => expect(isWithin(base, new URL(url))).toBe(true),
  );
  test.each([
    "https://a.example/wikileaks",
    "https://a.example/",
    "https://a.example/x/wiki/",
    "https://a.example/wiki/../x",
    "https://a.example/wiki/%2e%2e/x",
    "http://a.example/wiki/x",
    "https://a.example:8443/wiki/x",
    "https://a.example.evil/wiki/x",
  ])("%s is not", (url) => expect(isWithin(base, new URL(url))).toBe(false));
});

describe("fetchOrGlobal", () => {
  test("reads the global fetch when it is used, not when it is set up", async () => {
    const fetch = fetchOrGlobal(undefined);
    vi.stubGlobal("fetch", async () => new Response("stubbed"));
    await expect((await fetch(new Request("https://a.example"))).text()).resolves.toBe("stubbed");
    vi.unstubAllGlobals();
  });
  test("calls a given fetch without a receiver", async () => {
    let receiver: unknown = "unset";
    const fetch = fetchOrGlobal(async function (this: unknown) {
      receiver = this;
      return new Response();
    });
    await fetch(new Request("https://a.example"));
    expect(receiver).toBeUndefined();
  });
  test("refuses what is no function", () => {
    expect(() => fetchOrGlobal("fetch" as never)).toThrow('"options.fetch" must be a function');
  });
});

describe("boundedFetch", () => {
  const limits = { timeout: 5, maxBytes: 10 };
  const url = "https://a.example/";

  test("reads a body within the cap", async () => {
    const result = await boundedFetch(url, {}, { ...limits, fetch: async () => new Response("0123456789") });
    expect(result).toMatchObject({ status: 200, body: new TextEncoder().encode("0123456789") });
  });

  test("drops a body beyond the cap, whatever its length says", async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(4)),
      cancel: () => void (cancelled = true),
    });
    const fetch = async () => new Response(endless, { headers: { "content-length": "4" } });
    await expect(boundedFetch(url, {}, { ...limits, fetch })).resolves.toEqual({ failure: "too-large", status: 200 });
    expect(cancelled).toBe(true);
  });

  test.each([301, 302, 303, 307, 308])("does not follow a %s", async (status) => {
    const seen: Request[] = [];
    const fetch = async (request: Request) => {
      seen.push(request);
      return new Response(null, { status, headers: { location: "https://b.example/" } });
    };
    await expect(boundedFetch(url, {}, { ...limits, fetch })).resolves.toEqual({ failure: "redirect", status });
    expect(seen.map(({ redirect }) => redirect)).toEqual(["manual"]);
  });

  test("sends no cookies", async () => {
    let credentials = "";
    const fetch = async (request: Request) => {
      ({ credentials } = request);
      return new Response();
    };
    await boundedFetch(url, {}, { ...limits, fetch });
    expect(credentials).toBe("omit");
  });

  test("says network for a fetch that rejects, and nothing of what it said", async () => {
    const fetch = () => Promise.reject(new Error("secret"));
    await expect(boundedFetch(url, {}, { ...limits, fetch })).resolves.toEqual({ failure: "network" });
  });

  test("gives up on a fetch that ignores its signal", async () => {
    const fetch = () => new Promise<Response>(() => {});
    await expect(boundedFetch(url, {}, { ...limits, timeout: 0.01, fetch })).resolves.toEqual({ failure: "timeout" });
  });

  test("gives up on a body that drips", async () => {
    let signal: AbortSignal | undefined;
    const fetch = async (request: Request) => {
      ({ signal } = request);
      return new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
    };
    await expect(boundedFetch(url, {}, { ...limits, timeout: 0.01, fetch })).resolves.toEqual({ failure: "timeout" });
    expect(signal?.aborted).toBe(true);
  });

  test("rejects with the reason of the caller's signal, before and during", async () => {
    const reason = new Error("enough");
    const fetch = () => new Promise<Response>(() => {});
    await expect(boundedFetch(url, {}, { ...limits, fetch, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const pending = boundedFetch(url, {}, { ...limits, fetch, signal: controller.signal });
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });
});

describe("readCapped", () => {
  test("reads a message that has no body to see, as a Request in Firefox", async () => {
    const message = (text: string) => {
      const response = new Response(text);
      return { body: undefined as never, arrayBuffer: () => response.arrayBuffer() };
    };
    expect(await readCapped(message("text"), 4)).toEqual(new TextEncoder().encode("text"));
    expect(await readCapped(message("longer"), 4)).toBeUndefined();
  });
});
