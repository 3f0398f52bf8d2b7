/** The licence monitor, under Node and as a Deno script: against the fake site in the process, and over a socket. */
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFakeDataCenter } from "../../src/testing/index.ts";
import type { FakeDataCenter } from "../../src/testing/index.ts";
import { serve } from "../cli/program.ts";
import { programOf } from "../stores/engine.ts";
import { projectPath } from "../support/project.ts";

const DENO = [
  "run",
  "--no-remote",
  "--no-npm",
  "--no-prompt",
  "--allow-env",
  "--allow-read",
  "--allow-sys=homedir",
  "--allow-net=127.0.0.1",
];
const RUNTIMES: [name: string, program: () => string, args: string[]][] = [
  ["node", () => process.execPath, []],
  ["deno", () => programOf("deno"), DENO],
];

const STORY = [
  "0 LICENSE OK - jira-software: 42/50 seats used, 100 days left | used=42;;;0;50 days=100",
  "1 LICENSE WARNING - jira-software: 42/50 seats used, 25 days left | used=42;;;0;50 days=25",
  "2 LICENSE CRITICAL - jira-software: 42/50 seats used, 5 days left | used=42;;;0;50 days=5",
  "2 LICENSE CRITICAL - jira-software: 42/50 seats used, expired 1 days ago | used=42;;;0;50 days=-1",
];

const folder = mkdtempSync(join(tmpdir(), "jwt-qsh-monitor-"));
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
let server: { origin: string; close(): void };
let site: FakeDataCenter;

beforeAll(async () => {
  const consumer = {
    consumerKey: "monitor",
    signatureMethod: "RSA-SHA1" as const,
    publicKey: publicKey.export({ type: "spki", format: "pem" }) as string,
  };
  const token = {
    token: "AT",
    secret: "",
    consumerKey: "monitor",
    user: "fred",
    expiresAt: 1e11,
    sessionHandle: "",
    sessionExpiresAt: 0,
  };
  server = await serve((origin) => {
    site = createFakeDataCenter({
      baseUrl: origin,
      consumers: [consumer],
      accessTokens: [token],
      users: [{ name: "fred", accountId: "1", displayName: "Fred" }],
      licenses: [
        {
          key: "jira-software",
          name: "Jira Software",
          activeUsers: 48,
          licensedUsers: 50,
          expiresAt: Math.floor(Date.now() / 1000) + 400 * 86_400,
        },
      ],
    });
    return site.fetch;
  });
  const profile = {
    kind: "oauth1",
    server: server.origin,
    consumerKey: "monitor",
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
  const profiles = { good: { ...profile, token: "AT" }, bad: { ...profile, token: "NONE" } };
  writeFileSync(join(folder, "profiles.json"), JSON.stringify({ default: "good", profiles }), { mode: 0o600 });
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function run(program: string, args: string[]): Promise<{ code: number; stdout: string }> {
  const env = { ...process.env, JWT_QSH_CONFIG: folder };
  return promisify(execFile)(program, args, { timeout: 50_000, env }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
  );
}

test.each(RUNTIMES)("%s: the story", async (_, program, args) => {
  const { code, stdout } = await run(program(), [...args, projectPath("examples/data-center/main.mjs")]);
  expect([code, stdout.trimEnd().split("\n")]).toEqual([0, STORY]);
});

test.each(RUNTIMES)("%s: the plug-in", async (_, program, args) => {
  const monitor = projectPath("examples/data-center/monitor.mjs");
  const good = await run(program(), [...args, monitor, "good", "jira-software"]);
  expect(good).toEqual({
    code: 1,
    stdout: "LICENSE WARNING - jira-software: 48/50 seats used, 399 days left | used=48;;;0;50 days=399\n",
  });
  const bad = await run(program(), [...args, monitor, "bad"]);
  expect(bad).toEqual({ code: 3, stdout: 'LICENSE UNKNOWN - "oauth_problem" is token_rejected\n' });
  expect((await run(program(), [...args, monitor, "nobody"])).code).toBe(3);
  expect((await run(program(), [...args, monitor, "good", "nothing"])).code).toBe(3);
});

test("the site to try the dance on knows the consumer that the pages dance as", () => {
  const read = (path: string): string => readFileSync(projectPath(path), "utf8");
  const known = /consumerKey: "([^"]+)"/.exec(read("examples/data-center/site.mjs"))?.[1];
  for (const path of ["docs/data-center.md", "examples/data-center/README.md"]) {
    const dances = [...read(path).matchAll(/^npx jwt-qsh oauth1 dance .*? -ck (\S+)/gm)].map(([, key]) => key);
    expect(dances).toEqual([known, known]);
  }
});
