// What a bundle pays at most: minified by esbuild, gzipped, the bundled hash included.
//
// What is imported dynamically (the explanation of a refusal) is not counted: a bundler that splits loads it when it is
// asked for.
import { readFileSync } from "node:fs";

const { exports } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const core = "{ secretKey, signJwt, verifyJwt, qsh }";

/** All of a door on top of the core. The goal is 6 kB each; a door that says more carries RSA keys or a whole dance. */
const onTop = { connect: 13.5, forge: 7, oauth1: 15, oauth2: 9 };

function withoutDynamicImports(build) {
  build.onResolve({ filter: /.*/ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : undefined));
}

function budget(name, path, names, limit) {
  return {
    name,
    path,
    import: names,
    gzip: true,
    limit: `${limit} kB`,
    modifyEsbuildConfig: (config) => ({
      ...config,
      plugins: [...(config.plugins ?? []), { name: "without-dynamic-imports", setup: withoutDynamicImports }],
    }),
  };
}

const doors = Object.keys(exports)
  .filter((subpath) => ![".", "./testing", "./package.json"].includes(subpath))
  .map((subpath) => {
    const door = subpath.slice("./".length);
    const names = { "dist/index.js": core, [`dist/${door}.js`]: "*" };
    return budget(`the first + all of jwt-qsh/${door}`, `dist/${door}.js`, names, 9.5 + (onTop[door] ?? 6));
  });

export default [
  budget("secretKey + signJwt + verifyJwt + qsh", "dist/index.js", core, 9.5),
  budget("qsh", "dist/index.js", "{ qsh }", 4.5),
  ...doors,
];
