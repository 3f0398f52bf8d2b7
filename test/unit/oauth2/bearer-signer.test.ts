import { describe, expect, test } from "vitest";
import { createBearerSigner } from "../../../src/oauth2/index.ts";
import type { GetTokenOptions, TokenSource } from "../../../src/oauth2/index.ts";

const URL_OF_IT = "https://example.atlassian.net/rest/api/3/myself";

/** A source that counts: `t1`, then `t2` when `t1` was invalidated. */
function counting(): TokenSource & { asked: GetTokenOptions[]; invalidated: string[] } {
  const [asked, invalidated]: [GetTokenOptions[], string[]] = [[], []];
  return {
    asked,
    invalidated,
    async getToken(options = {}) {
      asked.push(options);
      return { accessToken: `t${invalidated.length + 1}`, tokenType: "Bearer", expiresAt: 0 };
    },
    async invalidate(accessToken) {
      invalidated.push(accessToken);
    },
  };
}

describe("signing", () => {
  test("puts the token on a copy, whatever stood there, and keeps the rest", async () => {
    const source = counting();
    const sign = createBearerSigner(source);
    const abort = new AbortController();
    const headers = { authorization: "Basic abc", "x-other": "kept" };
    const request = new Request(URL_OF_IT, { method: "POST", body: "body", headers, signal: abort.signal });
    const signed = await sign(request.clone());
    expect([signed.method, signed.url, await signed.text()]).toEqual(["POST", URL_OF_IT, "body"]);
    expect([signed.headers.get("authorization"), signed.headers.get("x-other")]).toEqual(["Bearer t1", "kept"]);
    expect([request.headers.get("authorization"), request.bodyUsed]).toEqual(["Basic abc", false]);
    abort.abort();
    expect(source.asked[0]?.signal?.aborted).toBe(true);
  });

  test("rejects as the source does, and ends a stream that nobody will read", async () => {
    const broken = new Error("no token");
    const source: TokenSource = { ...counting(), getToken: () => Promise.reject(broken) };
    const reasons: unknown[] = [];
    const body = new ReadableStream({ cancel: (reason) => void reasons.push(reason) });
    const request = new Request(URL_OF_IT, { method: "POST", body, duplex: "half" } as RequestInit);
    await expect(createBearerSigner(source)(request)).rejects.toBe(broken);
    expect(reasons).toEqual([broken]);
    await expect(createBearerSigner(source)(new Request(URL_OF_IT))).rejects.toBe(broken);
  });
});

describe("retry", () => {
  const SCOPE = JSON.stringify({ code: 401, message: "Unauthorized; scope does not match" });
  const signed = new Request(URL_OF_IT, { headers: { authorization: "Bearer t1" } });

  test.each([
    ["a bare 401", new Response(null, { status: 401 }), true],
    ["a 401 in prose", new Response("Unauthorized", { status: 401 }), true],
    ["a token that expired", new Response("", { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } }), true],
    ["a scope, in prose", new Response(SCOPE, { status: 401 }), false],
    ["a scope, by the book", new Response("", { status: 401, headers: { "www-authenticate": 'Bearer error="insufficient_scope"' } }), false],
    ["a 403", new Response("", { status: 403 }), false],
    ["a 500", new Response("", { status: 500 }), false],
  ])("%s", async (_name, response, again) => {
    const source = counting();
    expect(await createBearerSigner(source).retry?.(response, signed)).toBe(again);
    expect(source.invalidated).toEqual(again ? ["t1"] : []);
  });

  test("knows nothing to do about a request that it did not sign", async () => {
    const source = counting();
    const foreign = new Request(URL_OF_IT, { headers: { authorization: "Basic abc" } });
    expect(await createBearerSigner(source).retry?.(new Response(null, { status: 401 }), foreign)).toBe(false);
    expect(source.invalidated).toEqual([]);
  });
});

test.each([undefined, null, {}, { getToken: () => {} }, () => {}])("refuses %s as a source", (source) => {
  expect(() => createBearerSigner(source as never)).toThrow(
    expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE", message: '"source" must have the methods "getToken" and "invalidate"' }),
  );
});
