/** Which profile a command takes, and what is taken into one. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProgram, serve } from "./program.ts";
import type { Program } from "./program.ts";

let program: Program;
let work: { origin: string; close(): void };
let other: { origin: string; close(): void };
let seen: [site: string, authorization: string | null][] = [];

beforeAll(async () => {
  program = await makeProgram();
  const site = (name: string) =>
    serve(() => (request) => {
      seen.push([name, request.headers.get("authorization")]);
      return Promise.resolve(Response.json({ version: name }));
    });
  [work, other] = await Promise.all([site("work"), site("other")]);
  mkdirSync(join(program.folder, "config"), { mode: 0o700 });
  const bearer = (server: string, token: string) => ({ kind: "bearer", server, token });
  const profiles = { work: bearer(work.origin, "WORK"), elsewhere: bearer(other.origin, "ELSEWHERE") };
  const file = JSON.stringify({ default: "work", profiles });
  writeFileSync(join(program.folder, "config/profiles.json"), file, { mode: 0o600 });
});
afterAll(() => {
  work.close();
  other.close();
  program.remove();
});

async function call(args: readonly string[], env: Record<string, string> = {}): Promise<unknown> {
  seen = [];
  const { code, stderr } = await program.run(["server-info", "--json", ...args], { env });
  return code === 0 ? seen : stderr;
}

describe("the profile that is meant", () => {
  it("is the default one for its own server alone", async () => {
    expect(await call([])).toEqual([["work", "Bearer WORK"]]);
    expect(await call(["-s", work.origin])).toEqual([["work", "Bearer WORK"]]);
    expect(await call(["-s", other.origin])).toEqual([["other", null]]);
    expect(await call([], { JWT_QSH_SERVER: other.origin })).toEqual([["other", null]]);
  });

  it("is the one that is named, whatever the environment says", async () => {
    expect(await call(["--profile", "work"], { JWT_QSH_SERVER: other.origin })).toEqual([["work", "Bearer WORK"]]);
    expect(await call(["--profile", "elsewhere"])).toEqual([["other", "Bearer ELSEWHERE"]]);
    expect(await call(["--profile", "work", "-s", other.origin])).toContain("the profile is of another server");
  });
});

describe("import-jirashell", () => {
  const ini = (keyCert: string): string =>
    `[options]\nserver = https://jira.example.com\n[oauth]\nconsumer_key = c\naccess_token = t\nkey_cert = ${keyCert}\n`;

  it.each([
    ["names a file that is not there", "missing-SECRET1.pem"],
    ["names a file that is no key", "note.txt"],
    ["is neither", "MIIEvSECRET1"],
  ])("saves nothing when key_cert %s", async (_, keyCert) => {
    writeFileSync(join(program.folder, "note.txt"), "hello\n");
    writeFileSync(join(program.folder, "shell.ini"), ini(keyCert));
    const env = { JWT_QSH_CONFIG: join(program.folder, "imported") };
    const { code, stdout, stderr } = await program.run(["import-jirashell", "shell.ini"], { env });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^jwt-qsh: "key_cert" (names a file that is not there|holds no private key): /);
    expect(stderr).not.toContain("SECRET1");
    expect(existsSync(env.JWT_QSH_CONFIG)).toBe(false);
  });
});
