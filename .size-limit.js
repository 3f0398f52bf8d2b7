// What a bundle pays at most: minified by esbuild, gzipped, the bundled hash included.
//
// A door is measured with all that it exports, on top of the core. Its first row is what is paid at once: what is
// imported dynamically (a fetch of keys, the explanation of a refusal) a bundler that splits loads when it is asked for.
// Where there is such a thing, a second row has all of it: what a bundler that does not split makes, and the most that
// is ever loaded. esbuild's own splitting gives a file to whoever imports it, used or not: with it, import a door alone.
import { readFileSync } from "node:fs";

const { exports } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const core = "{ secretKey, signJwt, verifyJwt, qsh }";
const CORE = 9.5;

/** On top of the core, at once. The goal is 6 kB; what is over it answers at once and cannot wait for a file. */
const atOnce = {
  // Every request needs the verifier, the signer and the tenants' keys. What is over are the options of lifecycle
  // verifiers, which must be checked at once (1 kB), and the names of peers (0.6 kB).
  connect: 8.25,
  // A wrong private key dies in createOAuth1Consumer (4 kB); parseCallback and explainBaseString answer at once (2.5 kB).
  oauth1: 13,
};

/** On top of the core, with all that is loaded later. */
const inAll = { connect: 26, forge: 7.5, oauth1: 15, oauth2: 9.5 };

function withoutDynamicImports(build) {
  build.onResolve({ filter: /.*/ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : undefined));
}

function budget(name, path, names, limit, plugins = [{ name: "without-dynamic-imports", setup: withoutDynamicImports }]) {
  return {
    name,
    path,
    import: names,
    gzip: true,
    limit: `${limit} kB`,
    modifyEsbuildConfig: (config) => ({ ...config, plugins: [...(config.plugins ?? []), ...plugins] }),
  };
}

const doors = Object.keys(exports)
  .filter((subpath) => ![".", "./testing", "./package.json"].includes(subpath))
  .flatMap((subpath) => {
    const door = subpath.slice("./".length);
    const path = `dist/${door}.js`;
    const name = `the first + all of jwt-qsh/${door}`;
    const names = { "dist/index.js": core, [path]: "*" };
    const first = budget(name, path, names, CORE + (atOnce[door] ?? 6));
    const later = inAll[door];
    return later === undefined ? [first] : [first, budget(`${name}, with what is loaded later`, path, names, CORE + later, [])];
  });

export default [
  budget("secretKey + signJwt + verifyJwt + qsh", "dist/index.js", core, CORE),
  budget("qsh", "dist/index.js", "{ qsh }", 4.5),
  ...doors,
];
