/**
 * The playground's own logic, without a browser: what a link holds, what a paste is read as, and what its samples say.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { explainQsh } from "../../../src/qsh/explain.ts";

const root = new URL("../../../examples/playground/", import.meta.url);
/** The page's modules are plain JavaScript. */
const load = async <T>(path: string): Promise<T> => (await import(new URL(path, root).href)) as T;

interface Share {
  toShared(fields: Record<string, string>): string;
  fromShared(fragment: string): Record<string, string> | undefined;
}
interface Pasted {
  readPastedRequest(text: string): { method: string; url: string; token: string; form: string } | undefined;
}

describe("a shared link", () => {
  let share: Share;
  beforeAll(async () => void (share = await load<Share>("src/share.mjs")));

  const TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJjYW5hcnkifQ.c2lnbmF0dXJl-canary";
  const fields = {
    mode: "explain",
    method: "POST",
    url: `https://canary-user:canary-pass@host/wiki/rest;v=canary/${TOKEN}/x?a=canary1&b=canary%202&jwt=${TOKEN}&%6Awt=${TOKEN}&JWT=canary&${TOKEN}&c#canary`,
    base: "https://canary-user:canary-pass@host/wiki?canary#canary",
    form: `f=canary&jwt=${TOKEN}&g`,
    direction: "outbound",
    token: TOKEN,
    secret: "canary-secret",
    appKey: "canary-app",
    clientKey: "canary-client",
  };

  test("holds the shape of a request, and neither token, secret, key nor value", () => {
    const link = share.toShared(fields);
    expect(decodeURIComponent(decodeURIComponent(link))).not.toMatch(/canary|eyJ|jwt/i);
    expect(share.fromShared(`#${link}`)).toEqual({
      mode: "explain",
      method: "POST",
      url: "https://host/wiki/rest;v=/…/x?a=&b=&…&c",
      base: "https://host/wiki",
      form: "f=&g",
      direction: "outbound",
    });
  });

  test("takes from a stranger's link no more than it would give", () => {
    const read = share.fromShared(`#mode=explain&url=/x%3Fa%3D1%26jwt%3D${TOKEN}&token=${TOKEN}&secret=s&direction=evil&method=${"M".repeat(99)}`);
    expect(read).toEqual({ mode: "explain", method: "M".repeat(20), url: "/x?a=", base: "", form: "", direction: "" });
    expect(share.fromShared("#verdict")).toBeUndefined();
  });
});

describe("a paste", () => {
  let pasted: Pasted;
  beforeAll(async () => void (pasted = await load<Pasted>("src/pasted-request.mjs")));

  test.each([
    [
      "a raw request",
      "GET /rest/api/3/myself?a=1 HTTP/1.1\r\nHost: example.atlassian.net\r\nAuthorization: JWT aaa.bbb.ccc\r\n\r\n",
      { method: "GET", url: "/rest/api/3/myself?a=1", token: "aaa.bbb.ccc", form: "" },
    ],
    [
      "a raw form",
      "POST /hook HTTP/1.1\ncontent-type: application/x-www-form-urlencoded\n\na=1&jwt=aaa.bbb.ccc",
      { method: "POST", url: "/hook", token: "aaa.bbb.ccc", form: "a=1&jwt=aaa.bbb.ccc" },
    ],
    [
      "a curl command",
      "curl -s -H 'Authorization: JWT aaa.bbb.ccc' \"https://host/x?a=1&b=2\"",
      { method: "GET", url: "https://host/x?a=1&b=2", token: "aaa.bbb.ccc", form: "" },
    ],
    [
      "a curl command over several lines, with data",
      "$ curl -X POST https://host/x \\\n  -H \"Authorization: jwt aaa.bbb.ccc\" \\\n  --data-raw 'a=1' -d b=2",
      { method: "POST", url: "https://host/x", token: "aaa.bbb.ccc", form: "a=1&b=2" },
    ],
    [
      "a curl command whose data goes to the query",
      "curl -G -d a=1 --data-urlencode b=2 https://host/x -HAuthorization:JWT\\ aaa.bbb.ccc",
      { method: "GET", url: "https://host/x?a=1&b=2", token: "aaa.bbb.ccc", form: "" },
    ],
    ["a curl command with JSON", "curl -XPUT -H 'content-type: application/json' -d '{\"a\":\"it'\\''s\"}' https://host/x", { method: "PUT", url: "https://host/x", token: "", form: "" }],
    ["a token in the query", "GET https://host/x?jwt=aaa.bbb.ccc", { method: "GET", url: "https://host/x?jwt=aaa.bbb.ccc", token: "aaa.bbb.ccc", form: "" }],
  ])("is read: %s", (_, text, expected) => {
    expect(pasted.readPastedRequest(text)).toEqual(expected);
  });

  test.each(["", "aaa.bbb.ccc", "JWT aaa.bbb.ccc", "hello world", "Authorization: JWT aaa.bbb.ccc"])("is no request: %s", (text) => {
    expect(pasted.readPastedRequest(text)).toBeUndefined();
  });
});

test("the hash of each sample is that of what its mistaken signer hashed", async () => {
  const source = await readFile(new URL("src/samples.mjs", root), "utf8");
  const pairs = [...source.matchAll(/hashed: "(.*)",\n\s*qsh: "(.*)"/g)].map(([, hashed = "", qsh = ""]) => ({ hashed, qsh }));
  expect(pairs).toHaveLength(8);
  for (const { hashed, qsh } of pairs) expect(qsh).toBe(createHash("sha256").update(hashed).digest("hex"));
});

test("the cause of each sample is the one that it is called after", async () => {
  const { samples } = await load<{ samples: { name: string; qsh: string; fields: Record<"method" | "url" | "base", string> }[] }>("src/samples.mjs");
  const causes = samples.map(({ name, qsh, fields: { method, url, base } }) => [
    name,
    explainQsh(qsh, { method, url }, { baseUrl: base }).causes.map(({ code }) => code),
  ]);
  expect(Object.fromEntries(causes)).toEqual({
    "The base path is hashed": ["base-path-kept"],
    "A space is encoded as a plus": ["space-as-plus"],
    "Names are sorted before they are encoded": ["names-sorted-decoded"],
    "Two mistakes at once": ["trailing-slash-kept", "values-repeated-as-pairs"],
    "The clientKey where the app key belongs": [],
    "A clock is ten minutes ahead": [],
    "A line break behind the secret": [],
    "A product calls an app, and all is well": ["path-decoded"],
  });
});
