import { fileURLToPath } from "node:url";

/** A path from the root of the project, made absolute. */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
