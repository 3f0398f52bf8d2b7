/**
 * The rules that hold the house together, as one table and one pure function over `{ path: text }`.
 *
 * Comments are set aside and string literals are not: what counts is every token that a compiler would see.
 */
import { posix } from "node:path";
import ts from "typescript";

/** Paths (from the root of the project, with `/`) and their text. */
export type Sources = Readonly<Record<string, string>>;

/** Floor by floor, from the ground up. A file imports from a lower floor or from its own folder. */
const FLOORS: readonly (readonly string[])[] = [
  ["ground"],
  ["encoding"],
  ["crypto"],
  ["jws", "qsh", "keyset", "oauth1"],
  ["jwt"],
  ["connect", "forge", "oauth2"],
  ["door", "cli"],
];

/** Folders beside the stairs: what each may import besides itself. A file's name stands for that file alone. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  fetch: ["ground", "encoding"],
  adapters: ["ground", "encoding"],
  browser: ["ground", "encoding", "fetch", "src/jwt/decode.ts", "type src/connect/claims.ts"],
  testing: ["src/types.ts"],
};

/** What the ground may import of itself. */
const GROUND: Readonly<Record<string, readonly string[]>> = {
  "src/types.ts": [],
  "src/errors.ts": [],
  "src/cache.ts": [],
  "src/http.ts": ["src/errors.ts", "src/types.ts"],
  "src/bounded-fetch.ts": ["src/http.ts", "src/types.ts"],
  "src/respond.ts": ["src/errors.ts", "src/types.ts"],
};

/** The doors at the top of the stairs: they re-export, and do nothing else. */
const DOORS: ReadonlySet<string> = new Set(["src/index.ts", "src/sync.ts"]);

/** The command line may import everything, and nobody may import it. Its program is the one file that runs. */
const CLI = "cli";
const PROGRAM = "src/cli/main.ts";

/** Words that these areas do not say: what is below knows nothing of what is built on it. */
const VOCABULARY = {
  areas: ["ground", "encoding", "crypto", "jws", "qsh", "keyset", "oauth1", "jwt", "fetch"],
  words: /connect|jira|atlassian|forge/i,
  // The contract itself names this member.
  exempt: { "src/types.ts": ["findByForgeInstallation"] } as Readonly<Record<string, readonly string[]>>,
};

/** Names that belong to one realm or to one folder, and where they may be said. */
const REALM: readonly { rule: string; said: (token: Token) => boolean; where: readonly string[] }[] = [
  {
    rule: "node:",
    said: (token) => token.isText && token.text.startsWith("node:"),
    where: [CLI, "src/crypto/native.ts"],
  },
  { rule: "Buffer", said: (token) => token.text === "Buffer", where: [CLI, "src/crypto/native.ts"] },
  { rule: "process", said: (token) => token.text === "process", where: [CLI, "src/crypto/native.ts"] },
  { rule: "@noble", said: (token) => token.isText && token.text.includes("@noble"), where: ["crypto"] },
  {
    rule: "crypto.subtle",
    said: (token) => token.text === "subtle" || (token.isText && token.text.includes("crypto.subtle")),
    where: ["crypto", "testing"],
  },
];

/** What makes a canonical request by rules that it is handed, last. They are the standard ones, but in an explanation. */
const WALK = {
  home: "src/qsh/canonical.ts",
  names: ["walk", "walkParameters", "walkQuery", "canonicalHead", "gatherParameters"],
  standard: "standardRules",
  importers: /^src\/qsh\//,
  free: /^src\/qsh\/explain(?:-[\w-]+)?\.ts$/,
};

/** Lines that fit in one reading. The table of every error is one noun, and imports nothing it could be split into. */
const LINES = { most: 260, exempt: { "src/errors.ts": 300 } as Readonly<Record<string, number>> };

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const EMPTY_NAMES = /^(?:utils?|helpers?|common|lib|misc|shared)$/;

interface Token {
  readonly text: string;
  /** A string, or a piece of a template. */
  readonly isText: boolean;
}

interface Import {
  readonly specifier: string;
  /** Names that come in, `*` for all of them. */
  readonly names: readonly string[];
  readonly typeOnly: boolean;
}

