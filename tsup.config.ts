import { execFileSync } from "node:child_process";
import { chmod, copyFile, rm } from "node:fs/promises";
import { defineConfig } from "tsup";
import type { Options } from "tsup";
import { buildModules } from "./build/modules.ts";
import { writeBillOfMaterials } from "./release/bill-of-materials.mjs";

/** Door by door, the file that it opens on. Each has its place in the `exports` of package.json and in the README. */
export const entry = {
  index: "src/index.ts",
  sync: "src/sync.ts",
  connect: "src/connect/index.ts",
  browser: "src/browser/index.ts",
  fetch: "src/fetch/index.ts",
  forge: "src/forge/index.ts",
  oauth1: "src/oauth1/index.ts",
  oauth2: "src/oauth2/index.ts",
  stores: "src/connect/stores/index.ts",
  adapters: "src/adapters/index.ts",
  node: "src/adapters/node.ts",
  hono: "src/adapters/hono.ts",
  testing: "src/testing/index.ts",
} as const;

/** The code first, by `build/modules.ts`; then tsup writes the declarations. */
export default defineConfig(async (): Promise<Options> => {
  await rm("dist", { recursive: true, force: true });
  // The command is a program and no door: nobody imports it, so it has no types.
  await buildModules({ ...entry, cli: "src/cli/main.ts" }, "dist");
  await chmod("dist/cli.js", 0o755);
  await copyFile("node_modules/@noble/hashes/LICENSE", "dist/LICENSE-noble.txt");
  await writeBillOfMaterials("dist/sbom.cdx.json", [
    ...Object.values(entry),
    "src/cli/main.ts",
    "examples/playground/src/main.mjs",
  ]);
  // The page that the command serves: one file, of the library's own build.
  execFileSync(process.execPath, ["examples/playground/build.mjs", "dist/playground"]);
  return {
    entry: { ...entry },
    format: ["esm"],
    dts: { only: true, entry: { ...entry }, compilerOptions: { ignoreDeprecations: "6.0" } },
    outDir: "dist",
  };
});
