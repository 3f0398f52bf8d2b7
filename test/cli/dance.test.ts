import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFakeDataCenter } from "../../src/testing/index.ts";
import type { FakeDataCenter } from "../../src/testing/index.ts";
import { makeProgram, serve } from "./program.ts";
import type { Program } from "./program.ts";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }) as string;
let program: Program;
let server: { origin: string; close(): void };
let site: FakeDataCenter;
let base: string[];

beforeAll(async () => {
  program = await makeProgram();
  const { privateKey } = pair;
  writeFileSync(join(program.folder, "rsa.pem"), privateKey.export({ type: "pkcs1", format: "pem" }));
  writeFileSync(
    join(program.folder, "locked.pem"),
    privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open sesame" }),
  );
  writeFileSync(
    join(program.folder, "other.pem"),
    generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }),
  );
  writeFileSync(join(program.folder, "public.pem"), publicKey);
});
afterAll(() => program.remove());

beforeEach(async () => {
  server = await serve((origin) => {
    site = createFakeDataCenter({
      baseUrl: `${origin}/jira`,
      consumers: [{ consumerKey: "script", signatureMethod: "RSA-SHA1", publicKey }],
    });
    return site.fetch;
  });
  base = ["oauth1", "dance", "-s", `${server.origin}/jira/`, "-ck", "script", "-k", "rsa.pem"];
  return () => server.close();
});

const TOKEN = /authorize\?oauth_token=([^\s]+)/;

describe("on a terminal", () => {
  it("asks for the code, saves the token for its owner alone, and then we are somebody", async () => {
    const person = program.type([...base, "--save", "work"]);
    const [, token = ""] = await person.sees(TOKEN);
    const { verifier } = site.approve(decodeURIComponent(token));
    await person.sees(/Verification code: /);
    person.types(`${verifier}\r`);
    const { code, screen } = await person.leaves();
    expect(code).toBe(0);
    expect(screen).toContain("Saved as work");
    const profiles = join(program.folder, "config/profiles.json");
    expect(statSync(profiles).mode & 0o777).toBe(0o600);
    const [access] = site.accessTokens();
    expect(readFileSync(profiles, "utf8")).toContain(access?.token);
    expect(screen).not.toContain(access?.token);
    expect(screen).not.toContain(access?.secret);

    const me = await program.run(["whoami", "--json"]);
    expect(me.code).toBe(0);
    expect(JSON.parse(me.stdout)).toMatchObject({ credentials: "oauth1", name: site.users[0]?.name });
  });

  it("ends at Ctrl-C", async () => {
    const person = program.type(base);
    await person.sees(/Verification code: /);
    person.types("\u0003");
    const { code, screen } = await person.leaves();
    expect(code).toBe(130);
    expect(screen).toMatch(/jwt-qsh: interrupted\r?\n$/);
  });

  it("ends at Ctrl-D", async () => {
    const person = program.type(base);
    await person.sees(/Verification code: /);
    person.types("\u0004");
    expect((await person.leaves()).code).toBe(2);
  });

  it("asks for a passphrase and does not show it", async () => {
    const person = program.type([...base.slice(0, -1), "locked.pem", "-pt"]);
    await person.sees(/passphrase: /);
    person.types("open sesame\r");
    const [, token = ""] = await person.sees(TOKEN);
    const { verifier } = site.approve(decodeURIComponent(token));
    await person.sees(/Verification code: /);
    person.types(`${verifier}\r`);
    const { code, screen } = await person.leaves();
    expect(code).toBe(0);
    expect(screen).not.toContain("sesame");
    expect(screen).toContain(`Access token:        ${site.accessTokens()[0]?.token}`);
  });

  it("tells a wrong passphrase", async () => {
    const person = program.type([...base.slice(0, -1), "locked.pem"]);
    await person.sees(/passphrase: /);
    person.types("wrong\r");
    const { code, screen } = await person.leaves();
    expect(code).toBe(2);
    expect(screen).toContain("jwt-qsh: key cannot be decrypted");
  });

  it("asks in jirashell's words, and takes no for an answer", async () => {
    const person = program.type([...base, "--compat"]);
    await person.sees(/Please visit this URL to authorize the OAuth request:/);
    await person.sees(/Have you authorized this program to connect on your behalf to \S+\? \(y\/n\)/);
    person.types("n\r");
    expect((await person.leaves()).code).toBe(3);
  });

  it("takes the address that the browser was sent to", async () => {
    const person = program.type([...base, "--callback", "http://localhost:1/cb"]);
    const [, token = ""] = await person.sees(TOKEN);
    const { callbackUrl = "" } = site.approve(decodeURIComponent(token));
    await person.sees(/Verification code: /);
    person.types(`${callbackUrl}\r`);
    expect((await person.leaves()).code).toBe(0);
  });
});

