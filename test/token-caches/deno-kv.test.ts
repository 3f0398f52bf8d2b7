/** Deno KV in Deno itself: three processes over one file, started at the same time. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundle } from "../stores/bundle.ts";
import { programOf } from "../stores/engine.ts";
import { serveAuthorizationServer } from "./serve.ts";
import type { Served } from "./serve.ts";

const FLAGS = ["--no-remote", "--no-npm", "--no-config", "--no-lock", "--unstable-kv", "--allow-net=127.0.0.1", "--allow-read=.", "--allow-write=."];
let folder: string;
let served: Served;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jwt-qsh-deno-kv-"));
  await writeFile(join(folder, "main.mjs"), await bundle("test/token-caches/deno.program.ts"));
  served = await serveAuthorizationServer();
});

afterEach(async () => {
  await served.close();
  await rm(folder, { recursive: true });
});

async function run(): Promise<{ tokens: string[] } & Record<string, unknown>> {
  const args = ["run", ...FLAGS, "main.mjs", "tokens.db", JSON.stringify(served.grant)];
  const { stdout } = await promisify(execFile)(programOf("deno"), args, { cwd: folder, timeout: 30_000 });
  return JSON.parse(stdout) as { tokens: string[] };
}

test("102 callers in three processes: exactly one exchange, and none for a fourth", async () => {
  served.host.misbehave(`${served.grant.authorizationServer}/`, { kind: "slow", after: 0.5 });
  const answers = await Promise.all([run(), run(), run()]);
  expect([new Set(answers.flatMap(({ tokens }) => tokens)).size, served.exchanges()]).toEqual([1, 1]);
  const fourth = await run();
  expect(fourth).toEqual({
    tokens: answers[0]?.tokens,
    most: 1,
    thrown: "Error: mine",
    afterDead: "entered",
    found: "value",
  });
  expect(served.exchanges()).toBe(1);
});
