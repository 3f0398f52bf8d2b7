import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { bundle } from "./bundle.ts";

const require = createRequire(import.meta.url);

/** The engine's own program: the launchers in `.bin` want a script that runs at install time. */
const PROGRAMS = {
  deno: { packages: ["@deno/linux-x64-glibc", "@deno/linux-arm64-glibc", "@deno/darwin-arm64", "@deno/darwin-x64"], file: "deno" },
  bun: { packages: ["@oven/bun-linux-x64", "@oven/bun-linux-aarch64", "@oven/bun-darwin-aarch64", "@oven/bun-darwin-x64"], file: "bin/bun" },
};

/** Where an engine's program is. */
export function programOf(engine: keyof typeof PROGRAMS): string {
  const { packages, file } = PROGRAMS[engine];
  for (const name of packages) {
    try {
      return join(dirname(require.resolve(`${name}/package.json`)), file);
    } catch {
      continue;
    }
  }
  throw new Error(`${engine} is not installed for this machine`);
}

/** Runs a program of the tests in an engine, in a folder of its own, and reads the JSON that it prints. */
export async function runIn(engine: keyof typeof PROGRAMS, args: readonly string[], path: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "jwt-qsh-stores-"));
  try {
    await writeFile(join(folder, "main.mjs"), await bundle(path));
    const run = promisify(execFile);
    const { stdout } = await run(programOf(engine), [...args, "main.mjs"], { cwd: folder, timeout: 30_000 });
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}
