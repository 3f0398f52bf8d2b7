/** The example apps, each in the runtime that it is for, against the fake host: one story everywhere. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { programOf } from "../stores/engine.ts";
import { projectPath } from "../support/project.ts";

const STORY = [
  "installed",
  "panel: 200 hello user-1, this is DEMO-1",
  "panel of another issue: 401",
  "webhook: 200 thank you for DEMO-1",
  "webhook, expired: 401",
  "unsigned install: 401",
  "uninstalled: 204",
  "panel after that: 401",
];

const DENO = ["run", "--no-remote", "--no-npm", "--no-prompt", "--unstable-kv", "--allow-net=127.0.0.1"];

test.each<[name: string, program: string, args: string[]]>([
  ["express", process.execPath, []],
  ["hono", process.execPath, []],
  ["worker", process.execPath, []],
  ["deno", programOf("deno"), DENO],
  ["bun", programOf("bun"), ["--no-install"]],
])("%s", async (name, program, args) => {
  const main = projectPath(`examples/${name}/main.mjs`);
  const { stdout } = await promisify(execFile)(program, [...args, main], { timeout: 50_000 });
  expect(stdout.trimEnd().split("\n")).toEqual(STORY);
});

test.each(["express/app", "hono/app", "worker/worker", "deno/app", "bun/app"])("%s fits on a page", (path) => {
  const lines = readFileSync(projectPath(`examples/${path}.mjs`), "utf8").trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(60);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
});
