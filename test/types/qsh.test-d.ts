import { describe, expectTypeOf, it } from "vitest";
import { base64url, canonicalParts, CanonicalRequestBuilder, canonicalRequest, isAuthError, qsh } from "../../src/index.ts";
import type { AuthErrorCode, QshOptions, QshRequest } from "../../src/index.ts";

describe("a request", () => {
  it("is plain, or what fetch takes", () => {
    const request: QshRequest = { method: "GET", url: "/a" };
    expectTypeOf(qsh(request)).toEqualTypeOf<string>();
    expectTypeOf(qsh(new Request("https://x.example"))).toEqualTypeOf<string>();
    expectTypeOf(canonicalRequest({ method: "GET", url: new URL("https://x.example") })).toEqualTypeOf<string>();
    expectTypeOf(canonicalParts(request)).toEqualTypeOf<Generator<string>>();
    qsh({ method: "POST", url: "/a", form: "b=c" });
    qsh({ method: "POST", url: "/a", form: new URLSearchParams("b=c") });
  });

  it("has a method and a URL", () => {
    // @ts-expect-error text is no request
    qsh("/a");
    // @ts-expect-error the method is part of the hash
    qsh({ url: "/a" });
    // @ts-expect-error the URL is part of the hash
    qsh({ method: "GET" });
    // @ts-expect-error a form is text or its parameters
    qsh({ method: "POST", url: "/a", form: new FormData() });
    // @ts-expect-error a form is text or its parameters
    qsh({ method: "POST", url: "/a", form: { b: "c" } });
    // @ts-expect-error a body is called a form
    qsh({ method: "POST", url: "/a", body: "b=c" });
  });

  it("has options of two names", () => {
    const options: QshOptions = { baseUrl: new URL("https://x.example/wiki"), path: "decoded" };
    qsh({ method: "GET", url: "/a" }, options);
    // @ts-expect-error a hash is of one path: a verifier tries both
    qsh({ method: "GET", url: "/a" }, { path: "either" });
    // @ts-expect-error it is called baseUrl
    qsh({ method: "GET", url: "/a" }, { basePath: "/wiki" });
    // @ts-expect-error the rules are the servers'
    qsh({ method: "GET", url: "/a" }, { encode: encodeURIComponent });
  });
});

describe("the builder", () => {
  it("chains, and is awaited where a body is read", () => {
    const builder = new CanonicalRequestBuilder("GET", "/a");
    expectTypeOf(builder.append("a", "b").appendQuery("c=d")).toEqualTypeOf<CanonicalRequestBuilder>();
    expectTypeOf(builder.appendForm("a=b")).toEqualTypeOf<Promise<CanonicalRequestBuilder>>();
    expectTypeOf(builder.appendForm(new ReadableStream<Uint8Array>())).toEqualTypeOf<Promise<CanonicalRequestBuilder>>();
    expectTypeOf(builder.appendForm(new Uint8Array())).toEqualTypeOf<Promise<CanonicalRequestBuilder>>();
    // @ts-expect-error a number is no value
    builder.append("a", 1);
    // @ts-expect-error a path is text
    void new CanonicalRequestBuilder("GET", new URL("https://x.example"));
    // @ts-expect-error a body may be missing
    void builder.appendForm(null as ReadableStream<Uint8Array> | null);
    // @ts-expect-error a stream of text has no bytes
    void builder.appendForm(new ReadableStream<string>());
  });
});

it("base64url is of bytes", () => {
  expectTypeOf(base64url.encode(new Uint8Array())).toEqualTypeOf<string>();
  expectTypeOf(base64url.decode("")).toEqualTypeOf<Uint8Array>();
  // @ts-expect-error text is no bytes
  base64url.encode("text");
});

it("isAuthError tells the code", () => {
  const error: unknown = undefined;
  if (isAuthError(error)) {
    expectTypeOf(error.code).toEqualTypeOf<AuthErrorCode>();
    expectTypeOf(error.hint).toEqualTypeOf<string | undefined>();
    // @ts-expect-error there is no such code
    void (error.code === "ERR_TOKEN_WRONG");
  }
});