interface Module {
  readonly path: string;
  readonly area: string;
  readonly source: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** Every breach of the rules, as `rule: path: what`, sorted. */
export function violations(sources: Sources): string[] {
  const found: string[] = [];
  const modules = Object.entries(sources).map(([path, text]) => read(path, text));
  const graph = new Map<string, string[]>();
  for (const module of modules) {
    const report = (rule: string, what: string): void => void found.push(`${rule}: ${module.path}: ${what}`);
    checkName(module, report);
    checkLength(module, report);
    graph.set(module.path, checkImports(module, sources, report));
    checkWords(module, report);
    checkSyntax(module, report);
    checkTopLevel(module, report);
  }
  for (const cycle of cycles(graph)) found.push(`cycle: ${cycle[0]}: ${cycle.join(" -> ")}`);
  return [...new Set(found)].sort();
}

/** Breaches of a built declaration: it names no realm's own types, and no generic typed array (TypeScript 5.4 to 7). */
export function declarationViolations(path: string, text: string): string[] {
  const found = new Set<string>();
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  visit(source, (node) => {
    if (ts.isIdentifier(node) && /^(?:Buffer|NodeJS)$/.test(node.text)) found.add(`declaration: ${path}: ${node.text}`);
    if (ts.isTypeReferenceNode(node) && node.typeArguments !== undefined) {
      const name = node.typeName.getText(source);
      if (/^(?:\w+Array|DataView|ArrayBufferView)$/.test(name) && !/^(?:Readonly)?Array$/.test(name)) {
        found.add(`declaration: ${path}: ${name}<>`);
      }
    }
  });
  return [...found].sort();
}

/** The longest file. */
export function longest(sources: Sources): { path: string; lines: number } {
  const lengths = Object.entries(sources).map(([path, text]) => ({ path, lines: countLines(text) }));
  return lengths.reduce((a, b) => (b.lines > a.lines ? b : a));
}

type Report = (rule: string, what: string) => void;

function read(path: string, text: string): Module {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  return { path, area: areaOf(path), source, imports: importsOf(source) };
}

function areaOf(path: string): string {
  const [, first = "", ...rest] = path.split("/");
  if (rest.length > 0) return first;
  if (Object.hasOwn(GROUND, path)) return "ground";
  return DOORS.has(path) ? "door" : path;
}

function checkName({ path }: Module, report: Report): void {
  for (const part of path.replace(/\.ts$/, "").split("/")) {
    if (!NAME.test(part)) report("name", `${part} is not kebab-case`);
    if (EMPTY_NAMES.test(part)) report("name", `${part} says nothing`);
  }
}

function countLines(text: string): number {
  return text.replace(/\n$/, "").split("\n").length;
}

function checkLength({ path, source }: Module, report: Report): void {
  const most = LINES.exempt[path] ?? LINES.most;
  const lines = countLines(source.text);
  if (lines > most) report("length", `${lines} lines, at most ${most}`);
}

/** The arrows that leave a file, each one checked. */
function checkImports(module: Module, sources: Sources, report: Report): string[] {
  const targets: string[] = [];
  for (const { specifier, names, typeOnly } of module.imports) {
    if (!specifier.startsWith(".")) {
      if (!specifier.startsWith("node:") && !specifier.startsWith("@noble/")) report("package", `imports ${specifier}`);
      continue;
    }
    const target = posix.join(posix.dirname(module.path), specifier);
    if (!Object.hasOwn(sources, target)) {
      report("layer", `imports ${target}, which is not there`);
      continue;
    }
    targets.push(target);
    if (!mayImport(module, target, typeOnly)) report("layer", `imports ${target}`);
    const walks = target === WALK.home && names.some((name) => name === "*" || WALK.names.includes(name));
    if (walks && !WALK.importers.test(module.path)) report("walk", "imports it");
  }
  return targets;
}

function mayImport(module: Module, target: string, typeOnly: boolean): boolean {
  const to = areaOf(target);
  if (module.area === "ground") return GROUND[module.path]?.includes(target) ?? false;
  if (module.area === to && to !== "door") return true;
  if (module.area === CLI) return true;
  const beside = BESIDE[module.area];
  if (beside !== undefined) {
    return beside.includes(to) || beside.includes(target) || (typeOnly && beside.includes(`type ${target}`));
  }
  const floor = floorOf(module.area);
  return floor >= 0 && floorOf(to) >= 0 && floorOf(to) < floor;
}

function floorOf(area: string): number {
  return FLOORS.findIndex((areas) => areas.includes(area));
}

function checkWords({ path, area, source }: Module, report: Report): void {
  if (floorOf(area) < 0 && !Object.hasOwn(BESIDE, area)) report("layer", "stands on no floor");
  // What a comment says counts for this one alone.
  if (/\b(?:TODO|FIXME|XXX|HACK)\b/.test(source.text)) report("todo", "leaves work for later");
  const quiet = VOCABULARY.areas.includes(area);
  for (const token of tokensOf(source)) {
    if (quiet && VOCABULARY.words.test(token.text) && !VOCABULARY.exempt[path]?.includes(token.text)) {
      report("vocabulary", `says ${token.text}`);
    }
    for (const { rule, said, where } of REALM) {
      if (said(token) && !where.includes(area) && !where.includes(path)) report("realm", `names ${rule}`);
    }
  }
}

function checkSyntax({ path, source }: Module, report: Report): void {
  visit(source, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) report("syntax", "any");
    if (ts.isEnumDeclaration(node)) report("syntax", "enum");
    if (ts.isModuleDeclaration(node)) report("syntax", "namespace");
    if (isDefaultExport(node)) report("syntax", "default export");
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) {
      // It fails for an object of another realm: a frame, a vm context, a test environment.
      if (/\bUint8Array$/.test(node.right.getText(source))) report("realm", "instanceof Uint8Array");
    }
    if (isDynamicImport(node) && !ts.isStringLiteralLike(node.arguments[0] as ts.Node))
      report("layer", "imports what it computes");
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && WALK.names.includes(node.expression.text)) {
      const rules = node.arguments.at(-1)?.getText(source);
      // Within the definition one walk hands its own rules on to the other.
      const handedOn = path === WALK.home && rules === "rules" && isWithinWalk(node);
      if (!WALK.free.test(path) && rules !== WALK.standard && !handedOn) report("walk", "passes rules of its own");
    }
  });
}

