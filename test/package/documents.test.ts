/**
 * Every page holds together: its links lead somewhere, and each of its blocks says what it is.
 *
 * A block of TypeScript or JavaScript, or of the shell, runs (examples.test.ts, shell.test.ts). Data is parsed.
 * Anything else is for the eye, and has one of the languages below; `cjs` is another library's code, which is parsed.
 */
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { transform } from "esbuild";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { entry } from "../../tsup.config.ts";
import { documents } from "../support/documents.ts";
import { anchorsOf, codeBlocks, codeSpans, linksOf, tableUnder, withoutCode } from "../support/markdown.ts";
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
    expect(withoutCode(text).match(/^\s*(?:```|~~~).*/gm) ?? []).toEqual([]);
    for (const { language, code, line } of codeBlocks(text)) {
      const runs = LANGUAGES.has(language) || SHELLS.has(language);
      const known = runs || SHOWN.has(language) || Object.hasOwn(PARSERS, language);
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
  const isThere = linked.endsWith(".md") && anchorsOf(read(linked)).has(anchor);
  return isThere ? undefined : `${target}: there is no such heading`;
}

describe("llms.txt", () => {
  const text = read("llms.txt");
  const sections = text.split(/^## /m).slice(1);

  test("has the form of llmstxt.org: a title, a summary in a quotation, lists of links under headings", () => {
    expect(text).toMatch(/^# jwt-qsh\n\n> [^\n]+\n\n(?:(?!#|> ).*\n)*## /);
    for (const section of sections) {
      const lines = section.split("\n").slice(1).filter((line) => line !== "");
      expect(lines.filter((line) => !/^- \[[^\]]+\]\([^)]+\): \S/.test(line))).toEqual([]);
    }
  });

  test("names every door, once, with names that it has", async () => {
    const doors = sections.find((section) => section.startsWith("Doors")) ?? "";
    const rows = [...doors.matchAll(/^- \[([^\]]+)\]\(([^)]+)\): (.+)$/gm)];
    const specifier = (door: string): string => (door === "index" ? "jwt-qsh" : `jwt-qsh/${door}`);
    const expected = Object.entries(entry).map(([door, path]) => [specifier(door), path]);
    expect(rows.map(([, name, path]) => [name, path])).toEqual(expected);
    for (const [, name = "", , notes = ""] of rows) expect(await absentFrom(name, codeSpans(notes))).toEqual([]);
  });

  test("links every page of the documentation", () => {
    const targets = new Set(linksOf(text).map(({ target }) => target));
    expect(documents.filter((file) => file.startsWith("docs/") && !targets.has(file))).toEqual([]);
  });
});

describe("README.md", () => {
  const text = read("README.md");

  test("names calls where they are", async () => {
    const rows = tableUnder(text, "## I want to ...");
    expect(rows.length).toBeGreaterThanOrEqual(10);
    for (const [, calls = "", from = ""] of rows) {
      const places = codeSpans(from);
      const absent = await Promise.all(places.map((place) => absentFrom(place, codeSpans(calls))));
      // Each is behind one of the doors, and no door stands there for nothing.
      expect(codeSpans(calls).filter((call) => absent.every((names) => names.includes(call)))).toEqual([]);
      expect(absent.filter((names) => names.length === codeSpans(calls).length)).toEqual([]);
    }
  });

  test("has the two commands that are all there is to it", () => {
    expect(text).toMatch(/^npm ci && npm run demo /m);
    expect(text).toMatch(/^npm ci && npm test /m);
  });

  test("counts the rules and the attacks as they are", () => {
    const rules = [...read("docs/security.md").matchAll(/^\| ([SCNE]\d+) \|/gm)].map(([, rule = ""]) => rule);
    const numbered = (kind: string): string[] =>
      rules.filter((rule) => rule.startsWith(kind)).map((_rule, index) => `${kind}${index + 1}`);
    expect(rules).toEqual(["S", "C", "N", "E"].flatMap(numbered));
    expect(text).toContain(`[${rules.length} numbered rules](docs/security.md)`);
    const { cases } = JSON.parse(read("test/vectors/data/attacks.json")) as { cases: { level: string }[] };
    const controls = cases.filter(({ level }) => level === "control").length;
    const attacks = `[${cases.length - controls} attacks](test/vectors/data/attacks.json)`;
    expect(text).toContain(`of ${attacks} none gets through, of ${controls} controls none is refused`);
  });

  test("cites rules that are there", () => {
    const rules = new Set([...read("docs/security.md").matchAll(/^\| ([SCNE]\d+) \|/gm)].map(([, rule = ""]) => rule));
    // Where numbers are told, a letter and a digit may be anything.
    const prose = documents.filter((file) => !/bench/.test(file)).map((file) => withoutCode(read(file)));
    const cited = prose.flatMap((page) => [...page.matchAll(/\b([SCNE]\d{1,2})\b/g)].map(([, rule = ""]) => rule));
    expect(cited.length).toBeGreaterThan(60);
    expect(cited.filter((rule) => !rules.has(rule))).toEqual([]);
  });
});

test("the reference has every door", () => {
  const { entryPoints } = JSON.parse(read("typedoc.json")) as { entryPoints: string[] };
  expect(entryPoints).toEqual(Object.values(entry));
});

/** Which names a door does not export. */
async function absentFrom(specifier: string, names: readonly string[]): Promise<string[]> {
  const file = specifier === "jwt-qsh" ? "index" : specifier.replace("jwt-qsh/", "");
  const door = (await import(projectPath(`dist/${file}.js`))) as object;
  return names.filter((name) => !Object.hasOwn(door, name));
}

describe("a page", () => {
  test("has the anchors that GitHub gives it", () => {
    const text = "# A `b.c()` & d_e\n```text\n# no\n```\n## What's new?\n## What's new?\n### [Link](x) 1.2\n";
    expect([...anchorsOf(text)]).toEqual(["a-bc--d_e", "whats-new", "whats-new-1", "link-12"]);
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
