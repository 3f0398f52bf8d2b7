/**
 * Writes docs/errors.md below its mark: the classes, codes and statuses of src/errors.ts, the meanings of the README's
 * table, the messages and hints of the throw sites, the functions whose comments name a code, and the advice beside
 * this file.
 *
 * `node scripts/error-page.mjs` writes it; a test asks `errorPage()` whether it is up to date.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { advice } from "./error-advice.mjs";
import { messages, parse, read, root, throwers, unread } from "./error-messages.mjs";

const MARK = "<!-- What follows is written by npm run docs: see scripts/error-page.mjs. -->";

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

function entry({ name, code, status, meaning }, said, thrown) {
  const { cause, remedy } = advice[code];
  const list = [...(said.get(code) ?? [])]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([message, hint]) => `- \`${message}\`${hint ? ` (hint: ${hint})` : ""}`);
  const functions = [...(thrown.get(code) ?? [])].sort().map((one) => `\`${one}\``);
  const also = code === "ERR_KEY_INVALID" ? ", or 401 when the key came from a key server or a store" : "";
  return [
    `### ${code}`,
    `\`${name}\`, HTTP ${status}${also}: ${meaning.split("; 401")[0]}.`,
    `**What brings it about.** ${cause}`,
    `**What to do.** ${remedy}`,
    ...(functions.length > 0 ? [`Thrown by ${functions.join(", ")}.`] : []),
    ...(list.length > 0 ? [list.join("\n")] : []),
  ];
}

/** The page, as it should be: what stands above the mark is kept. */
export function errorPage() {
  const [docs, said, thrown, table] = [classDocs(), messages(), throwers(), rows()];
  const [head] = read("docs/errors.md").split(MARK);
  const linkOf = (code) => `[\`${code}\`](#${code.toLowerCase()})`;
  const index = table.map(({ code, name, status }) => `| ${linkOf(code)} | \`${name}\` | ${status} |`);
  const parts = [head.trimEnd(), MARK, `| code | class | HTTP |\n|---|---|---|\n${index.join("\n")}`];
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missed = unread();
  if (missed.length > 0) throw new Error(`messages that the page would lack:\n${missed.join("\n")}`);
  writeFileSync(new URL("docs/errors.md", root), errorPage());
}
