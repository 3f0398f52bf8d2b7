/** What the command does with the credentials that it is given: none is printed by mistake, none is ignored. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeJwt } from "../../src/jwt/decode.ts";
import { makeProgram } from "./program.ts";
import type { Outcome, Program } from "./program.ts";

const SERVER = "https://jira.example.com";
const NOT_CONNECT = "needs a Connect app's credentials: --app-key with --secret-file, or such a profile\n";
const SECRET = "s3cret-of-32-bytes-and-some-more-";
const bearer = { JWT_QSH_TOKEN: "tok-SECRET1" };
const connect = { JWT_QSH_SECRET: SECRET };

let program: Program;

beforeAll(async () => {
  program = await makeProgram();
});
afterAll(() => program.remove());

function sign(args: readonly string[], env: Record<string, string> = {}, input = ""): Promise<Outcome> {
  return program.run(["sign", "GET", "/a", "-s", SERVER, ...args], { env, input });
}
const app = ["--app-key", "com.example.app"];

describe("a token that no header can carry", () => {
  it.each([
    ["two lines", "tok-SECRET1\nline2\n"],
    ["a space", "tok SECRET1"],
    ["a letter outside ASCII", "tok-SECRET1\u20ac"],
    ["a control character", "tok-SECRET1\u0007x"],
  ])("is a usage error and is not repeated: %s", async (_, text) => {
    const outcome = await sign(["--token-file", "-"], {}, text);
    expect(outcome).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "jwt-qsh: the bearer token holds what no header can carry: " +
        "one line of visible ASCII is expected: is it the right file?\n",
    });
  });

  it("may have white space around it, which is no part of it", async () => {
    const { stdout } = await sign(["--token-file", "-"], {}, "  tok-SECRET1\r\n\n");
    expect(stdout).toBe("Authorization: Bearer tok-SECRET1\n");
  });

  it.each(["X: tok-SECRET1\nb", "X: tok-SECRET1\u20ac", "X: tok-SECRET1\u0001", "tok-SECRET1 x: y"])(
    "nor is a header: %j",
    async (line) => {
      const outcome = await program.run(["request", "GET", "/a", "-s", "http://127.0.0.1:9", "-H", line]);
      expect([outcome.code, outcome.stdout]).toEqual([2, ""]);
      expect(outcome.stderr).toMatch(/^jwt-qsh: a header's (name is malformed|value holds what no header can carry): /);
      expect(outcome.stderr).not.toContain("SECRET1");
    },
  );
});

describe("sign", () => {
  const oauth1 = ["-ck", "script", "-k", "rsa.pem"];
  beforeAll(() => program.run(["oauth1", "keygen", "-o", "rsa.pem", "--bits", "2048"]));

  it.each(["--url", "--token"])("has no token for %s unless the credentials are Connect's", async (option) => {
    const stderr = `jwt-qsh: ${option} ${NOT_CONNECT}`;
    expect(await sign([option], bearer)).toEqual({ code: 2, stdout: "", stderr });
    expect(await sign([option, ...oauth1], { JWT_QSH_ACCESS_TOKEN: "at" })).toEqual({ code: 2, stdout: "", stderr });
    expect(await sign([option])).toEqual({ code: 2, stdout: "", stderr });
  });

  it("has nothing to sign with where there are no credentials", async () => {
    const stderr = "jwt-qsh: there are no credentials to sign with: name a --profile, or see --help\n";
    expect(await sign([])).toEqual({ code: 2, stdout: "", stderr });
  });

  it("puts the token before the fragment", async () => {
    const args = ["sign", "GET", "/a?b=1#frag", "-s", SERVER, ...app, "--url"];
    const { stdout } = await program.run(args, { env: connect });
    expect(stdout).toMatch(/^https:\/\/jira\.example\.com\/a\?b=1&jwt=[\w.-]+#frag\n$/);
    const bare = await program.run(["sign", "GET", "/a#frag?", "-s", SERVER, ...app, "--json"], { env: connect });
    expect((JSON.parse(bare.stdout) as { signedUrl: string }).signedUrl).toMatch(/\/a\?jwt=[\w.-]+#frag\?$/);
  });

  it("puts no token beside another", async () => {
    const args = ["sign", "GET", "/a?jwt=x", "-s", SERVER, ...app, "--url"];
    expect(await program.run(args, { env: connect })).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("--as-user", () => {
  it.each(["whoami", "shell"])("is refused by %s unless the credentials are Connect's", async (name) => {
    const stderr = `jwt-qsh: --as-user ${NOT_CONNECT}`;
    for (const env of [bearer, {}]) {
      const outcome = await program.run([name, "-s", "http://127.0.0.1:9", "--as-user", "1"], { env });
      expect(outcome).toEqual({ code: 2, stdout: "", stderr });
    }
    const dancing = ["shell", "-s", "http://127.0.0.1:9", "-od", "-ck", "script", "-k", "rsa.pem", "--as-user", "1"];
    expect(await program.run(dancing)).toEqual({ code: 2, stdout: "", stderr });
  });
});

describe("sign --lifetime", () => {
  it("makes tokens that live as long as --lifetime says", async () => {
    const lifetimeOf = async (args: readonly string[]): Promise<number> => {
      const { stdout } = await sign([...app, "--token", ...args], connect);
      const { iat, exp } = decodeJwt(stdout.trim()).claims as unknown as { iat: number; exp: number };
      return exp - iat;
    };
    expect(await lifetimeOf([])).toBe(180);
    expect(await lifetimeOf(["--lifetime", "30"])).toBe(30);
    for (const bad of ["0", "3601", "x", ""]) {
      const outcome = await sign([...app, "--lifetime", bad], connect);
      expect(outcome).toEqual({ code: 2, stdout: "", stderr: "jwt-qsh: --lifetime must be 1 to 3600 seconds\n" });
    }
    const stderr = `jwt-qsh: --lifetime ${NOT_CONNECT}`;
    expect(await sign(["--lifetime", "30"], bearer)).toEqual({ code: 2, stdout: "", stderr });
  });

  it("is not of a user's token", async () => {
    const user = ["--as-user", "1", "--client-key", "k", "--oauth-client-id", "i"];
    const outcome = await sign([...app, ...user, "--lifetime", "30"], connect);
    expect(outcome).toEqual({ code: 2, stdout: "", stderr: "jwt-qsh: --lifetime and --as-user exclude each other\n" });
  });
});

describe("verify", () => {
  it.each([
    ["--method", "GET"],
    ["--base-url", "https://app.example.com"],
  ])("does not drop %s", async (...option) => {
    const now = Math.floor(Date.now() / 1000);
    const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${b64({ alg: "HS256", typ: "JWT" })}.${b64({ iss: "x", iat: now, exp: now + 60 })}`;
    const token = `${text}.${createHmac("sha256", SECRET).update(text).digest("base64url")}`;
    const outcome = await program.run(["verify", ...option], { env: connect, input: token });
    expect(outcome).toEqual({
      code: 2,
      stdout: "",
      stderr: "jwt-qsh: --request-url is missing: --method and --base-url say how that request is hashed\n",
    });
    expect((await program.run(["verify"], { env: connect, input: token })).code).toBe(0);
  });
});

describe("a short secret", () => {
  const short = { JWT_QSH_SECRET: "short" };

  it("is refused with the option that allows it", async () => {
    const { code, stderr } = await sign(app, short);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^jwt-qsh: [^:]+: use a longer secret, or say --allow-short-secret where that cannot be /);
    const verify = await program.run(["verify"], { env: short, input: "a.b.c" });
    expect(verify.stderr).toBe(stderr);
  });

  it("is allowed by the option, wherever an app signs", async () => {
    expect(await sign([...app, "--allow-short-secret"], short)).toMatchObject({ code: 0, stderr: "" });
    const user = ["--as-user", "1", "--client-key", "k", "--oauth-client-id", "i", "--allow-short-secret"];
    const away = ["--authorization-server", "http://127.0.0.1:9"];
    const whoami = await program.run(["whoami", "-s", "http://127.0.0.1:9", ...app, ...user, ...away], { env: short });
    expect([whoami.code, whoami.stderr]).toEqual([4, expect.not.stringContaining("secret")]);
  });
});
