/** Holds jsr.json, which publishes the sources, to package.json, which publishes the build. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entry } from "../../tsup.config.ts";
import { programOf } from "../stores/engine.ts";
import { projectPath } from "../support/project.ts";

const read = <T>(path: string): T => JSON.parse(readFileSync(projectPath(path), "utf8")) as T;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface Jsr {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
}

const manifest = read<Manifest>("package.json");
const jsr = read<Jsr>("jsr.json");

describe("jsr.json", () => {
  test("is of the same package, version and licence", () => {
    expect(jsr.name).toMatch(new RegExp(`^@[a-z0-9-]+/${manifest.name}$`));
    expect([jsr.version, jsr.license]).toEqual([manifest.version, manifest.license]);
  });

  test("has every door of package.json in the same order, on the file that the build takes it from", () => {
    const doors = Object.entries(manifest.exports).filter(([, target]) => typeof target !== "string");
    const source = (subpath: string): string => {
      const file = (subpath === "." ? "index" : subpath.slice(2)) as keyof typeof entry;
      return `./${entry[file]}`;
    };
    expect(Object.entries(jsr.exports)).toEqual(doors.map(([subpath]) => [subpath, source(subpath)]));
  });

  test("borrows what the build bundles, in the same version, and nothing else", () => {
    const version = manifest.devDependencies["@noble/hashes"];
    expect(jsr.imports).toEqual({ "@noble/hashes/sha2.js": `npm:@noble/hashes@${version}/sha2.js` });
  });
});

describe("the sources in Deno", () => {
  let folder = "";
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "jwt-qsh-jsr-"))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const deno = (...args: string[]): Promise<{ stdout: string; stderr: string }> => {
    const env = { ...process.env, DENO_DIR: folder, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
    return promisify(execFile)(programOf("deno"), args, {
      cwd: projectPath(""),
      env,
      timeout: 110_000,
      maxBuffer: 1 << 24,
    });
  };

  test("run as they are, with the imports of jsr.json", async () => {
    const doors = Object.values(jsr.exports);
    const program = `
      const open = (door) => import(new URL(door, "file://${projectPath("")}").href);
      const doors = await Promise.all(${JSON.stringify(doors)}.map(open));
      const hash = doors[0].qsh({ method: "GET", url: "/rest/api/3/issue/DEMO-1?expand=names" });
      console.log(JSON.stringify([doors.every((door) => Object.keys(door).length > 0), hash]));`;
    // The borrowed hash is where npm put it, so that no network is needed.
    const flags = ["--quiet", "--config", "jsr.json", "--no-lock", "--no-remote", "--node-modules-dir=manual"];
    const { stdout } = await deno("eval", ...flags, program);
    // printf %s 'GET&/rest/api/3/issue/DEMO-1&expand=names' | sha256sum
    expect(JSON.parse(stdout)).toEqual([true, "9bf17b82bc24f0eee764b8f763c725fd4b24a170b9f29bbd9cfeea01a268c547"]);
  });

  test("are what JSR takes, and all of it", { timeout: 120_000 }, async () => {
    const { stdout, stderr } = await deno("publish", "--dry-run", "--allow-dirty");
    const said = stdout + stderr;
    expect(said).toContain("Success Dry run complete");
    const files = [...said.matchAll(/^ +file:\/\/(\S+) \(/gm)].map(([, path = ""]) =>
      path.slice(projectPath("").length),
    );
    const documents = ["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "jsr.json"];
    expect(files.filter((path) => !path.startsWith("src/")).sort()).toEqual(documents);
    expect(files.filter((path) => path.startsWith("src/") && !path.endsWith(".ts"))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(Object.values(jsr.exports).map((path) => path.slice(2))));
    // The command is a program of Node, and comes with npm alone.
    expect(files.filter((path) => path.startsWith("src/cli/"))).toEqual([]);
  });
});