function isWithinWalk(node: ts.Node): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isFunctionDeclaration(at)) return WALK.names.includes(at.name?.text ?? "");
  }
  return false;
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === "default";
  return hasModifier(node, ts.SyntaxKind.DefaultKeyword);
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);
}

/** Importing a file must do nothing, so that a bundler can drop what is not used. */
function checkTopLevel({ path, source }: Module, report: Report): void {
  const impure = (node: ts.Node): void => {
    if (path !== PROGRAM) report("side effect", firstLine(node.getText(source)));
  };
  for (const statement of source.statements) {
    if (DOORS.has(path) && !ts.isExportDeclaration(statement)) report("door", firstLine(statement.getText(source)));
    if (ts.isImportDeclaration(statement)) {
      if (statement.importClause === undefined) impure(statement);
    } else if (ts.isVariableStatement(statement)) {
      for (const { initializer } of statement.declarationList.declarations) {
        if (initializer !== undefined && !isPure(initializer, source)) impure(statement);
      }
    } else if (ts.isClassDeclaration(statement)) {
      if (!isPureClass(statement, source)) impure(statement);
    } else if (!isDeclaration(statement)) {
      impure(statement);
    }
  }
}

function isDeclaration(node: ts.Node): boolean {
  return (
    ts.isExportDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    // Reported by their own names.
    ts.isExportAssignment(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node)
  );
}

