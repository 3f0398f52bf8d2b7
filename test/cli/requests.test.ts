/** What the command sends, and what it refuses to send. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProgram, serve } from "./program.ts";
import type { Outcome, Program } from "./program.ts";

let program: Program;
let site: { origin: string; close(): void };
let seen: { method: string; url: string; type: string | null; body: Buffer };
let answer: (request: Request) => Response = () => new Response("ok");

beforeAll(async () => {
  program = await makeProgram();
  site = await serve(() => async (request) => {
    const { method, url, headers } = request;
    seen = { method, url, type: headers.get("content-type"), body: Buffer.from(await request.arrayBuffer()) };
    return answer(request);
  });
});
afterAll(() => {
  site.close();
  program.remove();
});

function command(name: string, args: readonly string[], input?: string | Uint8Array): Promise<Outcome> {
  const env = { JWT_QSH_TOKEN: "pat" };
  return program.run([name, ...args, "-s", site.origin], { env, ...(input !== undefined && { input }) });
}

describe("request --data", () => {
  const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff, 0xfe]);

  it.each(["@image.png", "@-"])("sends the bytes of %s as they are", async (data) => {
    writeFileSync(join(program.folder, "image.png"), bytes);
    expect((await command("request", ["PUT", "/up", "-d", data], bytes)).code).toBe(0);
    expect([seen.type, seen.body]).toEqual(["application/octet-stream", bytes]);
    await command("request", ["PUT", "/up", "-d", data, "-H", "content-type: image/png"], bytes);
    expect([seen.type, seen.body]).toEqual(["image/png", bytes]);
  });

  it("knows what is JSON, and takes other text for a form", async () => {
    writeFileSync(join(program.folder, "issue.json"), '\ufeff { "ü": 1 }\n');
    await command("request", ["POST", "/up", "-d", "@issue.json"]);
    expect([seen.type, seen.body.toString("utf8")]).toEqual(["application/json", '\ufeff { "ü": 1 }\n']);
    await command("request", ["POST", "/up", "-d", "a=ü"]);
    expect([seen.type, seen.body.toString("utf8")]).toEqual(["application/x-www-form-urlencoded", "a=ü"]);
  });

  it("has parameters before the fragment", async () => {
    await command("request", ["GET", "/up?a=1#top", "-q", "b=2"]);
    expect(seen.url).toBe(`${site.origin}/up?a=1&b=2`);
  });
});

describe("what is no request", () => {
  it.each([
    ["sign", ["BAD METHOD", "/a"], "the method is none: a word such as GET or POST"],
    ["request", ["BAD METHOD", "/a"], "the method is none: a word such as GET or POST"],
    ["sign", ["GET", "http://fred:SECRET1@127.0.0.1/a"], "the URL holds credentials: --username with --password-file"],
    ["request", ["trace", "/a"], "the method is none that can be sent: fetch has no CONNECT, TRACE and TRACK"],
    ["request", ["GET", "/up", "-d", "a=1"], "GET and HEAD have no body: use POST, or -q for parameters"],
    ["request", ["head", "/up", "-d", "a=1"], "GET and HEAD have no body: use POST, or -q for parameters"],
    ["sign", ["GET", "/a", "--form", "form.txt"], "GET and HEAD have no body: use POST, or put the parameters into the URL"],
  ])("is a usage error of %s %j", async (name, args, message) => {
    writeFileSync(join(program.folder, "form.txt"), "a=1");
    expect(await command(name, args)).toEqual({ code: 2, stdout: "", stderr: `jwt-qsh: ${message}\n` });
  });

  it.each(["loopback:99999", "loopback:x", "loopback:"])("is a usage error of oauth1 dance: %s", async (callback) => {
    await program.run(["oauth1", "keygen", "-o", "rsa.pem", "--bits", "2048", "--force"]);
    const args = ["oauth1", "dance", "-s", site.origin, "-ck", "c", "-k", "rsa.pem", "--callback", callback];
    expect(await program.run(args)).toEqual({
      code: 2,
      stdout: "",
      stderr: "jwt-qsh: --callback names no port: loopback, or loopback:PORT up to 65535\n",
    });
  });
});

describe("licenses", () => {
  const applications = (expiryDate: unknown) => (request: Request) =>
    request.url.endsWith("/license")
      ? Response.json({ expiryDate })
      : Response.json({ key: "jira", accessDetails: { activeUserCount: 1, licensedUserCount: 2 } });

  it.each(["soon", 1e300, {}])("says that it does not know when a licence ends that ends %j", async (expiryDate) => {
    answer = applications(expiryDate);
    const { code, stdout, stderr } = await command("licenses", ["jira"]);
    expect([code, stdout, stderr]).toEqual([0, "jira: 1/2 seats used, until an unknown date\n", ""]);
    const json = await command("licenses", ["jira", "--json"]);
    expect(JSON.parse(json.stdout)).toEqual([{ application: "jira", used: 1, licensed: 2, expires: null }]);
  });

  it("reads a date, and knows the licence that does not end", async () => {
    answer = applications(null);
    expect((await command("licenses", ["jira"])).stdout).toBe("jira: 1/2 seats used\n");
    answer = applications(1_900_000_000_000);
    expect((await command("licenses", ["jira"])).stdout).toBe("jira: 1/2 seats used, until 2030-03-17\n");
  });
});
