import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/**
 * The folder beside the repository that holds the suites of others, which are never copied: `JWT_QSH_SHARED`, else
 * `../shared`.
 */
const folder = process.env["JWT_QSH_SHARED"] ?? fileURLToPath(new URL("../../../shared", import.meta.url));

/** What a suite's name is to say when its file is absent, and whether it is. */
export function sharedSuite(file: string): { readonly name: string; readonly absent: boolean } {
  const absent = !existsSync(`${folder}/${file}`);
  return { name: absent ? `shared/${file} (absent on this machine)` : `shared/${file}`, absent };
}

/** Reads a JSON file of the folder. */
export async function readShared<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(`${folder}/${file}`, "utf8")) as T;
}
