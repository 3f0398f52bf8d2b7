import { describe, expect, it } from "vitest";
import { explainBaseString, signatureBaseString } from "../../../src/oauth1/index.ts";

type Pairs = [string, string][];
const make = (url: string, oauthParams: Pairs = [], method = "GET", form = ""): string =>
  signatureBaseString({ method, url, oauthParams, form });
const ours = make("https://jira.example.com/jira/rest/x?a=1&b=2", [["oauth_token", "T"]]);

describe("explainBaseString", () => {
  it("says where to look when there is no difference", () => {
    expect(explainBaseString(ours, ours)).toEqual({
      same: true,
      differences: [],
      text: "the base strings are the same: the public key that the server holds is not of this pair, or the methods' hashes differ",
    });
  });

  it("knows a proxy that is not told of TLS", () => {
    const theirs = make("http://jira.example.com:8080/jira/rest/x?a=1&b=2", [["oauth_token", "T"]]);
    expect(explainBaseString(ours, theirs)).toEqual({
      same: false,
      differences: [
        {
          part: "scheme",
          text: "the server saw http and port 8080, we signed https and no port: its proxy settings differ",
        },
      ],
      text: "the server saw http and port 8080, we signed https and no port: its proxy settings differ",
    });
  });

  it.each([
    [
      "the host",
      "https://backend/jira/rest/x?a=1&b=2",
      "host",
      "the server saw host backend, we signed host jira.example.com: its proxy settings differ",
    ],
    [
      "IPv6",
      "https://[::1]:8443/jira/rest/x?a=1&b=2",
      "host",
      'the server saw host "[::1]" and port 8443, we signed host jira.example.com and no port: its proxy settings differ',
    ],
    [
      "a slash at the end",
      "https://jira.example.com/jira/rest/x/?a=1&b=2",
      "path",
      'the server saw the path "/jira/rest/x/", we signed "/jira/rest/x": they differ in a slash at the end',
    ],
    [
      "the context path",
      "https://jira.example.com/rest/x?a=1&b=2",
      "path",
      'the server saw the path "/rest/x", we signed "/jira/rest/x": the context path is on one side alone',
    ],
    [
      "a rewritten path",
      "https://jira.example.com/other?a=1&b=2",
      "path",
      'the server saw the path "/other", we signed "/jira/rest/x": something on the way rewrites it',
    ],
    [
      "a lost parameter",
      "https://jira.example.com/jira/rest/x?a=1",
      "parameter",
      "the parameter b was signed, but the server did not count it: was it lost on the way, or in a form that the server does not read?",
    ],
    [
      "an added parameter",
      "https://jira.example.com/jira/rest/x?a=1&b=2&c=3",
      "parameter",
      "the parameter c was counted by the server, but not signed: it was added after signing, or stands in a form body that was not signed",
    ],
    [
      "a changed value",
      "https://jira.example.com/jira/rest/x?a=1&b=3",
      "parameter",
      "the server read the parameter b as 3, we signed 2",
    ],
    [
      "a value cut off",
      "https://jira.example.com/jira/rest/x?a=1&b=",
      "parameter",
      'the server read the parameter b as "", we signed 2: one side cuts it off',
    ],
    [
      "a parameter counted twice",
      "https://jira.example.com/jira/rest/x?a=1&b=2&b=2",
      "parameter",
      "the parameter b was counted by the server, but not signed: it was added after signing, or stands in a form body that was not signed",
    ],
  ])("knows %s", (_, url, part, text) => {
    const explanation = explainBaseString(ours, make(url, [["oauth_token", "T"]]));
    expect(explanation.differences).toMatchObject([{ part, text }]);
    expect(explanation.text).toBe(text);
  });

  it("knows the method", () => {
    const theirs = make("https://jira.example.com/jira/rest/x?a=1&b=2", [["oauth_token", "T"]], "POST");
    expect(explainBaseString(ours, theirs).text).toBe("the server saw the method POST, we signed GET");
  });

  it("knows a decoded path, and one that was encoded again", () => {
    const escaped = make("https://h/a%2Fb");
    const decoded = make("https://h/a/b");
    const again = make("https://h/a%252Fb");
    expect(explainBaseString(escaped, decoded).text).toContain("it signs the decoded path, so avoid escapes in it");
    expect(explainBaseString(escaped, again).text).toContain("something on the way encoded it once more");
  });

  it("knows plus signs, encodings and orders", () => {
    const text = (left: string, right: string): string =>
      explainBaseString(`GET&https%3A%2F%2Fh%2F&${left}`, `GET&https%3A%2F%2Fh%2F&${right}`).text;
    expect(text("a%3Dx%2520y", "a%3Dx%252By")).toBe(
      'the server read the parameter a as "x+y", we signed "x y": a plus sign is a space to one side alone',
    );
    expect(text("a%3D%2521", "a%3D!")).toBe(
      'the server read the parameter a as "!", we signed "!": the same text, but one side does not encode !',
    );
    expect(text("a%3D%2520", "a%3D%252520")).toBe(
      'the server read the parameter a as "%20", we signed " ": it is encoded once more on one side',
    );
    expect(text("a%3D1%26a-b%3D1", "a-b%3D1%26a%3D1")).toBe(
      "the parameters are the same, but sorted in another order: by name first and then by value is right",
    );
    expect(text("a%3d1", "a%3D1")).toBe("the parts are the same, but they are encoded in another way");
  });

  it("tells that a credential differs, and not what it is", () => {
    const theirs = make("https://jira.example.com/jira/rest/x?a=1&b=2", [["oauth_token", "SECRET"]]);
    expect(explainBaseString(ours, theirs).text).toBe("the parameter oauth_token has another value");
  });

  it("tells all the differences, a line each", () => {
    const theirs = make("http://jira.example.com/rest/x?a=1", [["oauth_token", "T"]]);
    expect(explainBaseString(ours, theirs).differences.map(({ part }) => part)).toEqual([
      "scheme",
      "path",
      "parameter",
    ]);
    expect(explainBaseString(ours, theirs).text.split("\n")).toHaveLength(3);
  });

  it.each(["", "x", "a&b", "GET&nonsense&", "a&b&c&d"])("says that %j is no base string", (theirs) => {
    expect(explainBaseString(ours, theirs)).toMatchObject({
      differences: [
        {
          part: "form",
          text: 'the server\'s is no base string: it must be a method, an address and parameters, joined by "&"',
        },
      ],
    });
    expect(explainBaseString(theirs, ours).text).toMatch(/^ours is no base string/);
  });

  it("shows text from afar short and on one line", () => {
    const theirs = make(
      `https://jira.example.com/jira/rest/x?a=1&b=${encodeURIComponent(`\u001b[1m\n${"x".repeat(200)}`)}`,
      [["oauth_token", "T"]],
    );
    expect(explainBaseString(ours, theirs).text).toBe(
      `the server read the parameter b as " [1m ${"x".repeat(75)}…", we signed 2`,
    );
  });

  it("refuses what is no text", () => {
    expect(() => explainBaseString(1 as never, "")).toThrow('"ours" must be a string');
    expect(() => explainBaseString("", undefined as never)).toThrow('"theirs" must be a string');
  });

  it("takes long hostile texts in linear time", () => {
    const long = `GET&https%3A%2F%2Fh%2F&${Array.from({ length: 50_000 }, (_, i) => `a${i}%3D`).join("%26")}`;
    const start = performance.now();
    explainBaseString(ours, long);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
