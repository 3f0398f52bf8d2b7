import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { cutTarget, readQshOptions, readTarget } from "../../../src/qsh/request.ts";
import type { QshOptions, QshRequest } from "../../../src/qsh/request.ts";
import { badType, badValue, failure } from "../../support/failure.ts";

const read = (request: unknown, options?: unknown) => readTarget(request as QshRequest, options as QshOptions);

describe("cutTarget", () => {
  it.each([
    ["/a?b=c#d", "", "/a", "b=c"],
    ["/a#b?c", "", "/a", ""],
    ["#b?c", "", "", ""],
    ["/a?b?c=d", "", "/a", "b?c=d"],
    ["/a?", "", "/a", ""],
    ["", "", "", ""],
    ["?a=b", "", "", "a=b"],
    ["https://x.example", "https://x.example", "", ""],
    ["https://x.example?a=b", "https://x.example?a=b".slice(0, 17), "", "a=b"],
    ["https://x.example:8443/a/?b", "https://x.example:8443", "/a/", "b"],
    ["HTTP://user:pw@x.example//a", "HTTP://user:pw@x.example", "//a", ""],
    ["//x.example/a", "", "//x.example/a", ""],
    ["/redirect?to=https://y.example/b", "", "/redirect", "to=https://y.example/b"],
    ["/https://y.example/b", "", "/https://y.example/b", ""],
    ["foo:bar", "", "foo:bar", ""],
    ["/a/../b/./%2e%2e/c", "", "/a/../b/./%2e%2e/c", ""],
    ["a/b", "", "a/b", ""],
  ])("%j", (url, origin, path, query) => {
    expect(cutTarget(url)).toEqual({ path, query });
    expect(url.startsWith(origin + path)).toBe(true);
  });
});

describe("readTarget", () => {
  it("reads a plain request", () => {
    expect(read({ method: "get", url: "/a?b=c", form: "d=e" }, { baseUrl: "/x/", path: "decoded" })).toEqual({
      method: "get",
      path: "/a",
      query: "b=c",
      form: "d=e",
      basePath: "/x",
      decoded: true,
    });
  });

  it("reads a fetch Request, whose form is never looked for", () => {
    const request = new Request("https://x.example/wiki/a?b=c#d", { method: "POST", body: "d=e" });
    expect(read(request, { baseUrl: new URL("https://x.example/wiki") })).toEqual({
      method: "POST",
      path: "/wiki/a",
      query: "b=c",
      form: "",
      basePath: "/wiki",
      decoded: false,
    });
    expect(request.bodyUsed).toBe(false);
  });

  it("takes a URL and a URLSearchParams of any realm", () => {
    expect(read({ method: "GET", url: new URL("https://x.example/a b?c=d") })).toMatchObject({ path: "/a%20b", query: "c=d" });
    expect(read({ method: "GET", url: runInNewContext("({ href: 'https://x.example/a' })") })).toMatchObject({ path: "/a" });
    expect(read({ method: "POST", url: "/a", form: new URLSearchParams([["b", "c d"]]) })).toMatchObject({ form: "b=c+d" });
  });

  it("refuses a request that is none", () => {
    for (const request of [undefined, null, "GET /a", 1]) {
      expect(failure(() => read(request))).toEqual(badType('"request" must be an object'));
    }
  });

  it("refuses a method that is none", () => {
    for (const method of [undefined, null, 1, ["GET"]]) {
      expect(failure(() => read({ method, url: "/" }))).toEqual(badType('"request.method" must be a string'));
    }
    expect(failure(() => read({ method: "", url: "/" }))).toEqual(badValue('"request.method" must not be empty'));
  });

  it("refuses a URL that is none", () => {
    for (const url of [undefined, null, 1, {}, { href: 1 }, ["/a"]]) {
      expect(failure(() => read({ method: "GET", url }))).toEqual(badType('"request.url" must be a string or a URL'));
    }
  });

  it("refuses a form that would be hashed as something else", () => {
    const form = new FormData();
    form.set("a", "b");
    for (const wrong of [null, 1, {}, [["a", "b"]], { a: "b" }, form, new Map([["a", "b"]]), new Uint8Array(1)]) {
      expect(failure(() => read({ method: "POST", url: "/", form: wrong }))).toEqual(
        badType('"request.form" must be a string or a URLSearchParams'),
      );
    }
    expect(read({ method: "POST", url: "/", form: undefined })).toMatchObject({ form: "" });
  });

  it("takes nothing from a prototype", () => {
    const request = Object.assign(Object.create({ form: "a=b" }) as object, { method: "POST", url: "/x/a%20b" });
    const options = Object.create({ path: "decoded", baseUrl: "/x" }) as QshOptions;
    expect(read(request, options)).toMatchObject({ form: "", decoded: false, basePath: "" });
  });
});

describe("readQshOptions", () => {
  it.each([
    ["/", ""],
    ["", ""],
    ["///", ""],
    ["/jira", "/jira"],
    ["/jira//", "/jira"],
    ["https://x.example", ""],
    ["https://x.example/wiki/", "/wiki"],
    ["https://x.example/wiki?a#b", "/wiki"],
  ])("takes the base %j", (baseUrl, basePath) => {
    expect(readQshOptions({ baseUrl })).toEqual({ basePath, decoded: false });
  });

  it("refuses what is none", () => {
    for (const path of ["either", "", null, true]) {
      expect(failure(() => readQshOptions({ path } as unknown as QshOptions))).toEqual(
        badValue('"options.path" must be raw or decoded'),
      );
    }
    for (const baseUrl of [null, 1, {}, ["/a"]]) {
      expect(failure(() => readQshOptions({ baseUrl } as unknown as QshOptions))).toEqual(
        badType('"options.baseUrl" must be a string or a URL'),
      );
    }
    for (const options of [null, "decoded", 1]) {
      expect(failure(() => read({ method: "GET", url: "/" }, options))).toEqual(badType('"options" must be an object'));
    }
  });
});
