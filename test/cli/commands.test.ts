import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createHash, createHmac, createPublicKey, generateKeyPairSync } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { execFileSync, spawn } from "node:child_process";
import { get } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFakeDataCenter, createFakeHost } from "../../src/testing/index.ts";
import type { FakeDataCenter, FakeHost } from "../../src/testing/index.ts";
import { makeProgram, serve } from "./program.ts";
import type { Program } from "./program.ts";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const privateKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }) as string;
const YEAR = 31_536_000;
const now = Math.floor(Date.now() / 1000);

let program: Program;
let jira: { origin: string; close(): void };
let cloud: { origin: string; close(): void };
let site: FakeDataCenter;
let host: FakeHost;
let secret: string;
let base: string;

beforeAll(async () => {
  program = await makeProgram();
  jira = await serve((origin) => {
    site = createFakeDataCenter({
      baseUrl: `${origin}/jira`,
      consumers: [{ consumerKey: "script", signatureMethod: "RSA-SHA1", publicKey }],
      accessTokens: ["GOOD", "OLD"].map((name) => ({
        token: name,
        secret: "ats",
        consumerKey: "script",
        user: "fred",
        expiresAt: name === "OLD" ? now - 1 : now + YEAR,
        sessionHandle: "H",
        sessionExpiresAt: now + YEAR,
      })),
      users: [{ name: "fred", accountId: "1", displayName: "Fred F. User" }],
    });
    return site.fetch;
  });
  cloud = await serve((origin) => {
    host = createFakeHost({ baseUrl: origin });
    secret = host.install({ appKey: "com.example.app", baseUrl: "https://app.example.com" }).sharedSecret;
    return host.fetch;
  });
  base = `${jira.origin}/jira`;
  mkdirSync(join(program.folder, "config"), { mode: 0o700 });
  const oauth1 = {
    kind: "oauth1",
    server: base,
    consumerKey: "script",
    privateKey,
    tokenSecret: "ats",
    expiresAt: now + YEAR,
  };
  const profiles = {
    good: { ...oauth1, token: "GOOD" },
    old: { ...oauth1, token: "OLD" },
    bad: { ...oauth1, token: "NONE" },
  };
  writeFileSync(join(program.folder, "config/profiles.json"), JSON.stringify({ default: "good", profiles }), {
    mode: 0o600,
  });
  writeFileSync(join(program.folder, "secret"), `${secret}\n`);
});
afterAll(() => {
  jira.close();
  cloud.close();
  program.remove();
});

const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
function token(claims: object, key = secret): string {
  const input = `${b64({ alg: "HS256", typ: "JWT" })}.${b64(claims)}`;
  return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
}

