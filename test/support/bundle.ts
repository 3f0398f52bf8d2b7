import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Script {
  /** What stands before the bundle is loaded; it is not bundled. */
  readonly before?: string;
  /** The module: it imports from `./src/...` and ends in `answer(value)`. */
  readonly source: string;
  readonly nodeOptions?: readonly string[];
}

/** Bundles a module over the sources, runs it in a Node of its own, and reads what it answers. */
export async function runBundled<T>({ before = "", source, nodeOptions = [] }: Script): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "jwt-qsh-"));
  try {
    const bundle = join(folder, "bundle.mjs");
    const contents = `${source}\nfunction answer(value: unknown): void { console.log(JSON.stringify(value)); }`;
    await build({
      stdin: { contents, resolveDir: root, loader: "ts" },
      bundle: true,
      format: "esm",
      platform: "neutral",
      mainFields: ["module", "main"],
      target: "es2022",
      outfile: bundle,
      logLevel: "error",
      external: ["node:*"],
    });
    const start = join(folder, "start.mjs");
    await writeFile(start, `${before}\nawait import("./bundle.mjs");\n`);
    const { stdout } = await promisify(execFile)(process.execPath, [...nodeOptions, start], { maxBuffer: 1 << 24, timeout: 110_000 });
    return JSON.parse(stdout) as T;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
