/**
 * Builds `dist` before the tests that judge the built package, unless it is newer than everything that it is made of.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { projectPath } from "./project.ts";

const INPUTS = ["src", "build", "release", "tsup.config.ts", "tsconfig.json", "package-lock.json"];

export default function setup(): void {
  if (isFresh()) return;
  const tsup = projectPath("node_modules/tsup/dist/cli-default.js");
  execFileSync(process.execPath, [tsup, "--silent"], { cwd: projectPath(""), stdio: "inherit" });
}

function isFresh(): boolean {
  try {
    // A build writes the declarations last.
    const built = statSync(projectPath("dist/index.d.ts")).mtimeMs;
    return INPUTS.every((path) => newest(projectPath(path)) < built);
  } catch {
    return false;
  }
}

function newest(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}
