/**
 * Every page holds together: its links lead somewhere, and each of its blocks says what it is.
 *
 * A block of TypeScript or JavaScript, or of the shell, runs (examples.test.ts, shell.test.ts). Data is parsed. Anything
 * else is for the eye, and has one of the languages below; `cjs` is the code of another library, which is parsed.
 */
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { transform } from "esbuild";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { documents } from "../support/documents.ts";
import { anchorsOf, codeBlocks, linksOf, withoutCode } from "../support/markdown.ts";
import { projectPath } from "../support/project.ts";
import { LANGUAGES } from "./examples.ts";
import { SHELLS } from "./shell.ts";

const SHOWN: ReadonlySet<string> = new Set(["text", "http", "html", "go", "python", "ini", "toml", "sql", "diff"]);

/** Throws when it is not what it says it is. */
const PARSERS: Readonly<Record<string, (code: string) => unknown>> = {
  json: (code) => JSON.parse(code) as unknown,
  jsonc(code) {
    const { error } = ts.parseConfigFileTextToJson("example.jsonc", code);
    if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, " "));
  },
  yaml: (code) => parseYaml(code) as unknown,
  cjs: (code) => transform(code, { loader: "js", format: "cjs" }),
};

const read = (file: string): string => readFileSync(projectPath(file), "utf8");
const pages = [...documents, "llms.txt"];

test("the pages are found", () => {
  expect(documents).toEqual(expect.arrayContaining(["README.md", "SECURITY.md", "docs/errors.md"]));
  expect(documents.filter((file) => file.includes("node_modules"))).toEqual([]);
});

describe.each(pages)("%s", (file) => {
  const text = read(file);

  test("has blocks that say what they are, and are it", async () => {
    // A fence that is indented, or not closed, would hide its block from the tests.
    expect(withoutCode(text).split("\n").filter((line) => /^\s*(?:```|~~~)/.test(line))).toEqual([]);
    for (const { language, code, line } of codeBlocks(text)) {
      const known = LANGUAGES.has(language) || SHELLS.has(language) || SHOWN.has(language) || Object.hasOwn(PARSERS, language);
      expect(known, `${file}:${line}: a block of "${language}"`).toBe(true);
      await PARSERS[language]?.(code);
    }
  });

  test("has links that lead somewhere", () => {
    expect(linksOf(text).flatMap((link) => brokenLink(file, link.target) ?? [])).toEqual([]);
  });
});

/** What is wrong with a link; nothing for a good one, and for what is not ours. */
function brokenLink(file: string, target: string): string | undefined {
  if (/^(?:https?|mailto):/.test(target)) return undefined;
  const [path = "", anchor] = target.split("#");
  const linked = path === "" ? file : posix.join(posix.dirname(file), decodeURIComponent(path));
  if (linked.startsWith("..") || !existsSync(projectPath(linked))) return `${target}: there is no such file`;
  if (anchor === undefined) return undefined;
  return linked.endsWith(".md") && anchorsOf(read(linked)).has(anchor) ? undefined : `${target}: there is no such heading`;
}

describe("a page", () => {
  test("has the anchors that GitHub gives it", () => {
    const anchors = anchorsOf("# A `b.c()` & d_e\n```text\n# no\n```\n## What's new?\n## What's new?\n### [Link](x) 1.2\n");
    expect([...anchors]).toEqual(["a-bc--d_e", "whats-new", "whats-new-1", "link-12"]);
  });

  test("has links outside its code alone", () => {
    const text = '[a](b.md#c "t") `[x](y)`\n```text\n[x](y)\n```\n![p](q.png)\n<img src="r.svg">\n[ref]: s.md';
    expect(linksOf(text).map(({ target }) => target)).toEqual(["b.md#c", "q.png", "s.md", "r.svg"]);
  });

  test("has a link that is broken told", () => {
    expect(brokenLink("README.md", "no/such.md")).toMatch(/no such file/);
    expect(brokenLink("README.md", "#no-such-heading")).toMatch(/no such heading/);
    expect(brokenLink("docs/errors.md", "../../outside.md")).toMatch(/no such file/);
    expect(brokenLink("docs/errors.md", "../README.md#errors")).toBeUndefined();
  });
});
