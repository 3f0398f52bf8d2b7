/** What stands in the way of a release, and what is written into the manifests before one. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { obstacles, type Release, sectionOf } from "../../release/prepare.mjs";
import { projectPath } from "../support/project.ts";

const repository = "git+https://github.com/example/jwt-qsh.git";
const good: Release = {
  tag: "v1.2.3",
  repository,
  manifest: { version: "1.2.3" },
  jsr: { version: "1.2.3" },
  lock: { version: "1.2.3", packages: { "": { version: "1.2.3" } } },
  changelog: "# Changelog\n\n## [1.2.3] - 2026-12-01\n\n### Added\n\n- A door.\n\n## [1.2.2] - 2026-11-01\n\n- Less.\n",
};

describe("obstacles", () => {
  test("none", () => {
    expect(obstacles(good)).toEqual([]);
    expect(
      obstacles({ ...good, manifest: { version: "1.2.3", repository: { type: "git", url: repository } } }),
    ).toEqual([]);
  });

  test.each<[change: Partial<Release>, sentence: string]>([
    [{ tag: "v1.2.4" }, "the tag is v1.2.4, and package.json says 1.2.3"],
    [{ tag: "1.2.3" }, "the tag is 1.2.3, and package.json says 1.2.3"],
    [{ jsr: { version: "1.2.2" } }, "jsr.json says 1.2.2, and package.json 1.2.3"],
    [
      { lock: { version: "1.2.2", packages: good.lock.packages } },
      "package-lock.json says 1.2.2, and package.json 1.2.3",
    ],
    [
      { lock: { version: "1.2.3", packages: { "": { version: "1.2.2" } } } },
      "package-lock.json says 1.2.3, and package.json 1.2.3",
    ],
    [{ changelog: "# Changelog\n" }, "CHANGELOG.md has no section [1.2.3]"],
    [{ changelog: "## [1.2.3] - Unreleased\n\n- A door.\n" }, 'CHANGELOG.md has no date at [1.2.3]: "Unreleased"'],
    [{ changelog: "## [1.2.3] - 2026-12-01\n\n## [1.2.2] - 2026-11-01\n" }, "CHANGELOG.md says nothing of 1.2.3"],
    [
      { manifest: { version: "1.2.3", repository: { type: "git", url: "git+https://github.com/other/jwt-qsh.git" } } },
      `package.json is of git+https://github.com/other/jwt-qsh.git, and this is ${repository}`,
    ],
  ])("%j", (change, sentence) => {
    expect(obstacles({ ...good, ...change })).toEqual([sentence]);
  });

  test("the notes are the section's own", () => {
    expect(sectionOf(good.changelog, "1.2.3")).toEqual({ date: "2026-12-01", text: "### Added\n\n- A door." });
    expect(sectionOf(good.changelog, "1.2")).toBeUndefined();
  });
});

describe("node release/prepare.mjs", () => {
  const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8")) as { version: string };
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "jwt-qsh-release-"));
    for (const name of ["release", "package.json", "package-lock.json", "jsr.json", "CHANGELOG.md"])
      await cp(projectPath(name), join(folder, name), { recursive: true });
    const { repository: _, homepage: __, bugs: ___, ...manifest } = await json("package.json");
    await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const env = {
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "example/jwt-qsh",
    GITHUB_REF_NAME: `v${version}`,
  };
  const prepare = (more: Record<string, string> = {}) =>
    promisify(execFile)(process.execPath, ["release/prepare.mjs", "notes.md"], {
      cwd: folder,
      env: { ...env, ...more },
    });
  const json = async (name: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(join(folder, name), "utf8")) as Record<string, unknown>;
  const date = async (): Promise<void> => {
    const path = join(folder, "CHANGELOG.md");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace(`## [${version}] - Unreleased`, `## [${version}] - 2026-12-01`));
  };

  test("writes the repository that it runs in, the scope that it is told, and the notes", async () => {
    await date();
    const before = await json("package.json");
    const { stdout } = await prepare({ JSR_SCOPE: "example" });
    expect(stdout).toBe(`jwt-qsh ${version}, of ${repository}\n`);
    expect(await json("package.json")).toEqual({
      ...before,
      repository: { type: "git", url: repository },
      homepage: "https://github.com/example/jwt-qsh#readme",
      bugs: { url: "https://github.com/example/jwt-qsh/issues" },
    });
    expect((await json("jsr.json"))["name"]).toBe("@example/jwt-qsh");
    expect(await readFile(join(folder, "notes.md"), "utf8")).toMatch(/^### \w+\n\n- /);
    // Once more, as the job for JSR does it.
    await expect(prepare()).resolves.toBeDefined();
  });

  test("says what is wrong, and writes nothing", async () => {
    const before = await json("package.json");
    await expect(prepare({ GITHUB_REF_NAME: "v9.9.9" })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`the tag is v9.9.9, and package.json says ${version}\n`) as string,
    });
    expect(await json("package.json")).toEqual(before);
  });

  test("publishes to everyone, with provenance, and of a repository that is wholly known or not at all", async () => {
    const { publishConfig, ...manifest } = JSON.parse(readFileSync(projectPath("package.json"), "utf8")) as Record<
      string,
      unknown
    >;
    expect(publishConfig).toEqual({ access: "public", provenance: true });
    const known = ["repository", "homepage", "bugs"].filter((name) => manifest[name] !== undefined);
    expect([0, 3]).toContain(known.length);
  });
});
