/** The example apps, each in the runtime that it is for, against the fake host: one story where Connect is spoken. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { pathToFileURL } from "node:url";
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

const NEXT = [
  ...STORY,
  'a page of the app: 200 {"key":"DEMO-1","askedBy":"user-1"}',
  "a page with the token of its own URL: 401",
];

const FORGE = [
  'panel: 200 {"text":"DEMO-1: First issue","askedBy":"user-1"}',
  'nightly: 200 {"text":"looked at DEMO-1"}',
  "no token: 401",
  "token of another app: 401",
  "token of the staging cloud: 401",
  "expired: 401",
  'after the platform\'s keys rotated: 200 {"text":"DEMO-1: First issue","askedBy":"user-1"}',
  "without the system token: 500",
];

/** The least that it can do with: without the flags it ends at once. */
const DENO = ["run", "--no-remote", "--no-npm", "--no-prompt", "--unstable-kv", "--allow-net=127.0.0.1"];

const run = promisify(execFile);
const read = (path: string): string => readFileSync(projectPath(`examples/${path}`), "utf8");

test.each<[name: string, program: string, args: string[], story: string[]]>([
  ["express", process.execPath, [], STORY],
  ["hono", process.execPath, [], STORY],
  ["worker", process.execPath, [], STORY],
  ["deno", programOf("deno"), DENO, STORY],
  ["bun", programOf("bun"), ["--no-install"], STORY],
  ["next", process.execPath, [], NEXT],
  ["forge-remote", process.execPath, [], FORGE],
])("%s, and its README tells what happens", async (name, program, args, story) => {
  const main = projectPath(`examples/${name}/main.mjs`);
  const { stdout } = await run(program, [...args, main], { timeout: 50_000 });
  expect(stdout.trimEnd().split("\n")).toEqual(story);
  expect(read(`${name}/README.md`)).toContain(`\n${story.join("\n")}\n\`\`\``);
});

test.each(DENO.filter((flag) => flag.startsWith("--allow") || flag.startsWith("--unstable")))(
  "deno needs %s",
  async (flag) => {
    const args = [...DENO.filter((one) => one !== flag), projectPath("examples/deno/main.mjs")];
    await expect(run(programOf("deno"), args, { timeout: 50_000 })).rejects.toThrow();
  },
);

test("a wrong verdict ends the program with exit code 1", async () => {
  const visit = pathToFileURL(projectPath("examples/visit.mjs")).href;
  const program = `
    import { createFakeHost } from "jwt-qsh/testing";
    import { visit } from ${JSON.stringify(visit)};
    // An app that lets everybody in.
    const app = { appKey: "a", baseUrl: "https://app.example.com", fetch: () => new Response("hello") };
    await visit(createFakeHost(), app);
  `;
  const args = ["--input-type=module", "--eval", program];
  await expect(run(process.execPath, args, { cwd: projectPath("."), timeout: 50_000 })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("panel of another issue: 200 in place of 401") as string,
  });
});

test("the Worker's configuration deploys: it names every binding that the program reads", () => {
  const config = JSON.parse(read("worker/wrangler.json")) as {
    main: string;
    compatibility_flags?: string[];
    kv_namespaces: { binding: string }[];
    vars: Record<string, string>;
  };
  const named = [...config.kv_namespaces.map(({ binding }) => binding), ...Object.keys(config.vars)];
  const program = read(`worker/${config.main}`);
  const taken = /^const \{ (\w+).*, (\w+).* \} = env;$/gm;
  const used = [...program.matchAll(/\benv\.(\w+)/g), ...program.matchAll(taken)].flatMap(([, ...names]) => names);
  // The secret is set by hand: the README says how.
  expect(new Set(used)).toEqual(new Set([...named, "INSTALLATIONS_KEY"]));
  expect(read("worker/README.md")).toContain("wrangler secret put INSTALLATIONS_KEY");
  expect(config.compatibility_flags ?? []).not.toContain("nodejs_compat");
});

test("every example imports as an app of a user's does", () => {
  // All but the playground, which is built from files by its own tool.
  const folders = readdirSync(projectPath("examples")).filter((name) => !name.includes(".") && name !== "playground");
  const files = folders.flatMap((folder) =>
    readdirSync(projectPath(`examples/${folder}`), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(?:mjs|ts)$/.test(file))
      .map((file) => `${folder}/${file}`),
  );
  const wrong = files.flatMap((file) => {
    const imports = read(file).matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)";$/gm);
    const specifiers = [...imports].map(([, name = ""]) => name);
    return specifiers.filter((name) => !staysAmongExamples(file, name)).map((name) => `${file}: ${name}`);
  });
  expect(files.length).toBeGreaterThan(20);
  expect(wrong).toEqual([]);
});

/** A relative import leads to another example at most, never to the package's own files. */
function staysAmongExamples(file: string, specifier: string): boolean {
  return !specifier.startsWith(".") || !posix.join(posix.dirname(file), specifier).startsWith("..");
}

test("the list of examples has every one", () => {
  const linked = new Set([...read("README.md").matchAll(/\]\(([\w-]+)\)/g)].map(([, name]) => name));
  expect(linked).toEqual(new Set(readdirSync(projectPath("examples")).filter((name) => !name.includes("."))));
});

test.each([
  "express/app.mjs",
  "hono/app.mjs",
  "worker/worker.mjs",
  "deno/app.mjs",
  "bun/app.mjs",
  "forge-remote/app.mjs",
  "iframe/app.mjs",
])("%s fits on a page", (path) => {
  const lines = read(path).trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(60);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
});