/** What esbuild and rollup both know to do nothing. Reading a property is not among it, `Number.MAX_SAFE_INTEGER` neither. */
function isPure(node: ts.Expression, source: ts.SourceFile): boolean {
  const pure = (one: ts.Expression): boolean => isPure(one, source);
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node)
  ) {
    return pure(node.expression);
  }
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const marked = source.text.slice(node.getFullStart(), node.getStart(source)).includes("@__PURE__");
    return marked && (node.arguments ?? []).every(pure);
  }
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(pure);
  if (ts.isSpreadElement(node)) return pure(node.expression);
  if (ts.isObjectLiteralExpression(node)) return node.properties.every((member) => isPureMember(member, source));
  if (ts.isPrefixUnaryExpression(node)) return pure(node.operand);
  if (ts.isBinaryExpression(node)) return !isAssignment(node.operatorToken.kind) && pure(node.left) && pure(node.right);
  if (ts.isConditionalExpression(node)) return pure(node.condition) && pure(node.whenTrue) && pure(node.whenFalse);
  if (ts.isTemplateExpression(node)) return node.templateSpans.every(({ expression }) => pure(expression));
  if (ts.isClassExpression(node)) return isPureClass(node, source);
  return (
    ts.isLiteralExpression(node) ||
    ts.isIdentifier(node) ||
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind)
  );
}

function isAssignment(operator: ts.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}

function isPureMember(member: ts.ObjectLiteralElementLike, source: ts.SourceFile): boolean {
  if (member.name !== undefined && ts.isComputedPropertyName(member.name) && !isPure(member.name.expression, source))
    return false;
  if (ts.isPropertyAssignment(member)) return isPure(member.initializer, source);
  if (ts.isSpreadAssignment(member)) return isPure(member.expression, source);
  return true;
}

function isPureClass(node: ts.ClassLikeDeclaration, source: ts.SourceFile): boolean {
  return node.members.every((member) => {
    if (ts.isClassStaticBlockDeclaration(member)) return false;
    const isStatic = ts.isPropertyDeclaration(member) && hasModifier(member, ts.SyntaxKind.StaticKeyword);
    return !isStatic || member.initializer === undefined || isPure(member.initializer, source);
  });
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** Static imports, re-exports, `import()` and the types of `import("...")`. */
function importsOf(source: ts.SourceFile): Import[] {
  const imports: Import[] = [];
  visit(source, (node) => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      const elements = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : undefined;
      const typeOnly =
        node.importClause?.isTypeOnly === true || (elements?.every((element) => element.isTypeOnly) ?? false);
      imports.push({ specifier: literal(node.moduleSpecifier), names: namesOf(elements), typeOnly });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      const elements =
        node.exportClause !== undefined && ts.isNamedExports(node.exportClause)
          ? node.exportClause.elements
          : undefined;
      imports.push({ specifier: literal(node.moduleSpecifier), names: namesOf(elements), typeOnly: node.isTypeOnly });
    } else if (isDynamicImport(node)) {
      const [target] = node.arguments;
      if (target !== undefined && ts.isStringLiteralLike(target))
        imports.push({ specifier: target.text, names: ["*"], typeOnly: false });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      imports.push({ specifier: literal(node.argument.literal), names: [], typeOnly: true });
    }
  });
  return imports;
}

function namesOf(elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] | undefined): string[] {
  return elements === undefined ? ["*"] : elements.map((element) => (element.propertyName ?? element.name).text);
}

function literal(node: ts.Node): string {
  return ts.isStringLiteralLike(node) ? node.text : "";
}

function isDynamicImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function visit(node: ts.Node, each: (node: ts.Node) => void): void {
  each(node);
  ts.forEachChild(node, (child) => visit(child, each));
}

/** Every name and every text of a file. Comments are no tokens. */
function tokensOf(source: ts.SourceFile): Token[] {
  const tokens: Token[] = [];
  visit(source, (node) => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) tokens.push({ text: node.text, isText: false });
    else if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node) ||
      ts.isRegularExpressionLiteral(node)
    ) {
      tokens.push({ text: node.text, isText: true });
    }
  });
  return tokens;
}

/** The circles of a graph, each once, from its first path in the alphabet. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found = new Map<string, string[]>();
  const done = new Set<string>();
  const trail: string[] = [];
  const follow = (path: string): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const circle = trail.slice(start);
      const first = circle.indexOf([...circle].sort()[0] as string);
      const turned = [...circle.slice(first), ...circle.slice(0, first)];
      found.set(turned.join(), [...turned, turned[0] as string]);
      return;
    }
    if (done.has(path)) return;
    trail.push(path);
    for (const next of graph.get(path) ?? []) follow(next);
    trail.pop();
    done.add(path);
  };
  for (const path of graph.keys()) follow(path);
  return [...found.values()];
}
