import { describe, expect, test } from "vitest";
import { buildTokenRequest } from "../../../src/oauth2/index.ts";

const SERVER = "https://as.example.com";
const ASSERTION = "aGVhZA.Ym9keQ.c2ln";

const scopeOf = async (scopes: readonly string[]): Promise<string> =>
  /&scope=(.*)$/.exec(await buildTokenRequest(ASSERTION, { authorizationServer: SERVER, scopes }).text())?.[1] ?? "none";

describe("buildTokenRequest", () => {
  test.each([
    [["read", "write"], "READ+WRITE"],
    [["read", "READ", "Read"], "READ"],
    [["read write", " act_as_user  read "], "READ+WRITE+ACT_AS_USER"],
    [[], "none"],
    [["", " "], "none"],
    [["read:me/~'*"], "READ%3AME%2F%7E%27*"],
  ])("scopes %j are %s on the wire", async (scopes, wire) => {
    expect(await scopeOf(scopes)).toBe(wire);
  });

  test.each([["READ+WRITE"], ["straße"], ['a"b'], ["a\\b"], ["a\tb"], ["a\nb"], ["\u00a0"]])("refuses the scope %j", (scope) => {
    expect(() => buildTokenRequest(ASSERTION, { authorizationServer: SERVER, scopes: [scope] })).toThrow(
      '"options.scopes" must hold scopes of visible ASCII without quotes, backslashes and plus signs',
    );
  });

  test.each([
    [{ scopes: "READ" }, '"options.scopes" must be an array of scopes'],
    [{ scopes: [1] }, '"options.scopes" must be an array of strings'],
    [{ authorizationServer: undefined }, '"options.authorizationServer" must be a string or a URL'],
    [{ authorizationServer: "http://as.example.com" }, '"options.authorizationServer" must be an https URL'],
    [{ authorizationServer: "https://as.example.com/?x" }, '"options.authorizationServer" must have neither query nor fragment'],
  ])("refuses %j", (change, message) => {
    expect(() => buildTokenRequest(ASSERTION, { authorizationServer: SERVER, ...change } as never)).toThrow(message);
  });

  test.each(["", "a.b", "a..c", "a.b.c.d", "a.b.c&scope=ADMIN", "a.b.c\n"])("refuses %j as an assertion", (assertion) => {
    expect(() => buildTokenRequest(assertion, { authorizationServer: SERVER })).toThrow('"assertion" must be a signed compact JWS');
  });

  test("refuses arguments of other types", () => {
    expect(() => buildTokenRequest(1 as never, { authorizationServer: SERVER })).toThrow('"assertion" must be a string');
    expect(() => buildTokenRequest(ASSERTION, undefined as never)).toThrow('"options" must be an object');
  });

  test("a server may have a path, and a slash at its end", () => {
    const { url } = buildTokenRequest(ASSERTION, { authorizationServer: "https://as.example.com/tenant/" });
    expect(url).toBe("https://as.example.com/tenant/oauth2/token");
  });
});
