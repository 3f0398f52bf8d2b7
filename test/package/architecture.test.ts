/** Holds the layer rule, the vocabulary rule, the realm rule and the form of every file under `src`. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { projectPath } from "../support/project.ts";
import { declarationViolations, longest, violations } from "./architecture.ts";
import type { Sources } from "./architecture.ts";

function filesUnder(folder: string, suffix: string): Record<string, string> {
  const paths = readdirSync(projectPath(folder), { recursive: true, encoding: "utf8" });
  const wanted = paths.map((path) => `${folder}/${path.replaceAll("\\", "/")}`).filter((path) => path.endsWith(suffix));
  return Object.fromEntries(wanted.sort().map((path) => [path, readFileSync(projectPath(path), "utf8")]));
}

describe("src", () => {
  const sources = filesUnder("src", ".ts");

  test("every file is read", () => {
    expect(Object.keys(sources)).toEqual(
      expect.arrayContaining(["src/index.ts", "src/errors.ts", "src/qsh/canonical.ts"]),
    );
  });

  test("no rule is broken", () => {
    expect(violations(sources)).toEqual([]);
  });

  test("the longest file is told", ({ annotate }) => {
    const { path, lines } = longest(sources);
    expect(lines).toBe(readFileSync(projectPath(path), "utf8").trimEnd().split("\n").length);
    return annotate(`the longest file is ${path}, ${lines} lines`);
  });
});

describe("dist", () => {
  test("no declaration names a type of one realm, or a generic typed array", () => {
    const declarations = filesUnder("dist", ".d.ts");
    expect(Object.keys(declarations)).toContain("dist/index.d.ts");
    expect(Object.entries(declarations).flatMap(([path, text]) => declarationViolations(path, text))).toEqual([]);
  });
});

/** Each rule broken once: what a checker never refuses, it does not check. */
const broken: [rule: string, sources: Sources, expected: string[]][] = [
  [
    "up",
    { "src/jwt/a.ts": 'import { b } from "../oauth2/b.ts";', "src/oauth2/b.ts": "export const b = 1;" },
    ["layer: src/jwt/a.ts: imports src/oauth2/b.ts"],
  ],
  [
    "up, by a type",
    { "src/crypto/a.ts": 'import type { B } from "../jws/b.ts";', "src/jws/b.ts": "export type B = 1;" },
    ["layer: src/crypto/a.ts: imports src/jws/b.ts"],
  ],
  [
    "sideways, by a re-export",
    { "src/qsh/a.ts": 'export { b } from "../jws/b.ts";', "src/jws/b.ts": "export const b = 1;" },
    ["layer: src/qsh/a.ts: imports src/jws/b.ts"],
  ],
  [
    "sideways, by import()",
    { "src/forge/a.ts": 'export const a = () => import("../oauth2/b.ts");', "src/oauth2/b.ts": "export const b = 1;" },
    ["layer: src/forge/a.ts: imports src/oauth2/b.ts"],
  ],
  [
    "up, by the type of an import()",
    { "src/jws/a.ts": 'export type A = import("../jwt/b.ts").B;', "src/jwt/b.ts": "export type B = 1;" },
    ["layer: src/jws/a.ts: imports src/jwt/b.ts"],
  ],
  [
    "what an import() computes",
    { "src/jws/a.ts": "export const a = (b: string) => import(b);" },
    ["layer: src/jws/a.ts: imports what it computes"],
  ],
  [
    "a file that is not there",
    { "src/jws/a.ts": 'export * from "./b.ts";' },
    ["layer: src/jws/a.ts: imports src/jws/b.ts, which is not there"],
  ],
  ["a folder on no floor", { "src/tools/a.ts": "export const a = 1;" }, ["layer: src/tools/a.ts: stands on no floor"]],
  [
    "a file at the top that is no door",
    { "src/extra.ts": "export const a = 1;" },
    ["layer: src/extra.ts: stands on no floor"],
  ],
  [
    "errors.ts imports nothing",
    { "src/errors.ts": 'import type { A } from "./types.ts";', "src/types.ts": "export type A = 1;" },
    ["layer: src/errors.ts: imports src/types.ts"],
  ],
  [
    "http.ts imports errors and types alone",
    { "src/http.ts": 'import { a } from "./cache.ts";', "src/cache.ts": "export const a = 1;" },
    ["layer: src/http.ts: imports src/cache.ts"],
  ],
  [
    "fetch stands on the ground and encoding",
    { "src/fetch/a.ts": 'import { b } from "../crypto/b.ts";', "src/crypto/b.ts": "export const b = 1;" },
    ["layer: src/fetch/a.ts: imports src/crypto/b.ts"],
  ],
  [
    "so do the adapters",
    { "src/adapters/a.ts": 'import type { B } from "../connect/b.ts";', "src/connect/b.ts": "export type B = 1;" },
    ["layer: src/adapters/a.ts: imports src/connect/b.ts"],
  ],
  [
    "browser takes one file of jwt, and types of one file of connect",
    {
      "src/browser/a.ts":
        'import "../jwt/decode.ts";\nimport { b } from "../connect/claims.ts";\nimport { c } from "../jwt/verify.ts";',
      "src/browser/b.ts": 'import { a } from "../jwt/decode.ts";\nimport type { B } from "../connect/claims.ts";',
      "src/connect/claims.ts": "export const b = 1;",
      "src/jwt/decode.ts": "export const a = 1;",
      "src/jwt/verify.ts": "export const c = 1;",
    },
    [
      "layer: src/browser/a.ts: imports src/connect/claims.ts",
      "layer: src/browser/a.ts: imports src/jwt/verify.ts",
      'side effect: src/browser/a.ts: import "../jwt/decode.ts";',
    ],
  ],
  [
    "testing is an independent witness",
    { "src/testing/a.ts": 'import { b } from "../encoding/b.ts";', "src/encoding/b.ts": "export const b = 1;" },
    ["layer: src/testing/a.ts: imports src/encoding/b.ts"],
  ],
  [
    "nobody but the command line imports testing",
    {
      "src/connect/a.ts": 'import { b } from "../testing/b.ts";',
      "src/cli/a.ts": 'import { b } from "../testing/b.ts";',
      "src/testing/b.ts": "export const b = 1;",
    },
    ["layer: src/connect/a.ts: imports src/testing/b.ts"],
  ],
  [
    "nobody imports the command line",
    { "src/index.ts": 'export { a } from "./cli/a.ts";', "src/cli/a.ts": "export const a = 1;" },
    ["layer: src/index.ts: imports src/cli/a.ts"],
  ],
  ["no package but ours", { "src/jws/a.ts": 'import { a } from "jose";' }, ["package: src/jws/a.ts: imports jose"]],
  [
    "a circle of types",
    {
      "src/jws/a.ts": 'import type { B } from "./b.ts";\nexport type A = B;',
      "src/jws/b.ts": 'import type { A } from "./a.ts";\nexport type B = A;',
    },
    ["cycle: src/jws/a.ts: src/jws/a.ts -> src/jws/b.ts -> src/jws/a.ts"],
  ],
  [
    "a door does nothing but re-export",
    { "src/index.ts": "export const a = 1;" },
    ["door: src/index.ts: export const a = 1;"],
  ],
  [
    "nobody walks but the folder of the walk",
    { "src/jwt/a.ts": 'import { walk } from "../qsh/canonical.ts";', "src/qsh/canonical.ts": "export const walk = 1;" },
    ["walk: src/jwt/a.ts: imports it"],
  ],
  [
    "not under another name either",
    { "src/jwt/a.ts": 'import * as all from "../qsh/canonical.ts";', "src/qsh/canonical.ts": "export const walk = 1;" },
    ["walk: src/jwt/a.ts: imports it"],
  ],
  [
    "the builder walks by the standard rules",
    {
      "src/qsh/builder.ts":
        'import { standardRules, walk } from "./canonical.ts";\nexport const a = () => walk(1, { ...standardRules });',
      "src/qsh/canonical.ts": "export const walk = 1;\nexport const standardRules = {};",
      "src/qsh/explain.ts": 'import { walk } from "./canonical.ts";\nexport const a = () => walk(1, {});',
      "src/qsh/hash.ts":
        'import { standardRules, walk } from "./canonical.ts";\nexport const a = () => walk(1, standardRules);',
    },
    ["walk: src/qsh/builder.ts: passes rules of its own"],
  ],
  [
    "the definition does not hand on rules that it was not given",
    { "src/qsh/canonical.ts": "export function walk(rules) {}\nexport function other(rules) { walk(rules); }" },
    ["walk: src/qsh/canonical.ts: passes rules of its own"],
  ],
  [
    "vocabulary, in a name and in a text",
    {
      "src/jwt/a.ts": "/** Jira */\nexport const jiraKey = `x ${1} Atlassian`; // connect",
      "src/connect/a.ts": "export const jira = 1;",
    },
    ["vocabulary: src/jwt/a.ts: says  Atlassian", "vocabulary: src/jwt/a.ts: says jiraKey"],
  ],
  [
    "vocabulary, but for the one member of the contract",
    { "src/types.ts": "export interface A { findByForgeInstallation(): void; forgeId: string }" },
    ["vocabulary: src/types.ts: says forgeId"],
  ],
  [
    "node:",
    { "src/jws/a.ts": 'import { a } from "node:crypto";', "src/crypto/native.ts": 'export const a = "node:crypto";' },
    ["realm: src/jws/a.ts: names node:"],
  ],
  ["Buffer", { "src/connect/a.ts": "export const a = (b: Buffer) => b;" }, ["realm: src/connect/a.ts: names Buffer"]],
  [
    "process, however it is reached",
    {
      "src/jws/a.ts": "export const a = () => globalThis.process;",
      "src/jws/b.ts": 'export const a = () => globalThis["process"];',
      "src/cli/a.ts": "export const a = () => process.argv;",
    },
    ["realm: src/jws/a.ts: names process", "realm: src/jws/b.ts: names process"],
  ],
  [
    "instanceof Uint8Array, everywhere",
    {
      "src/crypto/a.ts": "export const a = (b: unknown) => b instanceof Uint8Array;",
      "src/cli/a.ts": "export const a = (b: unknown) => b instanceof globalThis.Uint8Array;",
    },
    ["realm: src/cli/a.ts: instanceof Uint8Array", "realm: src/crypto/a.ts: instanceof Uint8Array"],
  ],
  [
    "@noble",
    {
      "src/jws/a.ts": 'import { a } from "@noble/hashes/sha2.js";',
      "src/crypto/a.ts": 'import { a } from "@noble/hashes/sha2.js";',
    },
    ["realm: src/jws/a.ts: names @noble"],
  ],
  [
    "crypto.subtle",
    {
      "src/jws/a.ts": "export const a = () => globalThis.crypto.subtle;",
      "src/testing/a.ts": "export const a = () => crypto.subtle;",
      "src/crypto/a.ts": "export const a = () => crypto.subtle;",
    },
    ["realm: src/jws/a.ts: names crypto.subtle"],
  ],
  ["any", { "src/jws/a.ts": "export type A = any;" }, ["syntax: src/jws/a.ts: any"]],
  ["enum", { "src/jws/a.ts": "export enum A { B }" }, ["syntax: src/jws/a.ts: enum"]],
  ["namespace", { "src/jws/a.ts": "export namespace a {}" }, ["syntax: src/jws/a.ts: namespace"]],
  [
    "default export, in each of its forms",
    {
      "src/jws/a.ts": "export default 1;",
      "src/jws/b.ts": "export default function b() {}",
      "src/jws/c.ts": "const c = 1;\nexport { c as default };",
    },
    [
      "syntax: src/jws/a.ts: default export",
      "syntax: src/jws/b.ts: default export",
      "syntax: src/jws/c.ts: default export",
    ],
  ],
  ["TODO", { "src/jws/a.ts": "// TODO: finish" }, ["todo: src/jws/a.ts: leaves work for later"]],
  ["a statement that runs", { "src/jws/a.ts": "globalThis.a = 1;" }, ["side effect: src/jws/a.ts: globalThis.a = 1;"]],
  [
    "an import for its effect",
    { "src/jws/a.ts": 'import "./b.ts";', "src/jws/b.ts": "export {};" },
    ['side effect: src/jws/a.ts: import "./b.ts";'],
  ],
  [
    "a call that a bundler cannot drop",
    {
      "src/jws/a.ts":
        "const a = new Map();\nconst b = /* @__PURE__ */ new Map();\nconst c = { d: [f()] };\nconst d = Number.NaN;",
    },
    [
      "side effect: src/jws/a.ts: const a = new Map();",
      "side effect: src/jws/a.ts: const c = { d: [f()] };",
      "side effect: src/jws/a.ts: const d = Number.NaN;",
    ],
  ],
  [
    "a class that runs when it is made",
    { "src/jws/a.ts": "class A { static b = f(); }\nclass B { static { f(); } }\nclass C { static b = 1; c = f(); }" },
    [
      "side effect: src/jws/a.ts: class A { static b = f(); }",
      "side effect: src/jws/a.ts: class B { static { f(); } }",
    ],
  ],
  [
    "only the program runs",
    { "src/cli/main.ts": "main();", "src/cli/a.ts": "main();" },
    ["side effect: src/cli/a.ts: main();"],
  ],
  ["too long", { "src/jws/a.ts": "\n".repeat(261) }, ["length: src/jws/a.ts: 261 lines, at most 260"]],
  ["not kebab-case", { "src/jws/signJws.ts": "export {};" }, ["name: src/jws/signJws.ts: signJws is not kebab-case"]],
  ["a name that says nothing", { "src/jws/utils.ts": "export {};" }, ["name: src/jws/utils.ts: utils says nothing"]],
];

test.each(broken)("refused: %s", (_rule, sources, expected) => {
  expect(violations(sources)).toEqual(expected);
});

test.each([
  ["Buffer", "export declare const a: Buffer;", ["declaration: a.d.ts: Buffer"]],
  ["NodeJS", "export declare const a: NodeJS.Timeout;", ["declaration: a.d.ts: NodeJS"]],
  ["a generic typed array", "export declare const a: Uint8Array<ArrayBuffer>;", ["declaration: a.d.ts: Uint8Array<>"]],
  ["none of them", "/** A Buffer. */\nexport declare const a: Uint8Array | Array<string> | ReadonlyArray<string>;", []],
])("refused in a declaration: %s", (_rule, text, expected) => {
  expect(declarationViolations("a.d.ts", text)).toEqual(expected);
});
