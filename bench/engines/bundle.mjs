/** Bundles the suite for an engine. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = new URL("../../", import.meta.url);
export const path = (relative) => fileURLToPath(new URL(relative, root));

/** Within `compare`, so that peers that are not bundled are found. */
export const out = path("bench/compare/out/");

/** The doors under test: the built package, or the source as it is while one works on it. */
const DOORS = { "": "index", "/sync": "sync", "/connect": "connect/index", "/oauth1": "oauth1/index" };
const doors = (source) =>
  Object.fromEntries(
    Object.entries(DOORS)
      .reverse()
      .map(([door, file]) => [`jwt-qsh${door}`, path(source ? `src/${file}.ts` : `dist/${door.slice(1) || "index"}.js`)]),
  );

const common = {
  bundle: true,
  format: "esm",
  target: "es2022",
  logLevel: "error",
  nodePaths: [path("bench/compare/node_modules")],
  external: ["bun:*", "node:*"],
};

/**
 * Writes the program that runs the suite with `settings` and hands the results to `report(results)`.
 *
 * @param engine names the file
 * @param node whether the engine has Node's modules; then the peers are taken from disk as they are
 * @param report the source of what to do with the results
 */
export async function bundleSuite(engine, { node, settings, report }) {
  const alias = doors(settings.source);
  mkdirSync(out, { recursive: true });
  // Without a global object, nothing of the platform can be reached but what the language has.
  const noble = `${out}noble.mjs`;
  await build({ ...common, alias, entryPoints: [path("bench/suite/ours.mjs")], outfile: noble, banner: { js: "const globalThis = {};" } });
  const contents = `import { runSuite } from ${JSON.stringify(path("bench/suite/suite.mjs"))};
import * as noble from ${JSON.stringify(noble)};
${node ? `import * as node from ${JSON.stringify(path("bench/suite/node-peers.mjs"))};` : "const node = undefined;"}
const run = () => runSuite({ node, noble, ...${JSON.stringify(settings)} });
${report}
`;
  const file = `${out}${engine}.mjs`;
  await build({
    ...common,
    alias,
    stdin: { contents, resolveDir: out },
    outfile: file,
    ...(node
      ? { platform: "node", external: [...common.external, ...peers()] }
      : { platform: "browser", conditions: ["workerd", "browser"] }),
  });
  return file;
}

function peers() {
  const { dependencies } = JSON.parse(readFileSync(path("bench/compare/package.json"), "utf8"));
  return Object.keys(dependencies).filter((name) => name !== "mitata");
}

/** The report of a program: on a line of its own. */
export const PRINT = `console.log("REPORT " + JSON.stringify(await run()));`;

export function write(name, text) {
  writeFileSync(out + name, text);
  return out + name;
}
