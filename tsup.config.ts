import { copyFile } from "node:fs/promises";
import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    sync: "src/sync.ts",
    connect: "src/connect/index.ts",
    fetch: "src/fetch/index.ts",
    oauth1: "src/oauth1/index.ts",
    oauth2: "src/oauth2/index.ts",
    testing: "src/testing/index.ts",
  },
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
  splitting: true,
  treeshake: true,
  clean: true,
  // The one borrowed primitive is bundled, so that a user installs nothing else.
  noExternal: [/@noble\/hashes/],
  outDir: "dist",
  onSuccess: () => copyFile("node_modules/@noble/hashes/LICENSE", "dist/LICENSE-noble.txt"),
});
