import { build } from "esbuild";
import { projectPath } from "../support/project.ts";

/** A program of the tests as one module, for engines that read no TypeScript or no packages. */
export async function bundle(path: string): Promise<string> {
  const result = await build({
    entryPoints: [projectPath(path)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    external: ["node:*", "bun:*", "cloudflare:*"],
  });
  return result.outputFiles[0]?.text ?? "";
}
