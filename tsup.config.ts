import { execFileSync } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { defineConfig } from "tsup";
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

export default defineConfig({
  // The command is a program and no door: nobody imports it, so it has no types.
  entry: { ...entry, cli: "src/cli/main.ts" },
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  dts: { entry: { ...entry }, compilerOptions: { ignoreDeprecations: "6.0" } },
  splitting: true,
  treeshake: true,
  clean: true,
  // The one borrowed primitive is bundled, so that a user installs nothing else.
  noExternal: [/@noble\/hashes/],
  external: [/^node:/],
  removeNodeProtocol: false,
  outDir: "dist",
  async onSuccess() {
    await copyFile("node_modules/@noble/hashes/LICENSE", "dist/LICENSE-noble.txt");
    const sources = [...Object.values(entry), "src/cli/main.ts", "examples/playground/src/main.mjs"];
    await writeBillOfMaterials("dist/sbom.cdx.json", sources);
    // The page that the command serves: one file, of the library's own build.
    execFileSync(process.execPath, ["examples/playground/build.mjs", "dist/playground"]);
  },
});
