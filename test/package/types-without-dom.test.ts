/** The built declarations compile in every environment: without any library but the language's, with the DOM, with Node. */
import { readdirSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { projectPath } from "../support/project.ts";

const declarations = readdirSync(projectPath("dist"))
  .filter((name) => name.endsWith(".d.ts"))
  .map((name) => projectPath(`dist/${name}`));

const strict: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  types: [],
};

const environments: [name: string, options: ts.CompilerOptions][] = [
  ["ES2022 alone", { lib: ["lib.es2022.d.ts"] }],
  ["the DOM", { lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"] }],
  ["a worker", { lib: ["lib.es2022.d.ts", "lib.webworker.d.ts"] }],
  ["@types/node", { lib: ["lib.es2022.d.ts"], types: ["node"] }],
  [
    "@types/node and the DOM, resolved as Node does",
    {
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
      types: ["node"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    },
  ],
];

function complaints(files: readonly string[], options: ts.CompilerOptions): string[] {
  const program = ts.createProgram(files, { ...strict, ...options, typeRoots: [projectPath("node_modules/@types")] });
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, " ");
    return `${file?.fileName.split("/").slice(-2).join("/") ?? "options"}: ${text}`;
  });
}

describe("the declarations compile with", () => {
  test("something to compile", () => {
    expect(declarations).toContain(projectPath("dist/index.d.ts"));
  });

  test.each(environments)("%s", (_name, options) => {
    expect(complaints(declarations, options)).toEqual([]);
  });

  test("a check that can fail", () => {
    const [, dom] = environments[1] ?? ["", {}];
    expect(complaints([projectPath("test/support/dom-types.d.ts")], { lib: ["lib.es2022.d.ts"] })).toEqual([
      "support/dom-types.d.ts: Cannot find name 'Request'.",
    ]);
    expect(complaints([projectPath("test/support/dom-types.d.ts")], dom)).toEqual([]);
  });
});
