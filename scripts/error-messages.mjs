/**
 * Reads the throw sites of the library: in which words each code is thrown, and by whom.
 */
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

export const root = new URL("../", import.meta.url);
export const read = (path) => readFileSync(new URL(path, root), "utf8");
const parsed = new Map();
/** The tree of a file, which is read once. */
export function parse(path) {
  if (!parsed.has(path)) parsed.set(path, ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022, true));
  return parsed.get(path);
}

/** Neither the play host nor the command is a user's error. */
const sources = readdirSync(new URL("src", root), { recursive: true, encoding: "utf8" })
  .map((path) => `src/${path.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".ts") && !/^src\/(?:errors\.ts|testing\/|cli\/)/.test(path))
  .sort();

function visit(node, each) {
  each(node);
  ts.forEachChild(node, (child) => visit(child, each));
}

/** A text as it reads with an ellipsis for what is put in; nothing for what is no literal. */
function textOf(node) {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
}

function valueOf(object, name) {
  const found = object.properties.find(({ name: key }) => key?.getText() === name);
  return found && (ts.isPropertyAssignment(found) ? found.initializer : found.name);
}

const propertyOf = (object, name) => textOf(valueOf(object, name));

/** The table of constants that an expression looks something up in: `TABLE[key]`, and what is called or read of it. */
function tableOf(node) {
  let base = node;
  while (ts.isCallExpression(base) || ts.isElementAccessExpression(base) || ts.isPropertyAccessExpression(base)) base = base.expression;
  if (base === node || !ts.isIdentifier(base)) return undefined;
  const variables = node.getSourceFile().statements.filter(ts.isVariableStatement);
  const all = variables.flatMap(({ declarationList }) => declarationList.declarations);
  const initializer = all.find(({ name }) => name.getText() === base.text)?.initializer;
  return initializer && ts.isObjectLiteralExpression(initializer) ? initializer : undefined;
}

/** Every text that an expression may be: of each branch, of each row of a table, of the constant that a name stands for. */
function textsOf(node) {
  const text = textOf(node);
  if (text !== undefined) return [text];
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isIdentifier(node)) return [constantOf(node.text, functionAround(node) ?? node)].filter((one) => one !== undefined);
  const table = tableOf(node);
  return table === undefined ? [] : table.properties.flatMap(({ initializer }) => textsOf(initializer));
}

/** The lists of arguments that a call is made with: more than one where they are spread from a table. */
function argumentLists(call) {
  const [first] = call.arguments;
  const table = first && ts.isSpreadElement(first) ? tableOf(first.expression) : undefined;
  if (table === undefined) return [call.arguments];
  const lists = [];
  visit(table, (node) => ts.isArrayLiteralExpression(node) && lists.push(node.elements));
  return lists;
}

/** The classes of errors.ts; of one that has a single code, the code and the constant message that it is made with. */
function readClasses() {
  const found = new Map();
  for (const statement of parse("src/errors.ts").statements) {
    if (!ts.isClassDeclaration(statement)) continue;
    visit(statement, (node) => {
      if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.SuperKeyword) return;
      const [code, message] = node.arguments;
      found.set(statement.name.text, { code: textOf(code), constant: textOf(message) });
    });
    if (!found.has(statement.name.text)) found.set(statement.name.text, {});
  }
  return found;
}
const classes = readClasses();

/**
 * The arguments of a `new SomeError("ERR_X", message, facts)`; of a `ClaimError`, the claim's name is the second, and of
 * a class of one code the first is something else, if there is any.
 */
function errorOf(node) {
  const made = ts.isNewExpression(node) ? classes.get(node.expression.getText()) : undefined;
  if (made === undefined) return undefined;
  const [first, second, third] = node.arguments;
  const message = node.expression.getText() === "ClaimError" ? third : second;
  return { code: made.code ?? textOf(first), constant: made.constant, message, hint: hintIn(node.arguments) };
}

function hintIn(list) {
  const facts = list.find((argument) => ts.isObjectLiteralExpression(argument));
  return facts && propertyOf(facts, "hint");
}

/** The function that a node is in, by its declaration. */
function functionAround(node) {
  let { parent } = node;
  while (parent !== undefined && !ts.isFunctionDeclaration(parent)) ({ parent } = parent);
  return parent;
}

/** The names of the parameters of the function that a node is in. */
function parametersAround(node) {
  return functionAround(node)?.parameters.map(({ name }) => name.getText()) ?? [];
}

/** What a name stands for: a constant text of its function, if it is one. */
function constantOf(name, inside) {
  let found;
  visit(inside, (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name) found ??= textOf(node.initializer);
  });
  return found;
}

/** The functions that make errors of a message that they are given, and those that hand one on to such a function. */
function makers() {
  const found = new Map();
  const before = new Set();
  do {
    before.add(found.size);
    for (const path of sources) visit(parse(path), (node) => addMaker(found, node, path));
  } while (!before.has(found.size));
  return found;
}

/** Those of one file alone are kept under its name. */
function addMaker(found, node, path) {
  const error = errorOf(node) ?? handedOn(makerOf(found, node, path), node);
  const around = error?.message && functionAround(node);
  const parameters = parametersAround(node);
  if (error === undefined || around === undefined || !mentions(error.message, parameters)) return;
  const isExported = around.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  found.set(`${isExported ? "" : path}#${around.name.text}`, { ...error, parameters });
}

