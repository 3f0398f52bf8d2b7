import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../../../src/testing/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));

test("the witness imports nothing but its own files and the types", () => {
  expect(files.length).toBeGreaterThan(20);
  for (const name of files) {
    const source = readFileSync(new URL(name, folder), "utf8");
    for (const [line, specifier] of source.matchAll(/^(?:import|export)[^;]*? from "([^"]+)";$/gms)) {
      expect(specifier, name).toMatch(/^\.\/[a-z0-9-]+\.ts$|^\.\.\/types\.ts$/);
      if (specifier === "../types.ts") expect(line, name).toMatch(/^(?:import|export) type /);
    }
    const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    expect(code, name).not.toMatch(/\bimport\(|\brequire\(|\bBuffer\b|\bprocess\b|node:/);
  }
});
