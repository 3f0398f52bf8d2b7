import { describe, expect, it, vi } from "vitest";
import { signatureBaseString } from "../../../src/oauth1/index.ts";
import type { BaseStringRequest } from "../../../src/oauth1/index.ts";

const base = (request: Partial<BaseStringRequest>): string =>
  signatureBaseString({ method: "GET", url: "https://jira.example.com/rest/x", oauthParams: [], ...request });

/** The third part, decoded once. */
const parameters = (request: Partial<BaseStringRequest>): string =>
  decodeURIComponent(base(request).split("&")[2] ?? "");

describe("signatureBaseString", () => {
  it("takes a URL object, of any realm, as well as text", () => {
    const expected = "GET&https%3A%2F%2Fjira.example.com%2Frest%2Fx&a%3D1";
    expect(base({ url: new URL("https://jira.example.com/rest/x?a=1") })).toBe(expected);
    expect(base({ url: { href: "https://jira.example.com/rest/x?a=1" } as URL })).toBe(expected);
  });

  it("does not blame the URL where the engine has none of its own", () => {
    vi.stubGlobal("URL", undefined);
    try {
      expect(() => base({})).toThrow(expect.objectContaining({ code: "ERR_UNSUPPORTED_RUNTIME", feature: "URL" }));
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("writes the method upper-case and encoded", () => {
    expect(base({ method: "patch" })).toMatch(/^PATCH&/);
    expect(base({ method: "a b" })).toMatch(/^A%20B&/);
  });

  it("leaves user, password, query and fragment out of the address", () => {
    expect(base({ url: "https://u:p@jira.example.com/x?y#z" })).toBe("GET&https%3A%2F%2Fjira.example.com%2Fx&y%3D");
  });

  it("resolves dot segments, as fetch does", () => {
    expect(base({ url: "https://jira.example.com/a/../b/./c" })).toBe("GET&https%3A%2F%2Fjira.example.com%2Fb%2Fc&");
  });

  it("counts each pair, wherever it stands", () => {
    expect(parameters({ url: "https://h/?a=1&a=1", form: "a=1", oauthParams: [["a", "1"]] })).toBe("a=1&a=1&a=1&a=1");
  });

  it("sorts by name before value: a joined text would come out otherwise", () => {
    expect(parameters({ url: "https://h/?a1=x&a-b=x&a=z&a.b=x&a=b" })).toBe("a=b&a=z&a-b=x&a.b=x&a1=x");
  });

  it("sorts by bytes, where UTF-16 has another order", () => {
    expect(parameters({ url: "https://h/?%F0%9F%98%80=1&%EF%AC%80=2" })).toBe("%EF%AC%80=2&%F0%9F%98%80=1");
  });

  it("leaves out realm and oauth_signature of the header, and oauth_signature everywhere", () => {
    const oauthParams: [string, string][] = [
      ["realm", "r"],
      ["oauth_signature", "s"],
      ["oauth_token", ""],
    ];
    expect(parameters({ url: "https://h/?realm=q&oauth_signature=t", form: "oauth_signature=u", oauthParams })).toBe(
      "oauth_token=&realm=q",
    );
  });

  it("does not change what it is given", () => {
    const oauthParams = Object.freeze([Object.freeze(["z", "1"] as const), Object.freeze(["a", "1"] as const)]);
    expect(parameters({ oauthParams })).toBe("a=1&z=1");
  });

  it.each([
    [{ method: 1 as never }, "ERR_INVALID_ARG_TYPE", '"request.method" must be a string'],
    [{ method: "" }, "ERR_INVALID_ARG_VALUE", '"request.method" must not be empty'],
    [{ url: null as never }, "ERR_INVALID_ARG_TYPE", '"request.url" must be a string or a URL'],
    [{ url: "/rest" }, "ERR_INVALID_ARG_VALUE", '"request.url" must be an absolute URL'],
    [{ form: new URLSearchParams() as never }, "ERR_INVALID_ARG_TYPE", '"request.form" must be a string'],
    [{ oauthParams: {} as never }, "ERR_INVALID_ARG_TYPE", '"request.oauthParams" must be an array of pairs'],
    [{ oauthParams: [["a"]] as never }, "ERR_INVALID_ARG_TYPE", '"request.oauthParams" must be an array of pairs'],
    [{ oauthParams: [["a", 1]] as never }, "ERR_INVALID_ARG_TYPE", '"request.oauthParams" must be an array of pairs'],
    [
      { oauthParams: [["a", "\ud800"]] as [string, string][] },
      "ERR_INVALID_ARG_VALUE",
      '"request.oauthParams" must be well-formed Unicode',
    ],
  ])("refuses %j", (request, code, message) => {
    expect(() => base(request)).toThrow(expect.objectContaining({ name: "TypeError", code, message }) as Error);
  });
});
