import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCredential } from "../../../src/connect/credential.ts";
import { rejection } from "../../support/failure.ts";

const url = "https://app.example.com/panel";

function form(body: string, to = url, headers: Record<string, string> = {}): Request {
  return new Request(to, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded; charset=UTF-8", ...headers },
    body,
  });
}

function withHeader(authorization: string, to = url): Request {
  return new Request(to, { headers: { authorization } });
}

const missing = { name: "TokenError", code: "ERR_TOKEN_MISSING", message: "request has no token" };
const ambiguous = { name: "TokenError", code: "ERR_TOKEN_AMBIGUOUS", message: "request has more than one token" };

describe("findCredential", () => {
  test.each([
    ["the header", withHeader("JWT a.b.c")],
    ["the header, in any case", withHeader("jwt a.b.c")],
    ["the parameter", new Request(`${url}?x=1&jwt=a.b.c&y=2`)],
    ["the parameter, escaped", new Request(`${url}?%6awt=a%2Eb.c`)],
    ["the parameter, all of its name escaped", new Request(`${url}?%6A%77%74=a.b.c`)],
    ["the header beside other schemes' parameters", withHeader("JWT a.b.c", `${url}?JWT=x&jwt2=y&xjwt=z`)],
    ["the header beside a longer name without a value", withHeader("JWT a.b.c", `${url}?jwtx`)],
    ["the parameter beside another scheme", withHeader("Basic dTpw", `${url}?jwt=a.b.c`)],
  ])("finds %s", async (_name, request) => {
    expect(await findCredential(request, false)).toStrictEqual({ token: "a.b.c", form: undefined });
  });

  test.each([
    ["nothing", new Request(url)],
    ["a Bearer token", withHeader("Bearer a.b.c")],
    ["a parameter of another case", new Request(`${url}?JWT=a.b.c`)],
    ["a fragment", new Request(`${url}#jwt=a.b.c`)],
    ["a form field that was not asked for", form("jwt=a.b.c")],
  ])("%s is no credential", async (_name, request) => {
    expect(await rejection(findCredential(request, false))).toEqual(missing);
  });

  test("a parameter without a value is an empty token", async () => {
    expect(await findCredential(new Request(`${url}?jwt`), false)).toStrictEqual({ token: "", form: undefined });
  });

  test.each([
    ["header and parameter", withHeader("JWT a.b.c", `${url}?jwt=a.b.c`)],
    ["header and an empty parameter", withHeader("JWT a.b.c", `${url}?jwt=`)],
    ["header and a parameter without a value", withHeader("JWT a.b.c", `${url}?jwt`)],
    ["two parameters", new Request(`${url}?jwt=a.b.c&jwt=a.b.c`)],
    ["two parameters, one escaped", new Request(`${url}?jwt=a.b.c&jw%74=d`)],
    ["a header that was joined", withHeader("JWT a.b.c, JWT a.b.c")],
    ["a header with two schemes", withHeader("Bearer x, JWT a.b.c")],
  ])("%s are refused", async (_name, request) => {
    expect(await rejection(findCredential(request, false))).toEqual(ambiguous);
  });

  test("a header that was sent twice is refused", async () => {
    const request = new Request(url);
    request.headers.append("authorization", "JWT a.b.c");
    request.headers.append("authorization", "JWT d.e.f");
    expect(await rejection(findCredential(request, false))).toEqual(ambiguous);
  });

  test("takes for the parameter what URLSearchParams takes for it", async () => {
    const pieces = fc.constantFrom(..."jwtx=&+%", "jwt", "jwt=", "&jwt", "%6a", "%6A", "%77", "%74", "%2E", "w%74", "%6", "JWT");
    const queries = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const values = new URLSearchParams(query).getAll("jwt");
        const found = findCredential(new Request(`${url}?${query}`), false);
        if (values.length === 1) expect((await found).token).toBe(values[0]);
        else expect(await rejection(found)).toEqual(values.length === 0 ? missing : ambiguous);
      }),
      { numRuns: 3000, seed: 28 },
    );
  });

  describe("with form", () => {
    test("finds the field, hands on the form, and leaves the body to the caller", async () => {
      const request = form("a=1&jwt=a.b.c");
      expect(await findCredential(request, true)).toEqual({ token: "a.b.c", form: "a=1&jwt=a.b.c" });
      expect(await request.text()).toBe("a=1&jwt=a.b.c");
    });

    test("knows the form's type with a space before the parameter (RFC 9110 section 5.6.6)", async () => {
      const request = form("jwt=a.b.c", url, { "content-type": "application/x-www-form-urlencoded ; charset=UTF-8" });
      expect(await findCredential(request, true)).toEqual({ token: "a.b.c", form: "jwt=a.b.c" });
    });

    test("hands on the form beside a header", async () => {
      const request = form("a=1", url, { authorization: "JWT a.b.c" });
      expect(await findCredential(request, true)).toEqual({ token: "a.b.c", form: "a=1" });
    });

    test.each([
      ["field and header", form("jwt=a.b.c", url, { authorization: "JWT a.b.c" })],
      ["field and parameter", form("jwt=a.b.c", `${url}?jwt=a.b.c`)],
      ["two fields", form("jwt=a&jwt=b")],
    ])("%s are refused", async (_name, request) => {
      expect(await rejection(findCredential(request, true))).toEqual(ambiguous);
    });

    test("reads no body that is no form", async () => {
      const request = new Request(url, { method: "POST", headers: { "content-type": "application/json" }, body: "jwt=a.b.c" });
      expect(await rejection(findCredential(request, true))).toEqual(missing);
      const put = new Request(form("jwt=a.b.c"), { method: "PUT" });
      expect(await rejection(findCredential(put, true))).toEqual(missing);
    });

    test("gives up on a form beyond two mebibytes", async () => {
      const request = form(`a=${"x".repeat(2 * 1024 * 1024)}`);
      expect(await rejection(findCredential(request, true))).toEqual({
        name: "TokenError",
        code: "ERR_TOKEN_MALFORMED",
        message: "form body could not be read within 2097152 bytes",
      });
    });

    test("gives up on a body that breaks off", async () => {
      const body = new ReadableStream({ pull: (controller) => controller.error(new Error("s3cret")) });
      const request = new Request(url, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body,
        duplex: "half",
      } as RequestInit);
      expect(await rejection(findCredential(request, true))).toMatchObject({ code: "ERR_TOKEN_MALFORMED" });
    });

    test("a body that was read already is the caller's mistake", async () => {
      const request = form("jwt=a.b.c");
      await request.text();
      expect(await rejection(findCredential(request, true))).toEqual({
        name: "TypeError",
        code: "ERR_INVALID_ARG_VALUE",
        message: '"request.body" must not be read before the request is verified',
      });
    });
  });

  test.each([undefined, null, {}, "https://app.example.com/?jwt=a.b.c"])("%o is no Request", async (request) => {
    expect(await rejection(findCredential(request as unknown as Request, false))).toEqual({
      name: "TypeError",
      code: "ERR_INVALID_ARG_TYPE",
      message: '"request" must be a Request',
    });
  });
});
