/**
 * What a bundle holds when it asks for one thing of one door: that, what it needs, and nothing else. And what importing
 * a door does: nothing.
 */
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { build, type BuildOptions, type Plugin } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { projectPath } from "../support/project.ts";

/** Words of code that survive minification, each of one part of the house. */
const MARKS = {
  // A round constant of SHA-256: @noble/hashes.
  noble: "1116352408",
  webcrypto: "subtle",
  rsa: "RSASSA-PKCS1-v1_5",
  pem: "-----END ",
  pbes2: "PBKDF2",
  // An option of every verifier of tokens, and of `decodeJwt`.
  reading: "maxTokenLength",
  qsh: "%26",
  explanation: "is still in the hashed path",
  fetching: "redirect",
  forge: "forge.cdn.prod",
  oauth1: "oauth_signature_method",
  oauth2: "grant-type:jwt-bearer",
  sealing: "jwt-qsh installation v1",
  testing: "on the fake network",
} as const;
type Mark = keyof typeof MARKS;

/** Door by door, one export and the parts that it may bring along. */
const ASKED: readonly [door: string, name: string, ...parts: Mark[]][] = [
  ["index", "base64url"],
  ["index", "isAuthError"],
  ["index", "secretKey"],
  ["index", "canonicalRequest", "qsh"],
  ["index", "qsh", "qsh", "noble"],
  ["index", "explainQsh", "qsh", "noble", "explanation", "fetching"],
  ["index", "decodeJwt", "reading"],
  // The table of algorithms is one, and the key decides at run time.
  ["index", "signJwt", "noble", "webcrypto", "rsa"],
  ["index", "verifyJwt", "noble", "webcrypto", "rsa", "reading"],
  ["index", "publicKey", "webcrypto", "rsa", "pem"],
  ["sync", "signJwtSync", "noble"],
  ["sync", "syncEngine", "noble"],
  ["connect", "memoryInstallations"],
  ["connect", "memoryReplayGuard"],
  ["connect", "explainToken"],
  ["connect", "createConnectSigner", "qsh", "noble", "webcrypto", "rsa"],
  ["connect", "createConnectVerifier", "qsh", "noble", "webcrypto", "reading"],
  ["browser", "createContextTokenClient", "fetching", "reading"],
  ["fetch", "createSignedFetch", "fetching"],
  ["forge", "createForgeVerifier", "forge", "fetching", "noble", "webcrypto", "rsa", "pem", "reading"],
  ["oauth1", "signatureBaseString"],
  ["oauth1", "readOAuth1Problem"],
  ["oauth1", "generateKeyPair", "webcrypto", "rsa", "pem"],
  ["oauth1", "createOAuth1Signer", "oauth1", "webcrypto", "rsa", "pem", "pbes2"],
  ["oauth2", "kvTokenCache"],
  ["oauth2", "createBearerSigner"],
  ["oauth2", "parseTokenResponse", "fetching"],
  ["oauth2", "createUserTokenSource", "oauth2", "fetching", "noble", "webcrypto", "rsa"],
  ["stores", "cachedInstallations"],
  // A long name of a record is its hash.
  ["stores", "kvInstallations", "noble"],
  ["stores", "encryptedInstallations", "sealing", "webcrypto"],
  ["adapters", "toResponse"],
  ["adapters", "withVerifier"],
  ["node", "toRequest"],
  ["node", "expressMiddleware"],
  ["hono", "honoMiddleware"],
  ["testing", "createFakeDataCenter", "testing", "oauth1", "webcrypto", "rsa", "forge", "fetching"],
];

const manifest = JSON.parse(readFileSync(projectPath("package.json"), "utf8")) as { exports: Record<string, unknown> };
const doors = Object.keys(manifest.exports)
  .filter((subpath) => subpath !== "./package.json")
  .map((subpath) => (subpath === "." ? "index" : subpath.slice(2)));

/** What is loaded when it is asked for is a bundle of its own. */
const withoutDynamicImports: Plugin = {
  name: "without-dynamic-imports",
  setup: ({ onResolve }) =>
    onResolve({ filter: /.*/ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : undefined)),
};

async function bundle(contents: string, options: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: projectPath("") },
    bundle: true,
    write: false,
    format: "esm",
    minify: true,
    logLevel: "silent",
    plugins: [withoutDynamicImports],
    ...options,
  });
  return outputFiles?.map(({ text }) => text).join("\n") ?? "";
}

function partsOf(code: string): Mark[] {
  return (Object.keys(MARKS) as Mark[]).filter((mark) => code.includes(MARKS[mark]));
}

describe("one export", () => {
  const seen = new Set<Mark>();

  test.each(ASKED)("of %s: %s", async (door, name, ...parts) => {
    const found = partsOf(await bundle(`import { ${name} } from "./dist/${door}.js"; console.log(${name});`));
    for (const mark of found) seen.add(mark);
    expect(found.filter((mark) => !parts.includes(mark))).toEqual([]);
  });

  test("every door was asked, and every mark is one that can be found", () => {
    expect([...new Set(ASKED.map(([door]) => door))]).toEqual(expect.arrayContaining(doors));
    expect([...seen].sort()).toEqual(Object.keys(MARKS).sort());
  });
});

describe("all of a door", () => {
  test.each(doors.filter((door) => door !== "testing"))("%s holds nothing of jwt-qsh/testing", async (door) => {
    const code = await bundle(`import * as all from "./dist/${door}.js"; console.log(all);`);
    expect(code.length).toBeGreaterThan(1000);
    expect(partsOf(code)).not.toContain("testing");
  });
});

describe("importing a door, and using nothing of it", () => {
  const importing = (door: string): string => `import "./dist/${door}.js";`;

  test.each(doors)("%s is an empty bundle", async (door) => {
    expect((await bundle(importing(door))).trim()).toBe("");
  });

  // The bundle is empty because package.json says so. That it may say so is shown without its word: in a realm where
  // everything of the language is frozen and nothing of a platform is there, the code of all doors loads.
  describe("does nothing", () => {
    const FREEZE = `for (const name of Object.getOwnPropertyNames(globalThis)) {
      const value = globalThis[name];
      if (Object(value) !== value || value === globalThis) continue;
      Object.freeze(value);
      if (value.prototype) Object.freeze(value.prototype);
    }`;
    const realm = (): object => {
      const context = createContext({});
      runInContext(FREEZE, context);
      return context;
    };
    let code: ReadonlyMap<string, string>;
    beforeAll(async () => {
      const options: BuildOptions = { format: "iife", ignoreAnnotations: true, minify: false };
      const load = async (door: string) => [door, await bundle(`"use strict"; ${importing(door)}`, options)] as const;
      code = new Map(await Promise.all(doors.map(load)));
    });

    test.each(doors)("%s", (door) => {
      const context = realm();
      const before = runInContext("Reflect.ownKeys(globalThis).length", context) as number;
      runInContext(code.get(door) ?? "throw new Error('no code')", context);
      expect(runInContext("Reflect.ownKeys(globalThis).length", context)).toBe(before);
    });

    test("a realm that tells", () => {
      expect(() => runInContext('"use strict"; Array.prototype.last = 1;', realm())).toThrow("not extensible");
      expect(() => runInContext("new TextEncoder();", realm())).toThrow("TextEncoder is not defined");
    });
  });
});
