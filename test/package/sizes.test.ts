/** Holds the budgets of size-limit, the table of the README and the doors together, and looks into the bundles. */
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { describe, expect, test } from "vitest";
import { tableUnder } from "../support/markdown.ts";
import { projectPath } from "../support/project.ts";

interface Budget {
  readonly name: string;
  readonly import: string | Readonly<Record<string, string>>;
  readonly gzip: boolean;
  readonly limit: string;
}

const read = (path: string): string => readFileSync(projectPath(path), "utf8");
const { default: budgets } = (await import(projectPath(".size-limit.js"))) as { default: Budget[] };
const CORE = "{ secretKey, signJwt, verifyJwt, qsh }";

const withoutWhatIsLater: Plugin = {
  name: "without-dynamic-imports",
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : undefined));
  },
};

async function bundle(names: string, door: string, plugins: Plugin[] = []): Promise<string> {
  const contents = `import ${names} from "./dist/${door}.js";\nconsole.log(${names.replace("* as ", "")});`;
  const stdin = { contents, resolveDir: projectPath("") };
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    logLevel: "silent",
    plugins,
  });
  return outputFiles.map(({ text }) => text).join("\n");
}

describe("budgets", () => {
  test("are those of the README", () => {
    expect(tableUnder(readme(), "## Sizes")).toEqual(budgets.map(({ name, limit }) => [name, limit]));
  });

  test("are of minified and gzipped code, and what the first two measure is what they say", () => {
    expect(budgets.map(({ gzip }) => gzip)).toEqual(budgets.map(() => true));
    expect(budgets[0]).toMatchObject({ import: CORE, limit: "9.5 kB" });
    expect(budgets[1]).toMatchObject({ import: "{ qsh }", limit: "4.5 kB" });
  });

  test("every other door but testing has one on top of the first, and one with all that it loads later", () => {
    const { exports } = JSON.parse(read("package.json")) as { exports: Readonly<Record<string, unknown>> };
    const doors = Object.keys(exports).filter((subpath) => ![".", "./testing", "./package.json"].includes(subpath));
    const expected = doors.flatMap((subpath) => {
      const name = `the first + all of jwt-qsh${subpath.slice(1)}`;
      const names = { "dist/index.js": CORE, [`dist${subpath.slice(1)}.js`]: "*" };
      const later = loadsLater(`dist${subpath.slice(1)}.js`) ? [`${name}, with what is loaded later`] : [];
      return [name, ...later].map((one) => ({ name: one, import: names }));
    });
    expect(budgets.slice(2)).toMatchObject(expected);
    expect(budgets).toHaveLength(expected.length + 2);
  });

  function readme(): string {
    return read("README.md");
  }

  /** Whether a door imports anything dynamically. */
  function loadsLater(path: string): boolean {
    return /\bimport\(/.test(read(path));
  }
});

/** Words of code that a bundle may hold only with what needs it. */
const MARKS = {
  // The end of a PEM block, the key derivation of an encrypted key, the algorithm of an RSA key.
  pem: "-----END ",
  pbes2: "PBKDF2",
  der: "1.2.840.113549.1.1.1",
  // Of the verifying side.
  options: "maxTokenLength",
} as const;

describe("what is not asked for is not there", () => {
  test.each([
    ["secrets, tokens and the hash", CORE, "index", ["pem", "pbes2", "der"]],
    ["secrets, tokens and the hash, at once", "{ signJwtSync, verifyJwtSync }", "sync", ["pem", "pbes2", "der"]],
    ["the hash", "{ qsh }", "index", ["pem", "pbes2", "der", "options"]],
    ["base64url", "{ base64url }", "index", ["pem", "pbes2", "der", "options"]],
    ["signing requests", "{ createConnectSigner }", "connect", ["pem", "pbes2", "der"]],
    ["a signed fetch", "{ createSignedFetch }", "fetch", ["pem", "pbes2", "der", "options"]],
  ] as const)("%s", async (_what, names, door, absent) => {
    const code = await bundle(names, door);
    expect(absent.filter((mark) => code.includes(MARKS[mark]))).toEqual([]);
  });

  test.each(["connect", "forge", "oauth2"])("what reads an RSA key is no part of all of %s at once", async (door) => {
    const code = await bundle("* as all", door, [withoutWhatIsLater]);
    expect((["pem", "pbes2", "der"] as const).filter((mark) => code.includes(MARKS[mark]))).toEqual([]);
  });

  test("a bundle that loads nothing later has public keys and no private ones", async () => {
    const code = await bundle("* as all", "forge");
    expect((["pem", "pbes2", "der"] as const).filter((mark) => code.includes(MARKS[mark]))).toEqual(["pem", "der"]);
  });

  test("the marks are there where they belong", async () => {
    const code = await bundle("{ privateKey, verifyJwt }", "index");
    expect(Object.entries(MARKS).filter(([, word]) => !code.includes(word))).toEqual([]);
  });
});
