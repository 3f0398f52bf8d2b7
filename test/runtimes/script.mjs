/** The stage as one classic script, for engines without modules: it leaves `portable.run()` behind. */
import { build } from "esbuild";
import { stage } from "./stage.mjs";

export async function script() {
  const contents = `import { runCases } from "./test/runtimes/cases/index.mjs";
import { vectors } from "./test/runtimes/vectors.mjs";
export const run = () => runCases(vectors).then((report) => JSON.stringify(report));`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: stage },
    bundle: true,
    format: "iife",
    globalName: "portable",
    platform: "neutral",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  return `${outputFiles[0].text}\nglobalThis.portable = portable;`;
}