/** The maker that a node calls. */
function makerOf(found, node, path) {
  if (!ts.isCallExpression(node)) return undefined;
  const name = node.expression.getText();
  return found.get(`${path}#${name}`) ?? found.get(`#${name}`);
}

/** What a maker makes of the message in a call, as long as it is nothing but the message. */
function handedOn(maker, call) {
  if (maker === undefined || !ts.isIdentifier(maker.message)) return undefined;
  const message = call.arguments[maker.parameters.indexOf(maker.message.text)];
  return message && { ...maker, message };
}

function mentions(node, names) {
  if (ts.isIdentifier(node)) return names.includes(node.text);
  if (!ts.isTemplateExpression(node)) return false;
  return node.templateSpans.some(({ expression }) => names.includes(expression.getText()));
}

/** The messages of a maker for one list of arguments. */
function messagesFor({ message, parameters }, list) {
  const given = (name) => {
    const argument = list[parameters.indexOf(name)];
    return argument === undefined ? [] : textsOf(argument);
  };
  if (ts.isIdentifier(message)) return given(message.text);
  const spans = message.templateSpans.map(({ expression, literal }) => (given(expression.getText())[0] ?? "…") + literal.text);
  const text = message.head.text + spans.join("");
  return text === "…" ? [] : [text];
}

/** What one node says: codes, messages and hints; nothing when it is no throw site. */
function saidBy(node, path, made) {
  const error = errorOf(node);
  if (error !== undefined) return saidByError(node, error);
  if (ts.isCallExpression(node)) {
    const maker = makerOf(made, node, path);
    if (maker === undefined) return [];
    const handed = handedOn(maker, node);
    if (handed !== undefined && mentions(handed.message, parametersAround(node))) return [];
    return argumentLists(node).map((list) => ({
      code: maker.code,
      texts: messagesFor(maker, list),
      hint: maker.hint ?? hintIn(list),
    }));
  }
  if (!ts.isObjectLiteralExpression(node)) return [];
  const [code, message] = [propertyOf(node, "code"), valueOf(node, "message")];
  if (code?.startsWith("ERR_") !== true || message === undefined) return [];
  return [{ code, texts: textsOf(message), hint: propertyOf(node, "hint") }];
}

function saidByError(node, { code, constant, message, hint }) {
  const parameters = parametersAround(node);
  // Of a maker its calls tell, and of one that is given code and message the literals that hold both.
  if (message !== undefined && (mentions(message, parameters) || (code === undefined && ts.isIdentifier(message)))) return [];
  const texts = constant === undefined ? textsOf(message) : [constant];
  return [{ code, texts, hint }];
}

/** Every throw site, with its place. */
function throwSites() {
  const made = makers();
  const sites = [];
  for (const path of sources) {
    visit(parse(path), (node) => {
      for (const site of saidBy(node, path, made)) sites.push({ ...site, place: `${path}: ${node.getText()}` });
    });
  }
  return sites;
}

/** The throw sites whose code or message is not understood: there must be none. */
export function unread() {
  return throwSites()
    .filter(({ code, texts }) => code === undefined || texts.length === 0)
    .map(({ place }) => place);
}

/** Code by code, the messages of the throw sites and the hints beside them. */
export function messages() {
  const found = new Map();
  for (const { code, texts, hint } of throwSites()) {
    const list = found.get(code) ?? new Map();
    for (const text of texts) list.set(text, hint ?? list.get(text));
    found.set(code, list);
  }
  return found;
}

/** Code by code, the exported functions whose comments name it. */
export function throwers() {
  const found = new Map();
  for (const path of sources) {
    for (const statement of parse(path).statements) {
      const name = ts.isFunctionDeclaration(statement) ? statement.name?.text : undefined;
      if (name === undefined || !doors().has(name)) continue;
      const comments = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
      for (const [code] of comments.map((doc) => doc.getText()).join(" ").matchAll(/ERR_[A-Z0-9_]*[A-Z0-9]/g)) {
        found.set(code, new Set([...(found.get(code) ?? []), name]));
      }
    }
  }
  return found;
}

let named;
/** What the doors export, as the README's table of doors tells it. */
function doors() {
  named ??= new Set([...read("README.md").matchAll(/`([a-z]\w+)`/g)].map(([, name]) => name));
  return named;
}