describe("help and usage", () => {
  it("prints an overview, and says that a command was missing", async () => {
    const none = await program.run([]);
    expect(none.code).toBe(2);
    expect(none.stdout).toContain("oauth1 dance");
    expect((await program.run(["--help"])).code).toBe(0);
    expect((await program.run(["--version"])).stdout.trim()).toBe(
      (JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version,
    );
  });

  it("has help with examples and exit codes for each command", async () => {
    const overview = (await program.run(["--help"])).stdout;
    const names = [...overview.matchAll(/^ {2}((?:oauth1 )?[a-z1-]+) {2,}/gm)].map(([, name = ""]) => name);
    expect(names).toHaveLength(18);
    for (const name of names) {
      const { code, stdout } = await program.run([...name.split(" "), "--help"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Usage: jwt-qsh /);
      expect(stdout).toMatch(/Examples:\n {2}# /);
      expect(stdout).toContain(
        "Exit codes: 0 ok, 1 refused, 2 usage, 3 denied by the user, 4 network, 130 interrupted.",
      );
    }
  }, 60_000);

  it("ends as ever when nobody reads on", async () => {
    expect(await program.run(["--help"], { deaf: "stdout" })).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await program.run([], { deaf: "stdout" })).toMatchObject({ code: 2, stdout: "" });
    expect(await program.run(["nonsense"], { deaf: "stderr" })).toMatchObject({ code: 2, stderr: "" });
    expect(await program.run(["whoami", "--timeout", "0"], { deaf: "stderr" })).toMatchObject({ code: 2, stderr: "" });
  });

  it("so does the demo", async () => {
    const module = new URL("../../examples/demo/terminal.mjs", import.meta.url).href;
    const script = `import { say } from ${JSON.stringify(module)};
      const tell = () => { say("one"); say("another"); };
      process.stdin.resume().on("end", () => { tell(); setTimeout(tell, 20); });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => void (stderr += chunk.toString()));
    child.stdout.destroy();
    child.stdin.end();
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect([code, stderr]).toEqual([0, ""]);
  });

  it.each([
    [["nonsense"], "jwt-qsh: there is no such command: see jwt-qsh --help\n"],
    [["server"], "jwt-qsh: there is no such command: see jwt-qsh --help (server-info?)\n"],
    [["whoami", "--nonsense"], "jwt-qsh: Unknown option '--nonsense': see --help\n"],
    [["whoami", "x"], "jwt-qsh: there is an argument too many: usage: [options]\n"],
    [["qsh", "GET"], "jwt-qsh: an argument is missing: usage: METHOD URL [options]\n"],
    [["whoami", "--profile", "x"], "jwt-qsh: there is no such profile: known are: good, old, bad\n"],
    [["whoami", "--timeout", "0"], "jwt-qsh: --timeout must be 1 to 86400 seconds\n"],
    [["completion", "csh"], "jwt-qsh: there is no completion for that shell: bash, zsh or fish\n"],
  ])("%j is a usage error, in one line", async (args, stderr) => {
    expect(await program.run(args)).toEqual({ code: 2, stdout: "", stderr });
  });
});

describe("profiles", () => {
  it("are not read when others can read them too", async () => {
    const env = { JWT_QSH_CONFIG: join(program.folder, "open") };
    mkdirSync(env.JWT_QSH_CONFIG);
    const path = join(env.JWT_QSH_CONFIG, "profiles.json");
    writeFileSync(path, "{}");
    chmodSync(path, 0o644);
    const { code, stderr } = await program.run(["whoami"], { env });
    expect(code).toBe(2);
    expect(stderr).toBe(`jwt-qsh: the file of profiles can be read by others: chmod 600 ${path}\n`);
  });

  it("are shown without secrets, unless these are asked for", async () => {
    const { stdout } = await program.run(["oauth1", "show"]);
    const fingerprint = createHash("sha256")
      .update(createPublicKey(publicKey).export({ type: "spki", format: "der" }))
      .digest("hex");
    expect(stdout).toContain("good (default)");
    expect(stdout).toContain(fingerprint);
    expect(stdout).not.toMatch(/GOOD|PRIVATE|\bats\b/);
    const [shown] = JSON.parse((await program.run(["oauth1", "show", "good", "-pt", "--json"])).stdout) as [object];
    expect(shown).toMatchObject({ name: "good", token: "GOOD", tokenSecret: "ats", privateKey });
    expect((await program.run(["oauth1", "show", "nobody"])).code).toBe(1);
  });

  it("come from jirashell too", async () => {
    const indented = privateKey.trim().replaceAll("\n", "\n    ");
    const ini = `[options]\nserver = ${base}/\nverify=no\n\n[oauth]\noauth_dance: no\nconsumer_key=script\naccess_token = GOOD\naccess_token_secret=ats\nkey_cert = ${indented}\n`;
    mkdirSync(join(program.folder, ".jira-python"));
    writeFileSync(join(program.folder, ".jira-python/jirashell.ini"), ini);
    const { code, stdout, stderr } = await program.run(["import-jirashell", "--save", "old-shell", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ savedAs: "old-shell", kind: "oauth1", server: base });
    expect(stderr).toContain("verification of certificates off, which is not taken over");
    expect((await program.run(["whoami", "--profile", "old-shell"])).stdout).toBe(`Fred F. User (fred) at ${base}\n`);
    writeFileSync(join(program.folder, "empty.ini"), "[options]\nserver=https://x\n[oauth]\nconsumer_key=c\n");
    expect((await program.run(["import-jirashell", "empty.ini"])).stderr).toContain(
      "the file holds no whole credentials: dance once",
    );
  });
});

describe("a Data Center site", () => {
  it("knows us", async () => {
    const { code, stdout } = await program.run(["whoami", "--profile", "good"]);
    expect([code, stdout]).toEqual([0, `Fred F. User (fred) at ${base}\n`]);
  });

  it("refuses an expired token, and one that it does not know", async () => {
    const old = await program.run(["whoami", "--profile", "old"]);
    expect([old.code, old.stderr]).toEqual([
      1,
      'jwt-qsh: "oauth_problem" is token_expired: ask for a request token again and let the user approve it\n',
    ]);
    expect((await program.run(["whoami", "--profile", "bad"])).stderr).toContain("token_rejected");
  });

  it("says what it is to everybody", async () => {
    const { code, stdout } = await program.run(["server-info", "-s", `${base}/browse/TEST-1`, "--json"], {
      env: { JWT_QSH_CONFIG: "/nowhere" },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ baseUrl: base });
  });

  it("tells its licences", async () => {
    const { code, stdout } = await program.run(["licenses", "--profile", "good", "--json"]);
    expect(code).toBe(0);
    const seats = JSON.parse(stdout) as { application: string; used: number; licensed: number; expires: string }[];
    expect(seats.length).toBeGreaterThan(0);
    const [first] = seats;
    const line = await program.run(["licenses", first?.application ?? "", "--profile", "good"]);
    expect(line.stdout).toBe(
      `${first?.application}: ${first?.used}/${first?.licensed} seats used, until ${first?.expires.slice(0, 10)}\n`,
    );
    expect((await program.run(["licenses", "nothing", "--profile", "good"])).code).toBe(1);
  });

  it("answers requests, and they are signed", async () => {
    const { code, stdout } = await program.run([
      "request",
      "GET",
      "rest/api/2/search",
      "-q",
      "jql=project = TEST",
      "--profile",
      "good",
      "-i",
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^200 /);
    expect(site.log.at(-1)).toMatchObject({
      credential: "oauth1",
      verdict: "accepted",
      url: `${base}/rest/api/2/search?jql=project%20%3D%20TEST`,
    });
    const posted = await program.run(
      ["request", "POST", "/rest/api/2/search", "-d", "@-", "--profile", "good", "--json"],
      { input: "jql=a+b" },
    );
    expect(site.log.at(-1)).toMatchObject({ method: "POST", verdict: "accepted" });
    expect(JSON.parse(posted.stdout)).toHaveProperty("status");
  });

  it("does not get the credentials of another", async () => {
    const { code, stderr } = await program.run(["request", "GET", `${cloud.origin}/x`, "--profile", "good"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^jwt-qsh: url is outside the origin and path of/);
    expect((await program.run(["whoami", "--profile", "good", "-s", cloud.origin])).stderr).toContain(
      "the profile is of another server",
    );
  });

  it("takes a line for curl", async () => {
    const { stdout } = await program.run(["sign", "GET", "/rest/api/2/myself?a='b'", "--profile", "good", "--curl"]);
    const header = /-H 'Authorization: (OAuth [^']+)'/.exec(stdout)?.[1] ?? "";
    expect(stdout).toContain(` '${base}/rest/api/2/myself?a=%27b%27'`);
    const response = await fetch(`${base}/rest/api/2/myself?a=%27b%27`, { headers: { authorization: header } });
    expect(response.headers.get("x-ausername")).toBe("fred");
  });

  it("has nothing that the doctor minds", async () => {
    writeFileSync(join(program.folder, "public.pem"), publicKey);
    const good = await program.run(["doctor", "--profile", "good", "--public-key", "public.pem"]);
    expect([good.code, good.stderr]).toEqual([0, ""]);
    expect(good.stdout).toMatch(
      /✓ credentials: we are Fred F\. User\n✓ key: the public key is of this pair\n✓ token: good for 36\d days\n$/,
    );
    const old = await program.run(["doctor", "--profile", "old", "--json"]);
    expect(old.code).toBe(1);
    expect(JSON.parse(old.stdout)).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ check: "credentials", level: "error" })]) as unknown,
    });
  });

  it("is network trouble where nobody is", async () => {
    const { code, stderr } = await program.run(["server-info", "-s", "http://127.0.0.1:9"], {
      env: { JWT_QSH_CONFIG: "/nowhere" },
    });
    expect(code).toBe(4);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("the shell", () => {
  it("runs a script that is piped in", async () => {
    const input =
      "const me = await jira.myself()\nme.displayName\n(await get('/rest/api/2/search', { jql: 'project = TEST' })).total >= 0\ntypeof auth\n";
    const { code, stdout } = await program.run(["shell", "--profile", "good"], { input });
    expect(code).toBe(0);
    expect(stdout).toContain("'Fred F. User'");
    expect(stdout).toContain("true");
    expect(stdout).toContain("'function'");
    const failing = await program.run(["shell", "--profile", "good"], {
      input: "function f() {\n  return 1;\n}\nf() + 1\nawait get('/nothing')\nf() + 2\n",
    });
    expect(failing.code).toBe(1);
    expect(failing.stdout).toMatch(/^2\nUncaught CliError: the server answered 404[\s\S]*\n3\n$/);
  });

  it("talks to somebody at a terminal", async () => {
    const person = program.type(["shell", "--profile", "good"]);
    await person.sees(/as oauth1\. Try:/);
    await person.sees(/jira> /);
    person.types("(await jira.licenses()).length > 0\r");
    await person.sees(/true/);
    person.types(".exit\r");
    expect((await person.leaves()).code).toBe(0);
  });

  it("takes jirashell's options, and dances first", async () => {
    const key = join(program.folder, "key.pem");
    writeFileSync(key, privateKey);
    const person = program.type(["shell", "-s", base, "-od", "-ck", "script", "-k", key, "-r", "api", "-v", "2"]);
    const [, requestToken = ""] = await person.sees(/authorize\?oauth_token=(\S+)/);
    await person.sees(/Verification code: /);
    person.types(`${site.approve(decodeURIComponent(requestToken), "fred").verifier}\r`);
    await person.sees(/jira> /);
    person.types("(await jira.myself()).name\r");
    await person.sees(/'fred'/);
    person.types(".exit\r");
    expect((await person.leaves()).code).toBe(0);
  });

  it("warns of what others can see, and refuses Kerberos", async () => {
    const args = ["shell", "-s", base, "-ck", "script", "-k", "key.pem", "-at", "GOOD", "-ats", "ats"];
    const { code, stdout, stderr } = await program.run(args, { input: "(await jira.myself()).name\n" });
    expect(code).toBe(0);
    expect(stdout).toContain("'fred'");
    expect(stderr).toContain("WARNING: others can see what is given with --access-token");
    expect((await program.run(["shell", "--use-kerberos-auth"])).code).toBe(2);
  });
});

describe("a Cloud site, as an app", () => {
  const app = (): string[] => ["-s", cloud.origin, "--app-key", "com.example.app"];

  it("is called with a secret from a file, from standard input and from the environment", async () => {
    const fromFile = await program.run(["request", "GET", "/rest/api/3/myself", ...app(), "--secret-file", "secret"]);
    expect(fromFile.code).toBe(0);
    expect(host.log.at(-1)).toMatchObject({ credential: "connect", verdict: "accepted" });
    const fromInput = await program.run(["request", "GET", "/rest/api/3/myself", ...app(), "--secret-file", "-"], {
      input: secret,
    });
    expect(fromInput.code).toBe(0);
    expect(
      (await program.run(["request", "GET", "/rest/api/3/myself", ...app()], { env: { JWT_QSH_SECRET: secret } })).code,
    ).toBe(0);
    const missing = await program.run(["request", "GET", "/rest/api/3/myself", ...app()]);
    expect([missing.code, missing.stderr]).toEqual([
      2,
      "jwt-qsh: the shared secret is missing: --secret-file FILE, - for standard input, or JWT_QSH_SECRET\n",
    ]);
  });

  it("refuses a wrong secret", async () => {
    const { code, stderr } = await program.run(["request", "GET", "/rest/api/3/myself", ...app()], {
      env: { JWT_QSH_SECRET: "x".repeat(40) },
    });
    expect(code).toBe(1);
    expect(stderr).toBe(
      "jwt-qsh: the server answered 401: the credentials were not accepted: jwt-qsh doctor looks for the reason\n",
    );
  });

  it("takes a URL with the token in it", async () => {
    const { stdout } = await program.run([
      "sign",
      "GET",
      "/rest/api/3/myself?expand=groups",
      ...app(),
      "--secret-file",
      "secret",
      "--url",
    ]);
    expect((await fetch(stdout.trim())).status).toBe(200);
  });
});

describe("tokens", () => {
  const canonical = "GET&/rest/api/3/search&jql=a%20b";
  const hash = createHash("sha256").update(canonical).digest("hex");
  const claims = { iss: "com.example.app", iat: now, exp: now + 600, qsh: hash };

  it("are hashed", async () => {
    const { stdout } = await program.run([
      "qsh",
      "GET",
      "/wiki/rest/api/3/search?jql=a+b",
      "--base-url",
      "https://example.atlassian.net/wiki",
      "--json",
    ]);
    expect(JSON.parse(stdout)).toEqual({ canonical, qsh: hash });
    const form = await program.run(["qsh", "POST", "/rest/api/3/search", "--form", "-"], { input: "jql=a+b\n" });
    expect(form.stdout).toContain("POST&/rest/api/3/search&jql=a%20b");
  });

  it("are decoded from standard input, and said to be unverified", async () => {
    const { code, stdout, stderr } = await program.run(["decode"], {
      input: `Authorization: JWT ${token({ ...claims, exp: now + 300_000 })}\n`,
    });
    expect(code).toBe(0);
    expect(stdout).toContain('"iss": "com.example.app"');
    expect(stdout).toMatch(/exp {4}\S+Z, in 3 days/);
    expect(stderr).toBe("not verified\n");
    expect((await program.run(["decode"], { input: "" })).code).toBe(2);
    expect((await program.run(["decode"], { input: "a.b.c" })).code).toBe(1);
  });

  it("are no arguments", async () => {
    expect((await program.run(["decode", token(claims)])).code).toBe(2);
  });

  it("are verified, with their hash", async () => {
    const args = ["verify", "--secret-file", "secret", "--request-url", "/rest/api/3/search?jql=a+b"];
    const good = await program.run(args, { input: token(claims) });
    expect([good.code, good.stderr]).toEqual([0, ""]);
    expect(good.stdout).toMatch(/verified, with its hash\n$/);
    expect((await program.run(args, { input: token({ ...claims, qsh: "0".repeat(64) }) })).code).toBe(1);
    const expired = await program.run(args, { input: token({ ...claims, exp: now - 600 }) });
    expect([expired.code, expired.stdout]).toEqual([1, ""]);
    expect((await program.run(args, { input: token(claims, "y".repeat(40)) })).code).toBe(1);
  });

  it("are explained, one above the other, with a caret", async () => {
    const wrong = createHash("sha256").update("GET&/rest/api/3/search&jql=a%2Bb").digest("hex");
    const { code, stdout } = await program.run(["explain", "GET", "/rest/api/3/search?jql=a+b", "--qsh", wrong]);
    expect(code).toBe(1);
    const lines = stdout.split("\n");
    const [, right = "", claimed = "", caret = ""] = lines;
    expect([right.slice(8), claimed.slice(8)]).toEqual([canonical, "GET&/rest/api/3/search&jql=a%2Bb"]);
    expect(claimed[caret.indexOf("^")]).toBe("B");
    expect(stdout).toMatch(/✗ .+\n {2}fix: /);
    const whole = await program.run(["explain", "--secret-file", "secret", "--json"], {
      input: token({ ...claims, exp: now - 600 }),
    });
    expect(whole.code).toBe(1);
    expect(JSON.parse(whole.stdout)).toMatchObject({ verdict: "invalid" });
  });

  it("so are refused signatures", async () => {
    const theirs = "GET&http%3A%2F%2Fjira.example.com%3A8080%2Frest&a%3D1";
    writeFileSync(join(program.folder, "ours.txt"), "GET&https%3A%2F%2Fjira.example.com%2Frest&a%3D1\n");
    const { code, stdout } = await program.run(["explain", "--problem", "-", "--base-string", "ours.txt"], {
      input: `oauth_problem=signature_invalid&oauth_signature_base_string=${encodeURIComponent(theirs)}\n`,
    });
    expect(code).toBe(1);
    expect(stdout).toContain(
      "the server saw http and port 8080, we signed https and no port: its proxy settings differ",
    );
  });
});

describe("the rest", () => {
  it("makes a key pair, for its owner alone", async () => {
    const { code, stdout } = await program.run(["oauth1", "keygen", "-o", "new.pem", "--bits", "2048", "--json"]);
    expect(code).toBe(0);
    const made = JSON.parse(stdout) as { publicKeyBase64: string; fingerprint: string };
    const path = join(program.folder, "new.pem");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const spki = createPublicKey(readFileSync(path)).export({ type: "spki", format: "der" });
    expect(made.publicKeyBase64).toBe(spki.toString("base64"));
    expect(made.fingerprint).toBe(createHash("sha256").update(spki).digest("hex"));
    expect((await program.run(["oauth1", "keygen", "-o", "new.pem"])).stderr).toContain("the file is there already");
    expect((await program.run(["oauth1", "keygen", "-o", "x.pem", "--bits", "1024"])).stderr).toBe(
      "jwt-qsh: --bits must be 2048, 3072 or 4096 bits\n",
    );
  });

  it("serves the playground on this machine alone, until Ctrl-C", async () => {
    expect((await program.run(["playground"])).stderr).toMatch(/^jwt-qsh: this installation has no playground: /);
    mkdirSync(join(program.folder, "dist/playground"));
    writeFileSync(join(program.folder, "dist/playground/index.html"), "<!doctype html><title>play</title>");
    const person = program.type(["playground"]);
    const [, url = ""] = await person.sees(/The playground is at .*?(http:\/\/127\.0\.0\.1:\d+\/)/);
    const page = await fetch(url);
    expect([page.status, page.headers.get("content-type"), await page.text()]).toEqual([
      200,
      "text/html; charset=utf-8",
      "<!doctype html><title>play</title>",
    ]);
    for (const path of ["nothing", "%2e%2e/cli.js", "..%2fcli.js", "%00", "%"])
      expect((await fetch(url + path)).status).toBe(404);
    expect((await fetch(url, { method: "POST" })).status).toBe(404);
    const { port } = new URL(url);
    const rebound = await new Promise<number | undefined>((resolve) => {
      get({ host: "127.0.0.1", port, path: "/", headers: { host: "evil.example" } }, (response) =>
        resolve(response.resume().statusCode),
      );
    });
    expect(rebound).toBe(404);
    person.types("\u0003");
    expect((await person.leaves()).code).toBe(0);
  });

  it("completes in bash", async () => {
    const { code, stdout } = await program.run(["completion", "bash"]);
    expect(code).toBe(0);
    const script = `${stdout}\nCOMP_WORDS=(jwt-qsh oauth1 dance --con); COMP_CWORD=3; _jwt_qsh; echo "\${COMPREPLY[@]}"`;
    expect(execFileSync("bash", ["-c", script], { encoding: "utf8" })).toBe("--consumer-key\n");
    expect((await program.run(["completion", "zsh"])).stdout).toContain("bashcompinit");
    expect((await program.run(["completion", "fish"])).stdout).toContain(
      "complete -c jwt-qsh -n '__fish_seen_subcommand_from dance' -l callback",
    );
  });

  it("colours for a terminal, and for nobody else", async () => {
    expect((await program.run(["--help"])).stdout).not.toContain("\u001b[");
    const shown = await program.type(["--help"]).leaves();
    expect(shown.screen).toContain("\u001b[1mUsage:\u001b[0m");
    expect((await program.type(["--help"], { env: { NO_COLOR: "1" } }).leaves()).screen).not.toContain("\u001b[");
    expect((await program.type(["--help", "--no-color"]).leaves()).screen).not.toContain("\u001b[");
  });
});
