/** Finds the examples of the documentation, and makes programs of them. */
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { codeBlocks } from "../support/markdown.ts";
import { projectPath } from "../support/project.ts";

export interface Example {
  /** Where it stands: `README.md:17`. */
  readonly where: string;
  /** The file that it stands in, from the root of the project. */
  readonly file: string;
  readonly code: string;
}

/** What is compiled and run. */
export const LANGUAGES: ReadonlySet<string> = new Set(["ts", "js", "tsx", "jsx", "typescript", "javascript"]);

export function examplesOfMarkdown(file: string): Example[] {
  const blocks = codeBlocks(readFileSync(projectPath(file), "utf8"));
  return blocks
    .filter(({ language }) => LANGUAGES.has(language))
    .map(({ code, line }) => ({ where: `${file}:${line}`, file, code }));
}

/** The examples in the doc comments of every file that a door reaches. */
export function examplesOfSource(doors: readonly string[]): Example[] {
  const files = new Set<string>();
  const follow = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const { importedFiles } = ts.preProcessFile(readFileSync(projectPath(file), "utf8"));
    for (const { fileName } of importedFiles) {
      if (fileName.startsWith(".")) follow(posix.join(posix.dirname(file), fileName));
    }
  };
  for (const door of doors) follow(door);
  return [...files].sort().flatMap(examplesOfFile);
}

function examplesOfFile(file: string): Example[] {
  const text = readFileSync(projectPath(file), "utf8");
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const before = text.slice(0, comment.index).split("\n").length - 1;
    const inside = comment[0].replace(/^[ \t]*\* ?/gm, "");
    return codeBlocks(inside).map(({ code, line }) => ({ where: `${file}:${before + line}`, file, code }));
  });
}

/** Where the programs are, as far as their imports are concerned. */
export const FOLDER = "test/support/examples";

/** A program of an example: what it takes for granted comes from the preludes, what it says in comments is checked. */
export function programOf({ file, code }: Example): string {
  const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ES2022, true);
  const open = identifiersOf(source);
  const imports: string[] = [];
  for (const prelude of preludesOf(file)) {
    const names = exportsOf(prelude).filter((name) => open.delete(name));
    imports.push(`import ${names.length > 0 ? `{ ${names.join(", ")} } from ` : ""}"./${prelude}";`);
  }
  return `${imports.join("\n")}\nimport { check } from "./check.ts";\n${withChecks(source)}\nexport {};\nvoid check;\n`;
}

/** The preludes of a file, the most special first: of `docs/forge.md` `docs-forge.ts`, `docs.ts`, `default.ts`. */
function preludesOf(file: string): string[] {
  const parts = file
    .replace(/^src\//, "")
    .replace(/\.\w+$/, "")
    .toLowerCase()
    .split("/");
  const names = parts.map((_part, index) => parts.slice(0, parts.length - index).join("-"));
  return [...names, "default"]
    .map((name) => `${name}.ts`)
    .filter((name) => existsSync(projectPath(`${FOLDER}/${name}`)));
}

function exportsOf(prelude: string): string[] {
  const text = readFileSync(projectPath(`${FOLDER}/${prelude}`), "utf8");
  const own = text.matchAll(/^export (?:async )?(?:const|let|function|class) (\w+)/gm);
  const handedOn = text.matchAll(/^export \{ ([\w\s,]+) \} from/gm);
  return [...own, ...handedOn].flatMap(([, names = ""]) => names.split(/,\s*/));
}

/** The names that an example uses and does not declare at its top level. */
function identifiersOf(source: ts.SourceFile): Set<string> {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    if ((ts.isVariableDeclaration(node) || ts.isBindingElement(node)) && ts.isIdentifier(node.name))
      declared.add(node.name.text);
    if ((ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name !== undefined)
      declared.add(node.name.text);
    if (ts.isImportSpecifier(node)) declared.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return new Set([...used].filter((name) => !declared.has(name)));
}

/** Turns `call(); // "value"` and `console.log(call()); // "value"` into a check, where the comment is JSON. */
function withChecks(source: ts.SourceFile): string {
  let text = source.text;
  for (const statement of [...source.statements].reverse()) {
    const value = ts.isExpressionStatement(statement) ? valueAfter(source.text, statement.end) : undefined;
    if (value === undefined || !ts.isExpressionStatement(statement)) continue;
    const { expression: whole } = statement;
    const logged = ts.isCallExpression(whole) && whole.expression.getText(source) === "console.log";
    const expression = (logged ? whole.arguments[0] : whole)?.getText(source) ?? "";
    text = `${text.slice(0, statement.getStart(source))}check(${expression}, ${value});${text.slice(statement.end)}`;
  }
  return text;
}

function valueAfter(text: string, end: number): string | undefined {
  const comment = /^[ \t]*\n?\/\/ ?(.*)/.exec(text.slice(end))?.[1] ?? /^[ \t]*\/\/ ?(.*)/.exec(text.slice(end))?.[1];
  try {
    JSON.parse(comment ?? "");
    return comment;
  } catch {
    return undefined;
  }
}
