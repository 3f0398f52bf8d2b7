/** What the doctor finds at a site that answers with what it was told to. */
import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProgram, serve } from "./program.ts";
import type { Program } from "./program.ts";

interface Finding {
  readonly check: string;
  readonly level: string;
  readonly text: string;
}

let program: Program;
let jira: { origin: string; close(): void };
let myself: () => Response;

beforeAll(async () => {
  program = await makeProgram();
  jira = await serve((origin) => (request) => {
    const isInfo = request.url.endsWith("/serverInfo");
    return Promise.resolve(isInfo ? Response.json({ version: "10.3.0", baseUrl: origin }) : myself());
  });
});
afterAll(() => {
  jira.close();
  program.remove();
});

async function diagnose(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number | null; findings: Finding[] }> {
  const { code, stdout, stderr } = await program.run(["doctor", "-s", jira.origin, "--json", ...args], { env });
  expect(stderr).toBe("");
  return { code, ...(JSON.parse(stdout) as { findings: Finding[] }) };
}

describe("the doctor", () => {
  it.each([
    ["a login page", "<!doctype html><title>Log in</title>"],
    ["no object", "null"],
    ["nothing", ""],
  ])("keeps what it found when the answer to who we are is %s", async (_, body) => {
    myself = () => new Response(body, { headers: { "content-type": "text/html" } });
    const { code, findings } = await diagnose([], { JWT_QSH_TOKEN: "pat" });
    expect(code).toBe(1);
    expect(findings).toContainEqual({ check: "server", level: "ok", text: "10.3.0" });
    expect(findings).toContainEqual({
      check: "credentials",
      level: "error",
      text: "a login page answered, or something else that is no JSON",
      fix: "single sign-on or a proxy stands before the site: the credentials do not get past it",
    });
  });
});

describe("the doctor and OAuth 1.0a", () => {
  const [pair, other] = [0, 1].map(() =>
    generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    }),
  );
  const escaped = String(pair?.privateKey).replaceAll("\n", String.raw`\n`);
  const options = ["-ck", "script"];
  const env = { JWT_QSH_PRIVATE_KEY: escaped, JWT_QSH_ACCESS_TOKEN: "at" };
  beforeAll(() => {
    myself = () => Response.json({ name: "fred" });
    writeFileSync(join(program.folder, "pair.pub"), String(pair?.publicKey));
    writeFileSync(join(program.folder, "other.pub"), String(other?.publicKey));
    const bare = String(pair?.publicKey).replace(/-----[^-]+-----|\s/g, "");
    writeFileSync(join(program.folder, "bare.pub"), `${bare}\n`);
    writeFileSync(join(program.folder, "escaped.pub"), String(pair?.publicKey).replaceAll("\n", String.raw`\n`));
    writeFileSync(join(program.folder, "private.pub"), String(pair?.privateKey));
  });

  it("reads the base string of a server that cannot encode", async () => {
    const body = "oauth_problem=signature_invalid&oauth_signature_base_string=GET%26%25ZZ%26a";
    myself = () => new Response(body, { status: 401 });
    const { code, findings } = await diagnose(options, env);
    expect(code).toBe(1);
    expect(findings).toContainEqual({
      check: "credentials",
      level: "error",
      text: '"oauth_problem" is signature_invalid',
      fix: expect.stringContaining('the server saw "%ZZ" where') as unknown,
    });
    myself = () => Response.json({ name: "fred" });
  });

  it.each([
    ["pair.pub", "ok", "the public key is of this pair"],
    ["bare.pub", "ok", "the public key is of this pair"],
    ["escaped.pub", "ok", "the public key is of this pair"],
    ["other.pub", "error", "the public key is not of this pair"],
    ["private.pub", "error", "the file holds no public key"],
  ])("compares the key of options with %s", async (file, level, text) => {
    const { findings } = await diagnose([...options, "--public-key", file], env);
    expect(findings.filter(({ check }) => check === "key")).toEqual([expect.objectContaining({ level, text })]);
  });

  it("knows the public half of a key whose lines are escaped, and so does oauth1 show", async () => {
    const folder = join(program.folder, "escaped");
    mkdirSync(folder);
    const token = { token: "t", tokenSecret: "" };
    const work = { kind: "oauth1", server: jira.origin, consumerKey: "c", privateKey: escaped, ...token };
    const file = JSON.stringify({ default: "work", profiles: { work } });
    writeFileSync(join(folder, "profiles.json"), file, { mode: 0o600 });
    const saved = { JWT_QSH_CONFIG: folder };
    const { findings } = await diagnose(["--public-key", "pair.pub"], saved);
    expect(findings).toContainEqual({ check: "key", level: "ok", text: "the public key is of this pair" });
    const spki = createPublicKey(String(pair?.publicKey)).export({ type: "spki", format: "der" });
    const shown = await program.run(["oauth1", "show"], { env: saved });
    expect(shown.stdout).toContain(createHash("sha256").update(spki).digest("hex"));
  });
});
