/**
 * Every block of the shell in the documentation runs, against the built command, and prints what the page says it does.
 *
 * How to write one:
 * - `sh` or `bash`. The blocks of a page run one after the other in one empty folder; `npx jwt-qsh` is the built
 *   command, and `examples/` is there.
 * - Where a block of `text` follows at once, it is the output, to the letter; `…` stands for what differs each time.
 * - What cannot be run is in the table below, with the reason. It is still read: bash must understand it, the command
 *   must know its options, and scripts and files must be there.
 */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readInvocation } from "../../src/cli/command.ts";
import { commands, findCommand } from "../../src/cli/commands.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { documents } from "../support/documents.ts";
import { projectPath } from "../support/project.ts";
import { commandsOf, patternOf, shellBlocksOf, wordsOf } from "./shell.ts";

/** Commands that are read and not run, and why. */
const ONLY_READ: readonly (readonly [RegExp, string])[] = [
  [/^npm (?:install|ci)\b/, "installs"],
  [/^npm run [\w:]+/, "a step of .ci/run of its own, or takes minutes"],
  [/^npx vitest run /, "is what runs here"],
  [/^npx jwt-qsh (?:playground|shell)\b/, "goes on until somebody stops it"],
  [/^npx jwt-qsh oauth1 dance\b/, "asks somebody to approve; run by example-data-center.test.ts"],
  [/^npx jwt-qsh (?:whoami|licenses|server-info|request) /, "asks a site; run by test/cli"],
  [/^node examples\/data-center\/(?:monitor|site)\.mjs\b/, "asks, or is, a site; run by example-data-center.test.ts"],
  [/^node examples\/playground\/build\.mjs\b/, "is a step of the build"],
];

const isOnlyRead = (command: string): boolean => ONLY_READ.some(([pattern]) => pattern.test(command));
const blocks = documents.flatMap(shellBlocksOf);
const pages = [...new Set(blocks.map(({ file }) => file))];
const manifest = JSON.parse(readFileSync(projectPath("package.json"), "utf8")) as { scripts: Record<string, string> };

describe("what is only read", () => {
  const lines = blocks.flatMap(({ where, code }) => commandsOf(code).map((command) => [where, command] as const));
  const onlyRead = lines.filter(([, command]) => isOnlyRead(command));

  test("every reason is needed", () => {
    const unused = ONLY_READ.filter(([pattern]) => !lines.some(([, command]) => pattern.test(command)));
    expect(unused.map(([pattern]) => String(pattern))).toEqual([]);
  });

  test.each(onlyRead)("%s: %s", async (_where, command) => {
    expect((await bash(["-n", "-c", command])).stderr).toBe("");
    for (const part of command.split(/ && | \|\| /)) await readWords(wordsOf(part));
  });

  async function readWords(words: readonly string[]): Promise<void> {
    const [program, first = "", second = ""] = words;
    if (program === "npm" && first === "run") expect(Object.keys(manifest.scripts)).toContain(second);
    if (program === "node" && !first.startsWith("-")) expect(existsSync(projectPath(first)), first).toBe(true);
    if (program !== "npx" || first !== "jwt-qsh") return;
    const found = findCommand(words.slice(2));
    if (found === undefined) throw new Error(`there is no command ${second}`);
    const { command } = await found.row.load();
    readInvocation(command, found.rest, {} as Terminal, commands);
  }
});

describe("the commands run", () => {
  const folders = new Map(pages.map((page) => [page, mkdtempSync(join(tmpdir(), "jwt-qsh-docs-"))]));
  const tools = mkdtempSync(join(tmpdir(), "jwt-qsh-tools-"));

  beforeAll(() => {
    const run = `exec "${process.execPath}" "${projectPath("dist/cli.js")}" "$@"`;
    writeFileSync(join(tools, "npx"), `#!/bin/sh\n[ "$1" = jwt-qsh ] || exit 127\nshift\n${run}\n`);
    chmodSync(join(tools, "npx"), 0o755);
    for (const folder of folders.values()) symlinkSync(projectPath("examples"), join(folder, "examples"));
  });
  afterAll(() => {
    for (const folder of [...folders.values(), tools]) rmSync(folder, { recursive: true, force: true });
  });

  const runnable = blocks
    .map((block) => ({ ...block, script: commandsOf(block.code).filter((command) => !isOnlyRead(command)) }))
    .filter(({ script }) => script.length > 0);

  test("there are some, and some say what they print", () => {
    expect(runnable.length).toBeGreaterThanOrEqual(3);
    expect(runnable.filter(({ output }) => output !== undefined).length).toBeGreaterThanOrEqual(2);
  });

  test("a block of text that is an output belongs to something that runs", () => {
    const runs = new Set(runnable.map(({ where }) => where));
    const silent = blocks.filter(({ where, output }) => output !== undefined && !runs.has(where));
    expect(silent.map(({ where }) => where)).toEqual([]);
  });

  test.each(runnable.map((block) => [block.where, block] as const))("%s", async (_where, { file, script, output }) => {
    const cwd = folders.get(file) as string;
    const env = {
      PATH: `${tools}:${process.env["PATH"]}`,
      HOME: cwd,
      JWT_QSH_CONFIG: join(cwd, "config"),
      NO_COLOR: "1",
      TERM: "dumb",
    };
    const { code, stdout, stderr } = await bash(["-euo", "pipefail", "-c", script.join("\n")], { cwd, env });
    expect(stdout.trimEnd()).toMatch(output === undefined ? /^/ : patternOf(output));
    // 1 is a refusal, which is what an explanation is about.
    expect(output === undefined ? [0] : [0, 1], stderr).toContain(code);
  });
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function bash(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile("bash", args, { timeout: 30_000, ...options }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end();
  });
}

describe("a block", () => {
  test("is cut into commands", () => {
    expect(commandsOf("# note\na 'b\nc' # d's\n\nx \\\n  y\ncat <<E\nit's\nE\nz")).toEqual([
      "a 'b\nc' # d's",
      "x \\\n  y",
      "cat <<E\nit's\nE",
      "z",
    ]);
    expect(wordsOf("npx jwt-qsh qsh GET '/a b?c' \\\n  --base-url \"https://x\" > out # why")).toEqual(
      "npx|jwt-qsh|qsh|GET|/a b?c|--base-url|https://x".split("|"),
    );
  });

  test("prints what it says, and nothing else", () => {
    expect("a.b 12 c").toMatch(patternOf("a.b … c\n"));
    expect("axb 12 c").not.toMatch(patternOf("a.b … c\n"));
    expect("a.b 1\n2 c").not.toMatch(patternOf("a.b … c\n"));
  });
});
