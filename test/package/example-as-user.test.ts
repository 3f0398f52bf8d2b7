/** examples/as-user in Node as it is, and in Deno and workerd as one file: the same lines everywhere. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Log, LogLevel, Miniflare } from "miniflare";
import { expect, test } from "vitest";
import { bundle } from "../stores/bundle.ts";
import { programOf } from "../stores/engine.ts";
import { projectPath } from "../support/project.ts";

const run = promisify(execFile);
const LINES = [
  'at first: Ada Lovelace reads "Welcome", tokens so far: 2',
  'ten minutes later: Ada Lovelace reads "Welcome", tokens so far: 2',
  'after the tokens expired: Ada Lovelace reads "Welcome", tokens so far: 4',
];

test("the README tells what happens, and the example is 15 lines at most", async () => {
  const read = (name: string): Promise<string> => readFile(projectPath(`examples/as-user/${name}`), "utf8");
  expect(await read("README.md")).toContain(`\`\`\`text\n${LINES.join("\n")}\n\`\`\``);
  expect((await read("as-user.mjs")).trimEnd().split("\n").length).toBeLessThanOrEqual(15);
});

test("Node", async () => {
  const { stdout } = await run(process.execPath, [projectPath("examples/as-user/node.mjs")]);
  expect(stdout.trimEnd().split("\n")).toEqual(LINES);
});

test("Deno", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jwt-qsh-as-user-"));
  try {
    const program = join(folder, "main.mjs");
    await writeFile(program, await bundle("examples/as-user/node.mjs"));
    const flags = ["--no-remote", "--no-npm", "--no-config", "--no-lock", "--no-prompt"];
    const { stdout } = await run(programOf("deno"), ["run", ...flags, program]);
    expect(stdout.trimEnd().split("\n")).toEqual(LINES);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("workerd", async () => {
  const worker = new Miniflare({
    log: new Log(LogLevel.ERROR),
    // Nothing is fetched from afar.
    cf: false,
    telemetry: { enabled: false },
    modules: true,
    script: await bundle("examples/as-user/worker.mjs"),
    compatibilityDate: "2026-04-01",
  });
  try {
    const response = await worker.dispatchFetch("http://worker.test/");
    expect((await response.text()).split("\n")).toEqual(LINES);
  } finally {
    await worker.dispose();
  }
});
