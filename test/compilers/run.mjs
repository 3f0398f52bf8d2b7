/**
 * npm run test:types: the packed package, as every compiler from TypeScript 5.4 on reads it, as one table.
 *
 * The tarball's files lie in the `node_modules` of a folder of their own, and the programs beside this file are
 * compiled there: resolved as bundlers do and as Node does, with the web's types, with Node's and with neither.
 * A compiler that is not on this machine is named and skipped; with CI in the environment it is a failure. Words after
 * the command choose compilers: `npm run test:types -- 5.4 7.0`.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = fileURLToPath(new URL("./", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));

/** What may be known by name there. `place` proves that the environment is what it says, and what fits in it. */
const ENVIRONMENTS = {
  web: {
    options: { lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] },
    programs: ["every-door.program.ts", "web.program.ts"],
    place: `
      import { publicKey, type WebCryptoKey } from "jwt-qsh";
      export const title: string = document.title;
      export const ours = (key: CryptoKey): WebCryptoKey => key;
      export const theirs = (key: WebCryptoKey): CryptoKey => key;
      publicKey(await crypto.subtle.importKey("jwk", {}, "RSASSA-PKCS1-v1_5", false, ["verify"]));
      // @ts-expect-error no Node here
      export type Process = typeof process;`,
  },
  node: {
    options: { lib: ["ES2022"], types: ["node"] },
    programs: ["every-door.program.ts", "web.program.ts"],
    place: `
      import { createServer } from "node:http";
      import { publicKey } from "jwt-qsh";
      import { nodeHandler, toResponse } from "jwt-qsh/node";
      createServer(nodeHandler(async () => toResponse(new Error()), { publicUrl: "https://app.example.com" }));
      publicKey(await crypto.subtle.importKey("jwk", {}, "RSASSA-PKCS1-v1_5", false, ["verify"]));
      // @ts-expect-error no page here
      export type Page = typeof document;`,
  },
  neither: {
    options: { lib: ["ES2022"], types: [] },
    programs: ["every-door.program.ts"],
    place: `
      // @ts-expect-error no web here
      export type Asked = Request;
      // @ts-expect-error no Node here
      export type Process = typeof process;
      export {};`,
  },
};
const RESOLUTIONS = {
  bundler: { module: "ESNext", moduleResolution: "Bundler" },
  node16: { module: "Node16", moduleResolution: "Node16" },
  nodenext: { module: "NodeNext", moduleResolution: "NodeNext" },
};
const STRICT = {
  target: "ES2022",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  // Every declaration of the package is checked; the language's own library is the compiler's business.
  skipLibCheck: false,
  skipDefaultLibCheck: true,
  noEmit: true,
};
// Node16 finds files as NodeNext does; that it finds them at all is one column.
const columns = [
  ...["bundler", "nodenext"].flatMap((resolution) => Object.keys(ENVIRONMENTS).map((name) => `${resolution}-${name}`)),
  "node16-neither",
];

/** A user's project: the package as npm would unpack it, and one configuration for every column. */
async function prepare(folder) {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
  });
  const [{ filename }] = JSON.parse(stdout);
  const target = join(folder, "node_modules/jwt-qsh");
  await mkdir(target, { recursive: true });
  await run("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", target]);
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }));
  await cp(here, folder, { recursive: true, filter: (path) => path === here || path.endsWith(".program.ts") });
  await symlink(join(here, "node_modules/@types"), join(folder, "node_modules/@types"), "junction");
  await symlink(join(here, "node_modules/undici-types"), join(folder, "node_modules/undici-types"), "junction");
  for (const [name, { options, programs, place }] of Object.entries(ENVIRONMENTS)) {
    await writeFile(join(folder, `${name}.ts`), place);
    for (const [resolution, resolve] of Object.entries(RESOLUTIONS)) {
      const config = { compilerOptions: { ...STRICT, ...options, ...resolve }, files: [...programs, `${name}.ts`] };
      await writeFile(join(folder, `${resolution}-${name}.json`), JSON.stringify(config));
    }
  }
}

/** What the compiler complains of, or nothing. */
async function compile(compiler, folder, column) {
  try {
    await run(process.execPath, [compiler, "-p", `${column}.json`, "--pretty", "false"], {
      cwd: folder,
      timeout: 120_000,
    });
    return "";
  } catch (error) {
    return error.stdout || error.message;
  }
}

const { dependencies } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
const wanted = process.argv.slice(2);
const names = Object.keys(dependencies)
  .filter((name) => name.startsWith("typescript-"))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.endsWith(word)));
const write = (first, ...cells) =>
  console.log(`${first.padEnd(16)} ${cells.map((cell) => cell.padEnd(19)).join("")}`.trimEnd());

const folder = await mkdtemp(join(tmpdir(), "jwt-qsh-types-"));
let failed = names.length === 0 ? 1 : 0;
try {
  await prepare(folder);
  write("typescript", ...columns.map((column) => column.replace("-", ", ")));
  for (const name of names) {
    const compiler = join(here, "node_modules", name, "bin/tsc");
    let version;
    try {
      version = /\d+\.\d+\.\d+\S*/.exec((await run(process.execPath, [compiler, "--version"])).stdout)?.[0];
    } catch {
      if (process.env.CI !== undefined) failed++;
      write(name.replace("typescript-", ""), "skipped: not installed (npm ci --prefix test/compilers)");
      continue;
    }
    const complaints = [];
    // Two at a time: a compiler is a process of its own, and a quarter of a gigabyte.
    const queue = columns.map((column, index) => ({ column, index }));
    const work = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        complaints[next.index] = await compile(compiler, folder, next.column);
    };
    await Promise.all([work(), work()]);
    const right = `npm:typescript@${version}` === dependencies[name];
    if (!right || complaints.some((complaint) => complaint !== "")) failed++;
    write(version ?? "?", ...complaints.map((complaint) => (complaint === "" ? "ok" : "FAIL")));
    if (!right) console.log(`  ${dependencies[name]} was asked for`);
    for (const [index, complaint] of complaints.entries())
      for (const line of complaint.split("\n").filter(Boolean).slice(0, 10))
        console.log(`  ${columns[index]}: ${line}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