describe("without a terminal", () => {
  it("takes the code from standard input", async () => {
    // The code is not known before the page is: a script reads the page's address from standard error.
    const refused = await program.run(base, { input: "guess\n" });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(
      'jwt-qsh: "oauth_problem" is permission_unknown: the user has not approved the request token yet',
    );
  });

  it("says so when there is nobody to ask", async () => {
    const { code, stdout, stderr } = await program.run(base);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /jwt-qsh: there is no terminal to ask for the code on: pass it on standard input, or use --callback loopback\n$/,
    );
  });

  it("waits for the browser on loopback", async () => {
    const person = program.type([...base, "--callback", "loopback", "--json", "-pt"]);
    const [, token = ""] = await person.sees(TOKEN);
    const { callbackUrl = "" } = site.approve(decodeURIComponent(token));
    expect(new URL(callbackUrl).hostname).toBe("127.0.0.1");
    expect((await fetch(new URL("/favicon.ico", callbackUrl))).status).toBe(404);
    expect(await (await fetch(callbackUrl)).text()).toContain("Go back to the terminal");
    const { code, screen } = await person.leaves();
    expect(code).toBe(0);
    expect(screen).toContain(`"token":"${site.accessTokens()[0]?.token}"`);
  });

  it("is told when the user refuses", async () => {
    const person = program.type([...base, "--callback", "loopback"]);
    const [, token = ""] = await person.sees(TOKEN);
    await fetch(site.deny(decodeURIComponent(token)).callbackUrl ?? "");
    const { code, screen } = await person.leaves();
    expect(code).toBe(3);
    expect(screen).toContain('"oauth_problem" is permission_denied');
    expect((await program.run(base, { input: "denied\n" })).code).toBe(3);
  });

  it("does not wait for ever", async () => {
    const { code, stderr } = await program.run([...base, "--callback", "loopback", "--wait", "1"]);
    expect(code).toBe(3);
    expect(stderr).toContain("nobody came back from the page in time");
  });
});

describe("what goes wrong", () => {
  it("a wrong key is refused with the way out", async () => {
    const { code, stderr } = await program.run([...base.slice(0, -1), "other.pem"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^jwt-qsh: "oauth_problem" is signature_invalid: compare .*the public key is not of this pair\n$/,
    );
  });

  it.each([
    ["a public key", ["-k", "public.pem"], "key is a public key where a private one is needed"],
    ["no such file", ["-k", "nothing.pem"], 'there is no file "nothing.pem"'],
    ["no key", [], "--key-cert is missing"],
    ["a broken file", ["-k", "package.json"], 'key looks like "JSON" text'],
  ])("%s is a usage error", async (_, key, message) => {
    const { code, stderr } = await program.run([...base.slice(0, -2), ...key]);
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain(message);
  });

  it("no server is a network error", async () => {
    server.close();
    const { code, stderr } = await program.run(base);
    expect(code).toBe(4);
    expect(stderr).toBe(
      "jwt-qsh: token endpoint could not be reached: check the address, the network and the certificate\n",
    );
  });

  it("an unknown consumer, as JSON", async () => {
    site.removeConsumer("script");
    const { code, stderr } = await program.run([...base, "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "ERR_OAUTH1_PROBLEM", problem: "consumer_key_unknown", exitCode: 1 },
    });
  });

  it("a Cloud site has no OAuth 1.0a", async () => {
    const { code, stderr } = await program.run([
      "oauth1",
      "dance",
      "-s",
      "example.atlassian.net",
      "-ck",
      "x",
      "-k",
      "rsa.pem",
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain("this is a Cloud site, which has no OAuth 1.0a");
  });

  it("http elsewhere needs saying so", async () => {
    const { code, stderr } = await program.run([
      "oauth1",
      "dance",
      "-s",
      "http://jira.example.com",
      "-ck",
      "x",
      "-k",
      "rsa.pem",
    ]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      "jwt-qsh: --server must be an https URL: use https, or --unsafe-http where that cannot be had\n",
    );
  });
});
