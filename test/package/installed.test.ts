/** The tarball, installed where nothing else is, without a network: every door opens, and the command runs. */
import { execFile, type ExecFileException } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectPath } from "../support/project.ts";

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
}
const manifest = JSON.parse(readFileSync(projectPath("package.json"), "utf8")) as Manifest;
const specifiers = Object.keys(manifest.exports).map((subpath) => subpath.replace(/^\./, "jwt-qsh"));

let folder = "";
const run = (program: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    // No project of ours, and no setting of npm's own scripts, reaches in there.
    const env = { PATH: process.env["PATH"], HOME: folder, NO_COLOR: "1", npm_config_cache: join(folder, "cache") };
    execFile(program, args, { cwd: folder, env, timeout: 100_000 }, (error: ExecFileException | null, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
const node = (program: string) => run(process.execPath, "--input-type=module", "--eval", program);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jwt-qsh-installed-"));
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  const packed = await run("npm", "pack", projectPath(""), "--ignore-scripts", "--json");
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const installed = await run("npm", "install", `./${filename}`, "--offline", "--no-audit", "--no-fund");
  expect(installed, installed.stderr).toMatchObject({ code: 0 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("in an empty folder", () => {
  test("the package is all that is installed", async () => {
    const entries = await readdir(join(folder, "node_modules"));
    expect(entries.filter((name) => !name.startsWith("."))).toEqual(["jwt-qsh"]);
    expect(existsSync(join(folder, "node_modules/jwt-qsh/node_modules"))).toBe(false);
  });

  test.each(specifiers.filter((specifier) => specifier !== "jwt-qsh/package.json"))("import %s", async (specifier) => {
    const file = `dist/${specifier === "jwt-qsh" ? "index" : specifier.slice("jwt-qsh/".length)}.js`;
    const expected = Object.keys((await import(projectPath(file))) as object);
    const { stdout, stderr } = await node(
      `import * as door from "${specifier}";
       console.log(JSON.stringify([Object.keys(door), import.meta.resolve("${specifier}")]));`,
    );
    expect(stderr).toBe("");
    const [names, url] = JSON.parse(stdout) as [string[], string];
    expect(expected.length).toBeGreaterThan(0);
    expect(names).toEqual(expected.sort());
    expect(url.endsWith(`/node_modules/jwt-qsh/${file}`)).toBe(true);
  });

  test("import jwt-qsh/package.json, for the tools that look at it", async () => {
    const { stdout } = await run(process.execPath, "-p", 'require("jwt-qsh/package.json").version');
    expect(stdout).toBe(`${manifest.version}\n`);
  });

  test("nothing else can be imported", async () => {
    const inside = [
      "jwt-qsh/dist/index.js",
      "jwt-qsh/index",
      "jwt-qsh/cli",
      "jwt-qsh/src/index.ts",
      "jwt-qsh/connect/",
    ];
    const { stdout } = await node(`
      const open = (name) => import(name).then(() => "ok", ({ code }) => code);
      const codes = await Promise.all(${JSON.stringify(inside)}.map(open));
      console.log(JSON.stringify(codes));`);
    expect(JSON.parse(stdout)).toEqual(inside.map(() => "ERR_PACKAGE_PATH_NOT_EXPORTED"));
  });

  test("a token is signed and verified", async () => {
    const { stdout, stderr } = await node(`
      import { secretKey, signJwt } from "jwt-qsh";
      import { verifyJwtSync } from "jwt-qsh/sync";
      const key = secretKey("a secret of thirty-two characters");
      console.log(verifyJwtSync(await signJwt({ iss: "app" }, key, { lifetime: 60 }), key).claims.iss);`);
    expect([stdout, stderr]).toEqual(["app\n", ""]);
  });
});

describe("the command, by npx", () => {
  const npx = (...args: string[]) => run("npx", "--no-install", "jwt-qsh", ...args);

  test("--help", async () => {
    const { code, stdout, stderr } = await npx("--help");
    expect([code, stderr]).toEqual([0, ""]);
    for (const name of ["sign", "verify", "decode", "qsh", "explain", "playground", "demo"])
      expect(stdout).toMatch(new RegExp(`^ +${name}\\b`, "m"));
  });

  test("--version", async () => {
    expect((await npx("--version")).stdout.trim()).toBe(manifest.version);
  });

  test("qsh GET /x?a=1", async () => {
    // printf %s 'GET&/x&a=1' | sha256sum
    const hash = "5142fa9e00fe2d648fcc6171698fa3e2ccaa05335abe3b68b9cb122c26f0bed2";
    expect((await npx("qsh", "GET", "/x?a=1")).stdout).toContain(hash);
  });

  test("demo finds its story in the package", { timeout: 100_000 }, async () => {
    const { code, stderr } = await npx("demo");
    expect([code, stderr]).toEqual([0, ""]);
  });
});
