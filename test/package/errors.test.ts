/**
 * Holds the table of error codes in the README, the types and the statuses in `errors.ts`, the throw sites and
 * docs/errors.md together.
 */
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { errorStatus } from "../../src/errors.ts";
import { codeSpans, tableUnder } from "../support/markdown.ts";
import { projectPath } from "../support/project.ts";

/** Ours: neither Node's own codes nor the beginning of one. */
const CODE = /^ERR_(?!INVALID_ARG_)[A-Z0-9_]*[A-Z0-9]$/;

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(projectPath(path), "utf8"), ts.ScriptTarget.ES2022, true);
}

function visit(node: ts.Node, each: (node: ts.Node) => void): void {
  each(node);
  ts.forEachChild(node, (child) => visit(child, each));
}

/** The code of a string literal type or a string literal. */
function codeOf(node: ts.Node): string | undefined {
  const text = ts.isStringLiteralLike(node) ? node.text : "";
  return CODE.test(text) ? text : undefined;
}

/** Class by class, the codes that it may carry, by the types of `errors.ts`. */
function declaredCodes(): Record<string, string[]> {
  const aliases: Record<string, string[]> = {};
  const classes: Record<string, string[]> = {};
  for (const statement of parse("src/errors.ts").statements) {
    const codes: string[] = [];
    const collect = (node: ts.Node): void => visit(node, (child) => void codes.push(...[codeOf(child) ?? []].flat()));
    if (ts.isTypeAliasDeclaration(statement)) {
      collect(statement.type);
      aliases[statement.name.text] = codes;
    }
    const heritage = ts.isClassDeclaration(statement) ? statement.heritageClauses?.[0]?.types[0] : undefined;
    const argument = heritage?.typeArguments?.[0];
    if (!ts.isClassDeclaration(statement) || argument === undefined) continue;
    collect(argument);
    classes[statement.name?.text ?? ""] = ts.isTypeReferenceNode(argument)
      ? (aliases[argument.getText()] ?? [])
      : codes;
  }
  return classes;
}

/** Every code that is named outside `errors.ts` to be thrown, and not to be compared with. */
function thrownCodes(declared: Readonly<Record<string, readonly string[]>>): Set<string> {
  const thrown = new Set<string>();
  const paths = readdirSync(projectPath("src"), { recursive: true, encoding: "utf8" });
  for (const path of paths.filter((one) => one.endsWith(".ts") && one !== "errors.ts")) {
    visit(parse(`src/${path}`), (node) => {
      const code = codeOf(node);
      if (code !== undefined && !isCompared(node)) thrown.add(code);
      // A class of one code needs not be told it.
      const own = ts.isNewExpression(node) ? declared[node.expression.getText()] : undefined;
      if (own?.length === 1) thrown.add(own[0] as string);
    });
  }
  return thrown;
}

function isCompared({ parent }: ts.Node): boolean {
  return (
    ts.isLiteralTypeNode(parent) ||
    ts.isCaseClause(parent) ||
    (ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText()))
  );
}

interface ErrorPage {
  readonly advised: readonly string[];
  errorPage(): string;
}

/** The throw sites whose message the page cannot tell. */
const { unread } = (await import(projectPath("scripts/error-messages.mjs"))) as { unread(): string[] };
const { advised, errorPage } = (await import(projectPath("scripts/error-page.mjs"))) as ErrorPage;
const page = errorPage();
const declared = declaredCodes();
const union = Object.values(declared).flat().sort();
const rows = tableUnder(readFileSync(projectPath("README.md"), "utf8"), "## Errors");

describe("error codes", () => {
  test("the types are read", () => {
    expect(declared["TokenError"]).toHaveLength(11);
    expect(declared["UnsupportedError"]).toEqual(["ERR_UNSUPPORTED_RUNTIME"]);
    expect(new Set(union).size).toBe(union.length);
  });

  test("each has a status", () => {
    expect(Object.keys(errorStatus).sort()).toEqual(union);
  });

  test("each has a row in the README, of its class and its status, and no other has", () => {
    const documented = rows.map(([name = "", code = "", status = ""]) => [
      codeSpans(name)[0],
      codeSpans(code)[0],
      Number(status),
    ]);
    const expected = Object.entries(declared).flatMap(([name, codes]) =>
      codes.map((code) => [name, code, errorStatus[code as keyof typeof errorStatus]]),
    );
    expect(documented).toEqual(expected);
    expect(rows.filter(([, , , meaning = ""]) => meaning === "")).toEqual([]);
  });

  test("each is thrown somewhere, and nothing else is", () => {
    expect([...thrownCodes(declared)].sort()).toEqual(union);
  });

  test("each has advice, and no other has", () => {
    expect([...advised].sort()).toEqual(union);
  });

  test("the page of all errors is up to date: npm run docs writes it", () => {
    expect(readFileSync(projectPath("docs/errors.md"), "utf8")).toBe(page);
  });

  test("the page tells every message: no throw site is of a form that its reader does not know", () => {
    expect(unread()).toEqual([]);
  });

  test.each([
    // From a table that is spread into a call, from one that is looked up, from a ternary, and from the class itself.
    ["ERR_OAUTH1_RESPONSE", "- `token endpoint could not be reached` (hint: check the address"],
    ["ERR_OAUTH1_RESPONSE", "- `token endpoint did not answer in time`"],
    ["ERR_OAUTH1_RESPONSE", "- `token endpoint answered with a redirect, which is not followed`"],
    ["ERR_OAUTH1_RESPONSE", "- `token answer is too large`"],
    ["ERR_KEY_FETCH", "- `key server did not answer in time`"],
    ["ERR_OAUTH1_PROBLEM", '- `"oauth_problem" is …`'],
    ["ERR_OAUTH1_PROBLEM", '- `"oauth_problem" is not a known one`'],
    ["ERR_ORIGIN_NOT_ALLOWED", '- `url is outside the origin and path of "baseUrl"`'],
    ["ERR_ORIGIN_NOT_ALLOWED", "Thrown by `createOAuth1Signer`"],
    ["ERR_UNSUPPORTED_RUNTIME", "- `URL is missing in this runtime`"],
    // Through a function that hands the message on.
    ["ERR_KEY_INVALID", '- `key is encrypted with a cipher other than "AES-CBC"`'],
  ])("the page tells of %s: %s", (code, text) => {
    expect(page.split(/^### /m).find((section) => section.startsWith(`${code}\n`))).toContain(text);
  });

  test("the page tells of each code who throws it, or in which words", () => {
    const sections = page.split(/^### /m).slice(1);
    expect(sections).toHaveLength(union.length);
    expect(sections.filter((section) => !/^- `|^Thrown by /m.test(section))).toEqual([]);
  });
});
