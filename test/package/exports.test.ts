/** Holds package.json, the files of the built package and the tables of the README together. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { entry } from "../../tsup.config.ts";
import { codeSpans, tableUnder } from "../support/markdown.ts";
import { projectPath } from "../support/project.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly sideEffects: boolean;
  // npm drops it when it is empty.
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly scripts: Readonly<Record<string, string>>;
}

const read = (path: string): string => readFileSync(projectPath(path), "utf8");
const manifest = JSON.parse(read("package.json")) as Manifest;
const importsOf = (path: string): string[] =>
  ts.preProcessFile(read(path)).importedFiles.map(({ fileName }) => fileName);
const readme = read("README.md");

const DOCUMENTS = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "SECURITY.md",
  "package.json",
  "dist/LICENSE-noble.txt",
  "dist/sbom.cdx.json",
];
/** What the command shows: the story, and the page. */
const SHOWN = [/^examples\/demo\/[\w/-]+\.mjs$/, /^dist\/playground\/index\.html$/];

/** `jwt-qsh/connect` of `./connect`, and the files behind it. */
const doors = Object.keys(manifest.exports)
  .filter((subpath) => subpath !== "./package.json")
  .map((subpath) => ({
    subpath,
    specifier: subpath.replace(/^\./, manifest.name),
    file: subpath === "." ? "index" : subpath.slice(2),
  }));

describe("package.json", () => {
  test("nothing is installed along, and nothing runs on import", () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(manifest.sideEffects).toBe(false);
    expect(manifest.type).toBe("module");
    expect(Object.keys(manifest)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:peer|optional|bundle)/)]),
    );
    expect(Object.keys(manifest.scripts).filter((name) => /^(?:pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });

  test("every door has its types and its code, in that order, and nothing else", () => {
    const expected = doors.map(({ subpath, file }) => [
      subpath,
      [
        ["types", `./dist/${file}.d.ts`],
        ["default", `./dist/${file}.js`],
      ],
    ]);
    const actual = doors.map(({ subpath }) => [subpath, Object.entries(manifest.exports[subpath] ?? {})]);
    expect(actual).toEqual(expected);
    expect(manifest.exports["./package.json"]).toBe("./package.json");
  });

  test("every door is built, and nothing else is", () => {
    expect(Object.keys(entry).sort()).toEqual(doors.map(({ file }) => file).sort());
  });

  test("a door of code has a door in the README, and the other way about", () => {
    const documented = tableUnder(readme, "## Doors").map(([door = ""]) => codeSpans(door)[0]);
    expect(documented).toEqual(doors.map(({ specifier }) => specifier));
  });

  test.each(doors.map(({ specifier, file }) => [specifier, file]))(
    "what the README names of %s is there",
    async (specifier, file) => {
      const [own, core, ...all] = await Promise.all([file, "index", ...doors.map((door) => door.file)].map(namesOf));
      const row = tableUnder(readme, "## Doors").find(([door = ""]) => codeSpans(door)[0] === specifier);
      const spans = new Set(codeSpans(row?.[1] ?? ""));
      // The error classes are in a table of their own, and what the core door exports too is documented there.
      const told = (name: string): boolean =>
        spans.has(name) || name.endsWith("Error") || (file !== "index" && core?.includes(name) === true);
      expect(own?.filter((name) => !told(name))).toEqual([]);
      expect([...spans].filter((span) => /^[a-z]+[A-Z]\w*$/.test(span) && !all.flat().includes(span))).toEqual([]);
    },
  );
});

