/** What the launchers share: where engines are, and how a program is run and its report read. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);

/** The engine is not on this machine. */
export class Missing extends Error {}

/** A program within `test/runtimes/node_modules`. */
export function installed(path) {
  const file = fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));
  if (!existsSync(file)) throw new Missing("npm ci --prefix test/runtimes");
  return file;
}

/** A module of `test/runtimes/node_modules`. */
export async function load(name) {
  installed(name);
  return import(pathToFileURL(require.resolve(name)).href);
}

/** The version of a package of `test/runtimes/node_modules`. */
export function packageVersion(name) {
  return JSON.parse(readFileSync(installed(`${name}/package.json`), "utf8")).version;
}

/** The first of some programs of the system that is there. */
export function system(advice, ...paths) {
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Missing(advice);
  return found;
}

/** Runs a program and resolves with its report: the line that starts with REPORT. */
export async function reportOf(command, args, options = {}) {
  const { stdout, stderr, status } = await run(command, args, options);
  const line = stdout.split("\n").find((one) => one.includes("REPORT "));
  if (line === undefined) throw new Error(`no report (exit code ${status}): ${(stderr || stdout).trim().slice(-600)}`);
  return JSON.parse(line.slice(line.indexOf("REPORT ") + 7));
}

/** What a program says to `--version`, the number of it. */
export async function versionOf(command, args = ["--version"]) {
  const { stdout, stderr } = await run(command, args);
  return /\d+(?:[.-]\d+)+/.exec(stdout + stderr)?.[0] ?? "";
}

/** The version of a package of the system, without the distribution's own part; empty where it cannot be told. */
export async function systemVersion(name) {
  if (!existsSync("/usr/bin/dpkg-query")) return "";
  const { stdout } = await run("/usr/bin/dpkg-query", ["-W", "-f", "${Version}", name]);
  return stdout.split("-")[0];
}

function run(command, args, { timeout = 120_000, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => (stdout += data));
    child.stderr.on("data", (data) => (stderr += data));
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ stdout, stderr, status });
    });
  });
}
