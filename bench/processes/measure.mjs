/**
 * What takes a process of its own: cold imports, memory, and the size of bundles. Node only.
 *
 * @returns plain numbers, by name
 */
import { spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { median } from "../table.mjs";
import { installed } from "../../test/runtimes/engine.mjs";
import { out, path, write } from "../engines/bundle.mjs";

const dist = (file) => JSON.stringify(path(`dist/${file}.js`));
const SECRET = JSON.stringify("ATCOa5c3eb7f0d4c49d2b1e38f4f0c9f7c3dX1");

/** Imports, and what it takes from there to the first signed request. Only two of the peers compute a hash. */
const COLD = {
  // What an engine takes to import anything at all.
  "floor: an empty file": [`import(${JSON.stringify(write("empty.mjs", ""))})`],
  "jwt-qsh": [`import(${dist("index")})`],
  "jwt-qsh/connect": [
    `import(${dist("connect")})`,
    `await m.signConnectToken({ method: "GET", url: "https://a.example/rest?b=1&a=2" },
      { appKey: "k", sharedSecret: ${SECRET}, baseUrl: "https://a.example" })`,
  ],
  "atlassian-jwt": [
    `import("atlassian-jwt").then((one) => one.default)`,
    `const r = m.fromMethodAndUrl("GET", "https://a.example/rest?b=1&a=2");
     m.encodeSymmetric({ iss: "k", iat: 1, exp: 2, qsh: m.createQueryStringHash(r, false, "") }, ${SECRET}, "HS256")`,
  ],
  jose: [`import("jose")`],
  "fast-jwt": [`import("fast-jwt")`],
  jsonwebtoken: [`import("jsonwebtoken")`],
  "jwt-simple": [`import("jwt-simple")`],
  "@tsndr/cloudflare-worker-jwt": [`import("@tsndr/cloudflare-worker-jwt")`],
  "hono/jwt": [`import("hono/jwt")`],
};

function runNode(node, source, flags = []) {
  const file = write("process.mjs", source);
  const { stdout, stderr, status } = spawnSync(node, [...flags, file], { encoding: "utf8", cwd: out });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Milliseconds, the median of interleaved starts. */
function cold(node, starts) {
  const times = Object.fromEntries(Object.keys(COLD).map((name) => [name, []]));
  for (let round = 0; round < starts; round++) {
    for (const [name, [load, first = ""]] of Object.entries(COLD)) {
      const source = `const start = performance.now();
const m = await ${load};
const imported = performance.now();
${first}
console.log(JSON.stringify([imported - start, performance.now() - start]));`;
      times[name].push(runNode(node, source));
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, rows]) => {
      const used = COLD[name].length > 1 ? { first: median(rows.map(([, first]) => first)) } : {};
      return [name, { imported: median(rows.map(([imported]) => imported)), ...used }];
    }),
  );
}

/** Bytes of heap: of 10,000 tenants whose keys are all in use, and of one signature with its verification. */
function memory(node) {
  const tenants = (use) => `const { secretKey, signJwt } = await import(${dist("index")});
const { signJwtSync } = await import(${dist("sync")});
const claims = { iss: "a", iat: 1, exp: 4102444800 };
${use("secretKey('warm-up-warm-up-warm-up-warm-up-warm')")}
gc();
const before = process.memoryUsage().heapUsed;
const keys = [];
for (let i = 0; i < 10000; i++) {
  const key = secretKey("tenant-" + i + "-with-a-secret-of-more-than-32-bytes");
  ${use("key")}
  keys.push(key);
}
gc();
console.log(JSON.stringify(process.memoryUsage().heapUsed - before + 0 * keys.length));`;
  const operation = `const { secretKey } = await import(${dist("index")});
const { signJwtSync, verifyJwtSync } = await import(${dist("sync")});
const key = secretKey(${SECRET});
const run = (i) => {
  const token = signJwtSync({ iss: "com.example.my-connect-app", iat: 1763757600 + i, exp: 4102444800, qsh: "0".repeat(64) }, key);
  return verifyJwtSync(token, key).claims.exp;
};
for (let i = 0; i < 30000; i++) run(i);
gc();
const before = process.memoryUsage().heapUsed;
for (let i = 0; i < 5000; i++) run(i);
console.log(JSON.stringify((process.memoryUsage().heapUsed - before) / 5000));`;
  const roomy = ["--expose-gc", "--min-semi-space-size=128", "--max-semi-space-size=128"];
  return {
    "10,000 tenants, WebCrypto": runNode(node, tenants((key) => `await signJwt(claims, ${key});`), ["--expose-gc"]),
    "10,000 tenants, sync": runNode(node, tenants((key) => `signJwtSync(claims, ${key});`), ["--expose-gc"]),
    "sign + verify": runNode(node, operation, roomy),
  };
}

const BUNDLES = {
  "jwt-qsh: sign, verify, qsh": `export { secretKey, signJwt, verifyJwt, qsh } from ${dist("index")}`,
  "jwt-qsh: qsh": `export { qsh } from ${dist("index")}`,
  "jwt-qsh/sync: sign, verify": `export * from ${dist("sync")}; export { secretKey } from ${dist("index")}`,
  "jose: sign, verify (no qsh)": `export { SignJWT, jwtVerify } from "jose"`,
  "hono/jwt: sign, verify (no qsh)": `export { sign, verify } from "hono/jwt"`,
  "@tsndr: sign, verify (no qsh)": `export { sign, verify } from "@tsndr/cloudflare-worker-jwt"`,
  "atlassian-jwt (node:crypto left out)": `export * from "atlassian-jwt"`,
  "fast-jwt (node:crypto left out)": `export { createSigner, createVerifier } from "fast-jwt"`,
  "jsonwebtoken (node:crypto left out)": `export { default } from "jsonwebtoken"`,
};

/** Bytes, minified by esbuild and gzipped. */
async function sizes() {
  const rows = {};
  for (const [name, contents] of Object.entries(BUNDLES)) {
    const platform = name.includes("left out") ? "node" : "neutral";
    const stdin = { contents, resolveDir: out };
    const options = { bundle: true, minify: true, format: "esm", target: "es2022", write: false, logLevel: "error" };
    const { outputFiles } = await build({ ...options, stdin, platform, mainFields: ["module", "main"], external: ["node:*"] });
    rows[name] = { minified: outputFiles[0].contents.length, gzipped: gzipSync(outputFiles[0].contents, { level: 9 }).length };
  }
  return rows;
}

export async function measureProcesses(starts) {
  const node24 = installed("node24/bin/node");
  return {
    cold: { node20: cold(process.execPath, starts), node24: cold(node24, starts) },
    memory: { node20: memory(process.execPath), node24: memory(node24) },
    size: await sizes(),
  };
}
