/**
 * The code of the package: a file for each door, one for what the first door needs too, one for what other doors share,
 * and one for each thing that is loaded when it is asked for.
 *
 * Few files, because a file costs Node about a millisecond whatever is in it: the first door took 25 ms in two dozen
 * files, and takes 7 in four. Bundlers shake a file statement by statement, but give a file that is imported
 * dynamically to one chunk: so what is loaded later stands alone.
 */
import { posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { rollup } from "rollup";
import type { Plugin, PreRenderedChunk } from "rollup";

/** Modules that share a file; the first row that fits wins. A module of no row is in the file of who imports it. */
const SHARED: readonly (readonly [file: string, modules: RegExp])[] = [
  ["qsh-explain", /^src\/qsh\/explain/],
  ["core", /^src\/(?:errors\.ts$|encoding\/(?!authorization|pem|der)|jws\/|jwt\/(?!replay|sync)|qsh\/)/],
  ["core", /^src\/crypto\/(?:algorithms|digest|engine|keys|native|noble|rsa-key|webcrypto)\.ts$/],
  ["core", /^node_modules\/@noble\//],
  ["rsa", /^src\/(?:crypto\/(?:pbes2|rsa-\w+)|encoding\/(?:pem|der))\.ts$/],
  ["ground", /^src\/(?:cache|http|respond|encoding\/authorization|jwt\/replay)\.ts$/],
  ["ground", /^src\/(?:crypto\/(?:aead|derive)|keyset\/options|adapters\/gate)\.ts$/],
  ["ground", /^src\/connect\/(?:binding|body|credential|form-body|issuer|peers)\.ts$/],
  ["ground", /^src\/oauth2\/(?:access-token|caches\/lease)\.ts$/],
  ["bounded-fetch", /^src\/bounded-fetch\.ts$/],
  ["oauth2-answer", /^src\/oauth2\/(?:problem|scope-refusal|token-answer)\.ts$/],
  ["oauth1-base", /^src\/oauth1\/(?:authorization|base-string|form-body|parameters|problem|signature)\.ts$/],
  ["oauth1-base", /^src\/crypto\/text-signature\.ts$/],
  ["connect-lifecycle", /^src\/(?:connect\/(?:installed|lifecycle-calls|lifecycle-payload)|keyset\/pem)\.ts$/],
  ["keyset", /^src\/keyset\/remote\.ts$/],
  ["fetch", /^src\/fetch\//],
  ["cli-run", /^src\/cli\/(?:command|commands|failure|run|terminal)\.ts$/],
  ["cli-tools", /^src\/cli\/(?!commands\/|(?:browser|help|main|version)\.ts$)/],
];

/** What the command line imports it takes from the doors, so that no door comes in two files on its account. */
const DOORS: readonly (readonly [door: string, modules: RegExp])[] = [
  ["connect", /\/src\/connect\/\w+\.ts$/],
  ["fetch", /\/src\/fetch\//],
  ["oauth1", /\/src\/oauth1\/(?!problem)|\/src\/crypto\/keypair\.ts$/],
  ["oauth2", /\/src\/oauth2\//],
  ["testing", /\/src\/testing\//],
  ["index", /\/src\/qsh\/hash\.ts$/],
];

const doors: Plugin = {
  name: "doors",
  resolveId(specifier, importer) {
    if (importer === undefined || !/\/src\/cli\//.test(importer) || !specifier.startsWith("../")) return null;
    const path = posix.join(posix.dirname(importer), specifier);
    const door = DOORS.find(([, modules]) => modules.test(path))?.[0];
    return door === undefined ? null : { id: `./${door}.js`, external: true };
  },
};

/**
 * The one borrowed primitive is bundled, so that a user installs nothing else. What it checks of its arguments stays
 * behind, and what is not called of its class, for 500 bytes of every bundle: it is called from one file of ours, with
 * bytes.
 */
const borrowed: Plugin = {
  name: "borrowed",
  resolveId: (specifier) => (specifier.startsWith("@noble/") ? fileURLToPath(import.meta.resolve(specifier)) : null),
  transform(code, id) {
    const file = /\/@noble\/hashes\/(\w+)\.js$/.exec(id)?.[1];
    if (file === "utils") return without(code, /^export function (?:abytes|aexists|aoutput)\([^]*?^\}$/gm, 3, (found) => `${found.slice(0, found.indexOf("("))}() {}`);
    if (file === "_md") {
      const called = without(code, /^ {4}(?:digest|clone)\(\) \{$[^]*?^ {4}\}$/gm, 2);
      // What those checks read, and a check of what its subclasses are made of.
      const kept = without(called, /^ +(?:this\.|to\.)?(?:canXOF|destroyed|finished) = \w+;$|(?<=\{.*)(?:destroyed|finished), /gm, 8);
      return without(kept, /^ +if \(len % 4 .*\n +throw .*$/m, 1);
    }
    if (file === "sha2") return without(code, /^ {4}destroy\(\) \{$[^]*?^ {4}\}$/m, 1);
    return null;
  },
};

/** Replaces what is found, which must be there as often as it was. */
function without(code: string, pattern: RegExp, times: number, by: (found: string) => string = () => ""): string {
  let count = 0;
  const shorter = code.replace(pattern, (found) => {
    count++;
    return by(found);
  });
  if (count !== times) throw new Error(`@noble/hashes is not what it was: ${pattern} is there ${count} times`);
  return shorter;
}

/** Members of the borrowed class that are its own. Minifiers keep the names of members: these are 80 bytes of every bundle. */
const PRIVATE = {
  _cloneInto: "ci",
  _cloneIntoMeta: "cm",
  blockLen: "bl",
  digestInto: "di",
  isLE: "le",
  outputLen: "ol",
  padOffset: "po",
  roundClean: "rc",
};
const shorter = { mangleProps: new RegExp(`^(?:${Object.keys(PRIVATE).join("|")})$`), mangleCache: PRIVATE };

/** Types and comments out, and little else: minified, a file loads no faster, and nobody can read a stack. */
const typescript: Plugin = {
  name: "typescript",
  async transform(code, id) {
    const loader = id.endsWith(".ts") ? "ts" : "js";
    const noble = /\/@noble\/hashes\/|\/src\/crypto\/noble\.ts$/.test(id) ? shorter : {};
    return (await transform(code, { loader, target: "es2022", ...noble })).code;
  },
};

/** `src/cli/commands/sign.ts` is `cli-sign.js`. */
function fileName({ facadeModuleId, moduleIds, name }: PreRenderedChunk): string {
  if (SHARED.some(([file]) => file === name)) return "[name].js";
  // A file under an arbitrary name, and one more to load, would come unnoticed.
  if (facadeModuleId === null) throw new Error(`no row in build/modules.ts has all of ${moduleIds.join(" ")}`);
  return `${relative("src", facadeModuleId).replace(/\.ts$/, "").replace("commands/", "").replaceAll("/", "-")}.js`;
}

/**
 * @param entry door by door, the file that it opens on
 * @param folder where the files go
 */
export async function buildModules(entry: Readonly<Record<string, string>>, folder: string): Promise<void> {
  const bundle = await rollup({
    input: { ...entry },
    external: /^node:/,
    makeAbsoluteExternalsRelative: false,
    plugins: [doors, borrowed, typescript],
    treeshake: { moduleSideEffects: (id) => id.endsWith("/src/cli/main.ts") },
  });
  await bundle.write({
    dir: folder,
    entryFileNames: "[name].js",
    chunkFileNames: fileName,
    hoistTransitiveImports: false,
    minifyInternalExports: false,
    manualChunks: (id) => SHARED.find(([, modules]) => modules.test(relative("", id)))?.[0],
  });
  await bundle.close();
}
