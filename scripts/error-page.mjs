/**
 * Writes docs/errors.md: the classes, codes and statuses of src/errors.ts, the meanings of the README's table, the
 * messages and hints of the throw sites, the functions whose comments name a code, and the advice beside this file.
 *
 * `node scripts/error-page.mjs` writes it; a test asks `errorPage()` whether it is up to date.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { advice } from "./error-advice.mjs";

const root = new URL("../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const parse = (path) => ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022, true);

/** Neither the play host nor the command is a user's error. */
const sources = readdirSync(new URL("src", root), { recursive: true, encoding: "utf8" })
  .map((path) => `src/${path.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".ts") && !/^src\/(?:errors\.ts|testing\/|cli\/)/.test(path))
  .sort();

function visit(node, each) {
  each(node);
  ts.forEachChild(node, (child) => visit(child, each));
}

/** The first sentence of what stands above a class. */
function classDocs() {
  const docs = {};
  for (const statement of parse("src/errors.ts").statements) {
    if (!ts.isClassDeclaration(statement) || statement.name === undefined) continue;
    const [doc] = ts.getJSDocCommentsAndTags(statement);
    docs[statement.name.text] = typeof doc?.comment === "string" ? doc.comment.replaceAll(/\s+/g, " ") : "";
  }
  return docs;
}

/** The rows of the README: class, code, status, meaning. */
function rows() {
  return [...read("README.md").matchAll(/^\| `(\w+)` \| `(ERR_\w+)` \| (\d{3}) \| (.+) \|$/gm)].map(
    ([, name, code, status, meaning]) => ({ name, code, status, meaning }),
  );
}

/** A text as it reads with an ellipsis for what is put in; nothing for what is no literal. */
function textOf(node) {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
}

function propertyOf(object, name) {
  const found = object.properties.find((property) => ts.isPropertyAssignment(property) && property.name.getText() === name);
  return found === undefined ? undefined : textOf(found.initializer);
}

/** Code by code, the messages of the throw sites and the hints beside them. */
function messages() {
  const found = new Map();
  const add = (code, message, hint) => {
    if (message === undefined) return;
    const list = found.get(code) ?? new Map();
    list.set(message, hint ?? list.get(message));
    found.set(code, list);
  };
  for (const path of sources) {
    visit(parse(path), (node) => {
      if (ts.isNewExpression(node) && node.expression.getText().endsWith("Error")) {
        const [first, ...rest] = node.arguments ?? [];
        const code = first !== undefined && ts.isStringLiteralLike(first) && first.text.startsWith("ERR_") ? first.text : undefined;
        if (code === undefined) return;
        // A claim's name stands between the code and the message.
        const texts = rest.map(textOf);
        const message = node.expression.getText() === "ClaimError" ? texts[1] : texts[0];
        const facts = rest.find((argument) => ts.isObjectLiteralExpression(argument));
        add(code, message, facts && propertyOf(facts, "hint"));
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
function throwers() {
  const found = new Map();
  for (const path of sources) {
    for (const statement of parse(path).statements) {
      if (!ts.isFunctionDeclaration(statement) || statement.name === undefined || !doors().has(statement.name.text)) continue;
      const comment = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc).map((doc) => doc.getText()).join(" ");
      for (const [code] of comment.matchAll(/ERR_[A-Z0-9_]*[A-Z0-9]/g)) {
        found.set(code, new Set([...(found.get(code) ?? []), statement.name.text]));
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

function entry({ name, code, status, meaning }, said, thrown) {
  const { cause, remedy } = advice[code];
  const list = [...(said.get(code) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  const functions = [...(thrown.get(code) ?? [])].sort().map((one) => `\`${one}\``);
  const also = code === "ERR_KEY_INVALID" ? ", or 401 when the key came from a key server or a store" : "";
  return [
    `### ${code}`,
    `\`${name}\`, HTTP ${status}${also}: ${meaning.split("; 401")[0]}.`,
    `**What brings it about.** ${cause}`,
    `**What to do.** ${remedy}`,
    ...(functions.length > 0 ? [`Thrown by ${functions.join(", ")}.`] : []),
    ...(list.length > 0 ? [list.map(([message, hint]) => `- \`${message}\`${hint ? ` (hint: ${hint})` : ""}`).join("\n")] : []),
  ];
}

/** The page, as it should be. */
export function errorPage() {
  const [docs, said, thrown, table] = [classDocs(), messages(), throwers(), rows()];
  const parts = [
    "<!-- Written by scripts/error-page.mjs (npm run docs): change src/errors.ts, the table in README.md or scripts/error-advice.mjs. -->",
    "# Errors",
    "Every error of this library is an `AuthError` with a stable `code`, made to be switched on. Its message is constant text, and holds no token, no secret, no claim's value and no query; where a message below has `…`, the name of a claim, a header or an option stands there. `hint`, where there is one, says what to do. What a server said (`problem`, `advice`, `serverBaseString`) and the two hashes (`claimed`, `computed`) are getters that neither JSON nor inspection shows.",
    "A caller's mistake is a `TypeError` with Node's own `ERR_INVALID_ARG_TYPE` or `ERR_INVALID_ARG_VALUE`; its message begins with the path of the argument: `\"options.baseUrl\" must be an https URL`.",
    "The status is what `toResponse`, and every adapter, answers. Every 401 is the same one, so that a caller cannot tell an unknown tenant from a wrong signature; log the error itself. What is no error of this library is a 500.",
    "```ts\n" +
      'import { isAuthError } from "jwt-qsh";\nimport { toResponse } from "jwt-qsh/adapters";\n\n' +
      "async function handle(request: Request): Promise<Response> {\n  try {\n    const { clientKey } = await verify(request);\n    return Response.json({ clientKey });\n  } catch (error) {\n" +
      "    if (!isAuthError(error)) throw error;\n    console.warn(error.code, error.message, error.hint);\n    return toResponse(error);\n  }\n}\n" +
      "const { status } = await handle(new Request(\"https://app.example.com/page\"));\nconsole.log(status); // 401\n```",
    "| code | class | HTTP |\n|---|---|---|\n" +
      table.map(({ code, name, status }) => `| [\`${code}\`](#${code.toLowerCase()}) | \`${name}\` | ${status} |`).join("\n"),
  ];
  let last;
  for (const row of table) {
    if (row.name !== last) parts.push(`## ${row.name}`, docs[row.name]);
    last = row.name;
    parts.push(...entry(row, said, thrown));
  }
  return `${parts.join("\n\n")}\n`;
}

/** Every code that has advice. */
export const advised = Object.keys(advice);

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(new URL("docs/errors.md", root), errorPage());