describe("CHANGELOG.md", () => {
  const sections = read("CHANGELOG.md").split(/^## /m);
  const section = sections.find((one) => one.startsWith(`[${manifest.version}]`));

  test("has a section of this version, and every door came with some version", () => {
    expect(section).toMatch(/^\[[\d.]+\] - (?:Unreleased|\d{4}-\d\d-\d\d)$/m);
    const told = codeSpans(read("CHANGELOG.md"));
    expect(doors.map(({ specifier }) => specifier).filter((specifier) => !told.includes(specifier))).toEqual([]);
  });

  test("names what a user can name: an export, an option, a member", () => {
    const built = readdirSync(projectPath("dist")).filter((name) => name.endsWith(".d.ts"));
    const words = new Set(built.flatMap((name) => read(`dist/${name}`).match(/\w+/g) ?? []));
    const spans = codeSpans(section ?? "").filter((span) => /^[a-z]+[A-Z0-9]\w*$/.test(span));
    expect(spans.length).toBeGreaterThan(10);
    expect(spans.filter((span) => !words.has(span))).toEqual([]);
  });
});

async function namesOf(file: string): Promise<string[]> {
  return Object.keys((await import(projectPath(`dist/${file}.js`))) as object);
}

describe("the tarball", () => {
  const PROGRAM = "dist/cli.js";
  interface Packed {
    readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
  }
  const npm = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const [packed] = JSON.parse(
    execFileSync("npm", npm, { cwd: projectPath(""), encoding: "utf8", stdio: "pipe" }),
  ) as Packed[];
  const files = packed?.files.map(({ path }) => path).sort() ?? [];
  const doorFiles = doors.flatMap(({ file }) => [`dist/${file}.js`, `dist/${file}.d.ts`]);
  const shared = (path: string): boolean => !doorFiles.includes(path) && path !== PROGRAM;
  const chunks = files.filter((path) => /^dist\/[\w-]+\.(?:js|d\.ts)$/.test(path) && shared(path));

  test("holds the documents, the doors, the command, and what they share", () => {
    const expected = [
      ...DOCUMENTS,
      PROGRAM,
      ...doorFiles,
      ...chunks,
    ];
    const shown = files.filter((path) => SHOWN.some((pattern) => pattern.test(path)));
    for (const pattern of SHOWN) expect(shown.some((path) => pattern.test(path))).toBe(true);
    expect(files).toEqual([...expected, ...shown].sort());
  });

  /** What the files import, and what that imports. */
  function reach(paths: readonly string[]): Set<string> {
    const reached = new Set<string>();
    const follow = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const specifier of importsOf(path)) {
        if (specifier.startsWith("node:")) continue;
        const target = posix.join("dist", specifier);
        follow(path.endsWith(".d.ts") ? target.replace(/\.js$/, ".d.ts") : target);
      }
    };
    for (const path of paths) follow(path);
    return reached;
  }

  test("holds nothing of the workshop: no sources, maps, tests, benches, or settings", () => {
    const workshop = /^(?:src|test|bench|docs|release|node_modules|\.)|\.(?:map|ts|tsbuildinfo|tgz|log)$|\.test\./;
    expect(files.filter((path) => workshop.test(path) && !path.endsWith(".d.ts"))).toEqual([]);
    expect(files.filter((path) => /\.(?:js|d\.ts)$/.test(path) && read(path).includes("sourceMappingURL"))).toEqual([]);
  });

  test("holds no chunk that no door and no command reaches", () => {
    const reached = reach([...doorFiles, PROGRAM]);
    expect(chunks.filter((path) => !reached.has(path))).toEqual([]);
  });

  test("code imports nothing but its own files, and the command what Node has", () => {
    const foreign = (path: string): string[] => importsOf(path).filter((specifier) => !specifier.startsWith("./"));
    expect([...reach(doorFiles)].flatMap(foreign)).toEqual([]);
    expect([...reach([PROGRAM])].flatMap(foreign).filter((specifier) => !specifier.startsWith("node:"))).toEqual([]);
  });

  test("names no place but the package itself", () => {
    const root = projectPath("").replace(/\/$/, "");
    expect(files.filter((path) => read(path).includes(root))).toEqual([]);
  });

  test("keeps the notice of what is bundled", () => {
    expect(read("dist/LICENSE-noble.txt")).toBe(read("node_modules/@noble/hashes/LICENSE"));
    expect(read("dist/LICENSE-noble.txt")).toMatch(/^The MIT License \(MIT\)\n\nCopyright \(c\) \d{4} Paul Miller/);
    expect(read("LICENSE")).toMatch(/^MIT License\n/);
  });

  test("holds no file that can be run but the command, and none that is empty", () => {
    const runnable = packed?.files.filter(({ mode }) => (mode & 0o111) !== 0).map(({ path }) => path);
    expect(runnable).toEqual([PROGRAM]);
    expect(packed?.files.filter(({ size }) => size === 0)).toEqual([]);
  });
});

describe("the scripts", () => {
  test("what the README runs is there", () => {
    const commands = [...readme.matchAll(/\bnpm (?:run ([\w:-]+)|(test))\b/g)].map(
      ([, script, own]) => script ?? own ?? "",
    );
    expect(commands).toContain("demo");
    expect(commands.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
  });
});
