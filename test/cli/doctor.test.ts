/** What the doctor finds at a site that answers with what it was told to. */
import { generateKeyPairSync } from "node:crypto";
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

async function diagnose(args: readonly string[], env: Record<string, string>): Promise<{ code: number | null; findings: Finding[] }> {
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
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const privateKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const options = ["-ck", "script"];
  const env = { JWT_QSH_PRIVATE_KEY: privateKey, JWT_QSH_ACCESS_TOKEN: "at" };

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
  });
});
