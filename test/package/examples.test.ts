/**
 * Every TypeScript and JavaScript block of every page, and every `@example` of what a door reaches, compiles against
 * the built package and runs. (Blocks of the shell: shell.test.ts. All other blocks, and the links: documents.test.ts.)
 *
 * How to write one:
 * - It is a program: it imports what it uses of the package, and top-level await is there.
 * - What a reader understands without being told (`sharedSecret`, `token`, `request`) may be used as if it were there.
 *   It comes from a prelude in test/support/examples: `connect-signer.ts` for `src/connect/signer.ts`, else
 *   `connect.ts`, else `default.ts`; `docs-forge.ts` for `docs/forge.md`, else `docs.ts`, else `default.ts`. A
 *   prelude also sets up who answers.
 * - A call whose comment is JSON, `f(x); // "value"`, is checked to return that. Any other comment is prose.
 * - An example that names `Deno` runs there, over the bundled package; every other one in Node.
 */
import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import { build } from "esbuild";
import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";
import { entry } from "../../tsup.config.ts";
import { documents } from "../support/documents.ts";
import { projectPath } from "../support/project.ts";
import { programOf as engineProgram } from "../stores/engine.ts";
import { examplesOfMarkdown, examplesOfSource, FOLDER, programOf } from "./examples.ts";
import type { Example } from "./examples.ts";

const examples = [...documents.flatMap(examplesOfMarkdown), ...examplesOfSource(Object.values(entry))];
const programs = new Map(
  examples.map((example, index) => [
    projectPath(`${FOLDER}/example-${index}.ts`),
    { example, text: programOf(example) },
  ]),
);

/** One program of all examples: the library files are read once. */
function compile(): Map<string, string[]> {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: ["node"],
    typeRoots: [projectPath("node_modules/@types")],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    paths: { "jwt-qsh": [projectPath("dist/index.d.ts")], "jwt-qsh/*": [projectPath("dist/*.d.ts")] },
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => programs.has(path) || fileExists(path);
  host.readFile = (path) => programs.get(path)?.text ?? readFile(path);
  host.getSourceFile = (path, version) => {
    const text = programs.get(path)?.text;
    return text === undefined ? getSourceFile(path, version) : ts.createSourceFile(path, text, version, true);
  };
  const program = ts.createProgram([...programs.keys()], options, host);
  const complaints = new Map<string, string[]>();
  for (const { file, messageText } of ts.getPreEmitDiagnostics(program)) {
    const where = programs.get(file?.fileName ?? "")?.example.where ?? file?.fileName ?? "options";
    complaints.set(where, [...(complaints.get(where) ?? []), ts.flattenDiagnosticMessageText(messageText, " ")]);
  }
  return complaints;
}

describe("the examples compile", () => {
  let complaints = new Map<string, string[]>();
  beforeAll(() => {
    complaints = compile();
  }, 120_000);

  test("there are some in the README, and some in doc comments", () => {
    expect(examples.filter(({ file }) => file === "README.md").length).toBeGreaterThanOrEqual(4);
    expect(examples.filter(({ file }) => file.startsWith("src/")).length).toBeGreaterThanOrEqual(15);
  });

  test.each(examples.map(({ where }) => [where]))("%s", (where) => {
    expect(complaints.get(where) ?? []).toEqual([]);
  });

  test("nor is there any other complaint", () => {
    const known = new Set(examples.map(({ where }) => where));
    expect([...complaints].filter(([where]) => !known.has(where))).toEqual([]);
  });
});

describe("the examples run", () => {
  const folder = projectPath("coverage/examples");
  const run = promisify(execFile);
  const deno = ["--no-remote", "--no-npm", "--no-config", "--no-lock", "--unstable-kv", `--allow-read=${folder}`];

  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  });

  test.each([...programs.values()].map(({ example, text }) => [example.where, example, text] as const))(
    "%s",
    async (where, { code }, text) => {
      const outfile = `${folder}/${where.replaceAll(/[^\w]+/g, "-")}.mjs`;
      if (/\bDeno\./.test(code)) {
        await buildProgram(text, outfile, []);
        const env = { DENO_DIR: `${folder}/deno`, NO_COLOR: "1" };
        await run(engineProgram("deno"), ["run", ...deno, outfile], { timeout: 20_000, cwd: folder, env });
        return;
      }
      await buildProgram(text, outfile);
      // Through the package's own name, as a user's program: Node resolves it by `exports`.
      await run(process.execPath, [outfile], { timeout: 20_000, cwd: folder });
    },
  );
});

async function buildProgram(contents: string, outfile: string, external = ["jwt-qsh", "jwt-qsh/*"]): Promise<void> {
  await build({
    stdin: { contents, resolveDir: projectPath(FOLDER), loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external,
    logLevel: "silent",
  });
}

describe("a program of an example", () => {
  const example = (code: string): Example => ({ where: "README.md:1", file: "README.md", code });

  test("takes from the preludes what it does not declare", () => {
    expect(programOf(example("console.log(sharedSecret);"))).toContain('import { sharedSecret } from "./default.ts";');
    expect(programOf(example("const sharedSecret = 1;"))).not.toContain("{ sharedSecret }");
  });

  test("checks what its comments promise", async () => {
    expect(programOf(example('f(\n  1,\n); // "a"\ng(2); // a b\n'))).toContain(
      'check(f(\n  1,\n), "a"); // "a"\ng(2); // a b',
    );
    const outfile = projectPath("coverage/examples/broken.mjs");
    await buildProgram(programOf(example('String(1); // "2"')), outfile);
    await expect(promisify(execFile)(process.execPath, [outfile])).rejects.toThrow(/strictly deep-equal/);
  });
});
