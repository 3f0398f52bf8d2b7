/** Puts together what the engines load: the built package, the cases, and the vectors as a module. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** The folder that is staged: `dist` and `test/runtimes` within, as in the project. */
export const stage = fileURLToPath(new URL("coverage/runtimes/", root));

const MAIN = `import { runCases } from "./cases/index.mjs";
import { vectors } from "./vectors.mjs";
const say = (text) => (typeof print === "function" ? print : console.log)("REPORT " + JSON.stringify(text));
export const done = runCases(vectors).then(say, (error) => say({ fatal: String(error && error.stack || error) }));
`;

/** Everything is there before the library is loaded, as on an engine that never had it. */
const NO_CRYPTO = `Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true });
await (await import("./main.mjs")).done;
`;

export function prepare() {
  const own = `${stage}test/runtimes/`;
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  cpSync(new URL("dist", root), `${stage}dist`, { recursive: true, filter: (path) => !path.endsWith(".d.ts") });
  cpSync(new URL("test/runtimes/cases", root), `${own}cases`, { recursive: true });
  const read = (name) => revive(JSON.parse(readFileSync(new URL(`test/vectors/data/${name}.json`, root), "utf8")));
  const { cases, keys } = read("attacks");
  const { keys: rsaKeys, signature_vectors, pem_inputs, verification } = read("oauth1");
  const { assertions, responses } = read("oauth2");
  const vectors = {
    qsh: read("qsh").vectors,
    tokens: read("tokens").vectors,
    attacks: { keys, cases },
    oauth1: { keys: rsaKeys, signature_vectors, pem_inputs, verification },
    oauth2: { assertions, responses },
  };
  // Within a string: a literal would make `__proto__` the prototype.
  writeFileSync(
    `${own}vectors.mjs`,
    `export const vectors = JSON.parse(${JSON.stringify(JSON.stringify(vectors))});\n`,
  );
  writeFileSync(`${own}main.mjs`, MAIN);
  writeFileSync(`${own}no-crypto.mjs`, NO_CRYPTO);
}

/** The modules of the stage by their paths in it, `/` between. */
export function modules() {
  const paths = readdirSync(stage, { recursive: true, encoding: "utf8" }).filter((path) =>
    /^(?:dist|test)\b.*\.m?js$/.test(path),
  );
  return paths.map((path) => [path.replaceAll("\\", "/"), readFileSync(stage + path, "utf8")]);
}

/** Replaces the mark of a text that is kept in base64, at any depth. */
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  if (Object.keys(value).join() === "base64") return Buffer.from(value.base64, "base64").toString("utf8");
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revive(member)]));
}
