/**
 * Reads the throw sites of the library: in which words each code is thrown, and by whom.
 */
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

export const root = new URL("../", import.meta.url);
export const read = (path) => readFileSync(new URL(path, root), "utf8");
export const parse = (path) => ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022, true);

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

function propertyOf(object, name) {
  const found = object.properties.find((one) => ts.isPropertyAssignment(one) && one.name.getText() === name);
  return found === undefined ? undefined : textOf(found.initializer);
}

/** The arguments of a `new SomeError("ERR_X", message, facts)`; of a `ClaimError`, the claim's name is the second. */
function errorOf(node) {
  if (!ts.isNewExpression(node) || !node.expression.getText().endsWith("Error")) return undefined;
  const [first, ...rest] = node.arguments ?? [];
  if (first === undefined || !ts.isStringLiteralLike(first) || !first.text.startsWith("ERR_")) return undefined;
  const message = node.expression.getText() === "ClaimError" ? rest[1] : rest[0];
  const facts = rest.find((argument) => ts.isObjectLiteralExpression(argument));
  return { code: first.text, message, hint: facts && propertyOf(facts, "hint") };
}

/** The function that a node is in, by its declaration. */
function functionAround(node) {
  let { parent } = node;
  while (parent !== undefined && !ts.isFunctionDeclaration(parent)) ({ parent } = parent);
  return parent;
}

/** What a name stands for: a constant text of its function, if it is one. */
function constantOf(name, inside) {
  let found;
  visit(inside, (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name) found ??= textOf(node.initializer);
  });
  return found;
}

/** The functions that make errors of a message that they are given. Those of one file alone are kept under its name. */
function makers() {
  const found = new Map();
  for (const path of sources) {
    visit(parse(path), (node) => {
      const error = errorOf(node);
      const around = error === undefined ? undefined : functionAround(node);
      const parameters = around?.parameters.map(({ name }) => name.getText()) ?? [];
      if (error === undefined || error.message === undefined || !mentions(error.message, parameters)) return;
      const isExported = around.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
      found.set(`${isExported ? "" : path}#${around.name.text}`, { ...error, parameters });
    });
  }
  return found;
}

function mentions(node, names) {
  if (ts.isIdentifier(node)) return names.includes(node.text);
  if (!ts.isTemplateExpression(node)) return false;
  return node.templateSpans.some(({ expression }) => names.includes(expression.getText()));
}

/** The message of a maker for a call of it. */
function messageFor({ message, parameters }, call) {
  const given = (name) => textOf(call.arguments[parameters.indexOf(name)]) ?? "…";
  if (ts.isIdentifier(message)) return given(message.text);
  const parts = message.templateSpans.map(({ expression, literal }) => given(expression.getText()) + literal.text);
  return message.head.text + parts.join("");
}

/** Code by code, the messages of the throw sites and the hints beside them. */
export function messages() {
  const found = new Map();
  const add = (code, message, hint) => {
    if (message === undefined || message === "…") return;
    const list = found.get(code) ?? new Map();
    list.set(message, hint ?? list.get(message));
    found.set(code, list);
  };
  const made = makers();
  for (const path of sources) {
    visit(parse(path), (node) => {
      const error = errorOf(node);
      if (error?.message !== undefined) {
        const around = functionAround(node);
        const parameters = around?.parameters.map(({ name }) => name.getText()) ?? [];
        const text = textOf(error.message) ?? (around && constantOf(error.message.getText(), around));
        if (!mentions(error.message, parameters)) add(error.code, text, error.hint);
      }
      if (ts.isCallExpression(node)) {
        const maker = made.get(`${path}#${node.expression.getText()}`) ?? made.get(`#${node.expression.getText()}`);
        const facts = node.arguments.find((argument) => ts.isObjectLiteralExpression(argument));
        const hint = maker?.hint ?? (facts && propertyOf(facts, "hint"));
        if (maker !== undefined) add(maker.code, messageFor(maker, node), hint);
      }
      if (ts.isObjectLiteralExpression(node)) {
        const code = propertyOf(node, "code");
        if (code?.startsWith("ERR_") === true) add(code, propertyOf(node, "message"), propertyOf(node, "hint"));
      }
    });
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

