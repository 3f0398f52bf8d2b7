/** Every page of the project that is written for people. */
import { readdirSync } from "node:fs";
import { projectPath } from "./project.ts";

/** Folders that hold nothing of ours, or only what was made. */
const FOREIGN = new Set(["node_modules", "dist", "coverage", "out", "results", "reference", "reports", "corpus"]);

function walk(folder: string): string[] {
  return readdirSync(projectPath(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name.startsWith(".") || FOREIGN.has(entry.name) ? [] : walk(path);
    return path.endsWith(".md") ? [path] : [];
  });
}

/** The Markdown files, by their paths from the root of the project. */
export const documents: readonly string[] = walk("").sort();
